// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IERC7540} from "../interfaces/IERC7540.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {DepositCoin} from "../libraries/DepositCoin.sol";
import {BPS, FIRST_MONDAY, WEEK} from "../libraries/FundConstants.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {RequestQueue} from "../libraries/RequestQueue.sol";
import {Record} from "./Record.sol";
import {Terms} from "./Terms.sol";

/// @title Both queues of requests, their strikes and their lines in the ledger.
/// @dev A library with code of its own, called by delegation, for the size of the vault. It moves no shares: the vault
/// does, with what is returned here.
/// SWING what a request costs is fixed when its epoch opens and stays in the fund. What is struck together has one
/// swing. It is for those who stay: without them, in an empty fund or when everybody leaves, there is none.
/// COIN a deposit coin counts at most a dollar when it comes in and at least a dollar when it goes out. Outside its peg
/// band, or with a price of zero when too little of the fund is priced, deposits are not struck; what a start passed by
/// may be taken back until it is struck.
library RequestBook {
    using Record for LedgerHead.State;
    using RequestQueue for RequestQueue.Queue;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using Terms for Terms.State;

    /// @dev Everything that waits for a strike or for a claim.
    struct Book {
        RequestQueue.Queue deposits; // {tok} for {share}
        RequestQueue.Queue redemptions; // {share} for {tok}
        uint128 setAside; // {tok}
        uint64 unpriced; // strikes of redemptions up to the newest that could not price everything
    }

    /// @dev What is asked for by whom.
    struct Request {
        address controller;
        address owner;
        uint256 amount; // {tok} or {share}
        bool isByClaimant; // the caller may claim for the controller
    }

    /// @dev At which a strike prices.
    struct Price {
        uint256 nav; // D18{USD}
        uint256 coin; // D18{USD/wholeTok} of the deposit coin
        uint256 unit; // {tok/wholeTok} of the deposit coin
        uint256 supply; // {share}
    }

    /// @dev {share} Less than this in all is nobody's and prices no deposit: who holds the last units of a fund could
    /// otherwise make one unit worth more than a deposit, or worth nothing, and no deposit could be struck.
    uint256 internal constant DUST_SUPPLY = 1e15;

    /* VIEWS */

    /// @dev See RequestQueue.
    function pendingOf(
        RequestQueue.Queue storage queue,
        uint256 epoch,
        address controller
    ) public view returns (uint256) {
        return queue.pending(epoch, controller);
    }

    /// @dev See RequestQueue.
    function claimableOf(
        RequestQueue.Queue storage queue,
        uint256 epoch,
        address controller
    ) public view returns (uint256) {
        return queue.claimable(epoch, controller);
    }

    /// @dev What a controller can claim for, and what it gets for all of that.
    function claimsOf(
        RequestQueue.Queue storage queue,
        address controller
    ) public view returns (uint256 given, uint256 receivable) {
        RequestQueue.Account memory account = queue.settled(controller);
        return (account.given, account.receivable);
    }

    /// @dev {bps} Of the epoch that a request would join now.
    function swingOf(RequestQueue.Queue storage queue, Terms.State storage terms) internal view returns (uint256) {
        return queue.open != 0 && queue.week == week() ? queue.swing : terms.swing();
    }

    /// @dev {bps} Of the deposits that are due in a week, once the epochs before it are closed.
    function swingDue(Book storage self, uint256 inWeek) public view returns (uint256) {
        return self.deposits.swingWith(self.deposits.week < inWeek ? self.deposits.open : 0);
    }

    /// @dev Everything that a depositor should know before a request.
    function conditions(
        Book storage self,
        Terms.State storage terms
    ) public view returns (IIndexVault.Conditions memory) {
        return
            IIndexVault.Conditions({
                depositSwing: swingOf(self.deposits, terms),
                redemptionSwing: swingOf(self.redemptions, terms),
                bullFee: terms.bullFee,
                bearFee: terms.bearFee,
                accruedAt: terms.accruedAt,
                recipient: terms.recipient,
                depositCap: terms.cap,
                lastNav: terms.nav,
                pausedUntil: terms.pausedUntil
            });
    }

    /* REQUESTS */

    /// @dev Adds a deposit request and returns its epoch, and the {share} of earlier ones that go to the controller.
    function requestDeposit(
        Book storage self,
        LedgerHead.State storage ledger,
        Terms.State storage terms,
        Request memory request,
        uint256 unit
    ) public returns (uint256 epoch, uint256 claimed) {
        (address controller, address owner, uint256 assets) = (request.controller, request.owner, request.amount);
        terms.requireOpen(uint256(self.deposits.due) + self.deposits.open + assets, unit);
        if (request.isByClaimant) {
            uint256 given;
            (given, claimed) = self.deposits.takeAll(controller);
            if (given != 0) recordDepositClaim(ledger, controller, controller, given, claimed);
        }
        open(self.deposits, terms);
        epoch = self.deposits.add(controller, assets, week());
        emit IERC7540.DepositRequest(controller, owner, epoch, msg.sender, assets);
        ledger.depositRequested(controller, owner, epoch, assets);
    }

    /// @dev Adds a redemption request and returns its epoch. Coins of earlier ones go to the controller; when they
    /// cannot, they stay claimable.
    function requestRedeem(
        Book storage self,
        LedgerHead.State storage ledger,
        Terms.State storage terms,
        Request memory request,
        IERC20 coin
    ) public returns (uint256 epoch) {
        (address controller, address owner, uint256 shares) = (request.controller, request.owner, request.amount);
        open(self.redemptions, terms);
        if (request.isByClaimant) sendClaimable(self, ledger, controller, coin);
        epoch = self.redemptions.add(controller, shares, week());
        emit IERC7540.RedeemRequest(controller, owner, epoch, msg.sender, shares);
        ledger.redemptionRequested(controller, owner, epoch, shares);
    }

    /// @dev Takes a deposit request out of the open epoch.
    function cancelDeposit(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address receiver,
        uint256 epoch
    ) public returns (uint256 assets) {
        assets = self.deposits.cancel(controller, epoch, week());
        ledger.depositCancelled(controller, receiver, epoch, assets);
    }

    /// @dev Takes a redemption request out of the open epoch.
    function cancelRedeem(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address receiver,
        uint256 epoch
    ) public returns (uint256 shares) {
        shares = self.redemptions.cancel(controller, epoch, week());
        ledger.redemptionCancelled(controller, receiver, epoch, shares);
    }

    /* CLAIMS */

    /// @dev Claims the shares for `assets` {tok}.
    function claimDeposit(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address receiver,
        uint256 assets
    ) public returns (uint256 shares) {
        shares = self.deposits.claimGiven(controller, assets);
        recordDepositClaim(ledger, controller, receiver, assets, shares);
    }

    /// @dev Claims exactly `shares` {share}.
    function claimMint(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address receiver,
        uint256 shares
    ) public returns (uint256 assets) {
        assets = self.deposits.claimReceived(controller, shares);
        recordDepositClaim(ledger, controller, receiver, assets, shares);
    }

    /// @dev Claims the money for `shares` {share}.
    function claimRedeem(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address receiver,
        uint256 shares
    ) public returns (uint256 assets) {
        assets = self.redemptions.claimGiven(controller, shares);
        recordRedemptionClaim(self, ledger, controller, receiver, shares, assets);
    }

    /// @dev Claims exactly `assets` {tok}.
    function claimWithdraw(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address receiver,
        uint256 assets
    ) public returns (uint256 shares) {
        shares = self.redemptions.claimReceived(controller, assets);
        recordRedemptionClaim(self, ledger, controller, receiver, shares, assets);
    }

    /* STRIKES */

    /// @dev Closes the open epoch of both queues if its week has ended.
    function closePastWeeks(Book storage self) public {
        self.deposits.closePastWeeks(week());
        self.redemptions.closePastWeeks(week());
    }

    /// @dev Closes the open epoch of both queues now.
    function closeNow(Book storage self) public {
        self.deposits.closeNow();
        self.redemptions.closeNow();
    }

    /// @dev Prices all due deposits: `assets` {tok} become `shares` {share}, which the vault mints.
    function strikeDeposits(
        Book storage self,
        LedgerHead.State storage ledger,
        Terms.State storage terms,
        Price memory price
    ) public returns (uint256 assets, uint256 shares) {
        assets = self.deposits.due;
        if (assets == 0) return (0, 0);
        if (!DepositCoin.isOnPeg(price.coin)) {
            self.deposits.isReleased = true;
            return (0, 0);
        }
        uint256 swing;
        (shares, swing) = sharesFor(assets, self.deposits.dueSwing, price);
        uint256 epoch = self.deposits.strike(assets, shares);
        terms.noteNav(price.nav + Math.mulDiv(assets, price.coin, price.unit));
        ledger.depositsStruck(epoch, assets, shares, price.nav, price.supply, swing);
    }

    /// @dev Prices due redemptions as far as `available` {tok} reaches: all in the same proportion, and the rest stays
    /// due. `shares` {share} of them became `assets` {tok} that are set aside; the vault burns and books them out.
    function strikeRedemptions(
        Book storage self,
        LedgerHead.State storage ledger,
        Terms.State storage terms,
        Price memory price,
        uint256 available
    ) public returns (uint256 shares, uint256 assets) {
        uint256 swing;
        (shares, assets, swing) = owed(self, price);
        if (assets > available) {
            // One unit counts as none.
            if (available <= 1) return (0, 0);
            // {share} = {share} * {tok} / {tok}, rounded up: against those who leave
            (shares, assets) = (Math.mulDiv(shares, available, assets, Math.Rounding.Ceil), available);
        }
        payOut(self, ledger, price, shares, assets, swing);
        terms.noteNav(Math.saturatingSub(price.nav, Math.mulDiv(assets, price.coin, price.unit)));
    }

    /// @dev As `strikeRedemptions`, but everything that is due, or nothing.
    function strikeAllRedemptions(
        Book storage self,
        LedgerHead.State storage ledger,
        Terms.State storage terms,
        Price memory price,
        uint256 available
    ) public returns (uint256 shares, uint256 assets) {
        (, assets, ) = owed(self, price);
        require(assets <= available, IIndexVault.CashShort(assets, available));
        return strikeRedemptions(self, ledger, terms, price, available);
    }

    /* INTERNALS */

    /// @dev Closes the open epoch if its week has ended, and fixes the swing of one that opens.
    function open(RequestQueue.Queue storage queue, Terms.State storage terms) private {
        queue.closePastWeeks(week());
        // Safe because a swing is at most a hundred.
        if (queue.open == 0) queue.swing = uint16(terms.swing());
    }

    /// @dev Pays what a controller can claim, if the coin moves; until it has, nothing is changed. The vault lets nobody
    /// in meanwhile.
    function sendClaimable(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        IERC20 coin
    ) private {
        (uint256 given, uint256 assets) = claimsOf(self.redemptions, controller);
        if (given == 0 || !coin.trySafeTransfer(controller, assets)) return;
        self.redemptions.takeAll(controller);
        recordRedemptionClaim(self, ledger, controller, controller, given, assets);
    }

    /// @dev {share} for `assets` {tok}, rounded down, and the swing {bps} that was taken.
    function sharesFor(
        uint256 assets,
        uint256 swing,
        Price memory price
    ) private pure returns (uint256 shares, uint256 taken) {
        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        uint256 value = Math.mulDiv(assets, DepositCoin.paidIn(price.coin), price.unit);
        // The first share is worth one USD.
        if (price.supply < DUST_SUPPLY) return (value, 0);
        require(price.nav != 0, IIndexVault.SharesWithoutValue(price.supply));
        // {share} = D18{USD} * {bps} * {share} / (D18{USD} * {bps})
        return (Math.mulDiv(value * (BPS - swing), price.supply, price.nav * BPS), swing);
    }

    /// @dev What is due, {tok} that it is worth, rounded down, and the swing {bps} that was taken.
    function owed(
        Book storage self,
        Price memory price
    ) private view returns (uint256 shares, uint256 assets, uint256 swing) {
        shares = self.redemptions.due;
        if (shares == 0) return (0, 0, 0);
        if (price.supply - shares >= DUST_SUPPLY) swing = self.redemptions.dueSwing;
        // D18{USD} = {share} * {bps} * D18{USD} / ({share} * {bps})
        uint256 value = Math.mulDiv(shares * (BPS - swing), price.nav, price.supply * BPS);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        assets = Math.mulDiv(value, price.unit, DepositCoin.paidOut(price.coin));
    }

    /// @dev Sets `assets` {tok} aside for `shares` {share} of what is due.
    function payOut(
        Book storage self,
        LedgerHead.State storage ledger,
        Price memory price,
        uint256 shares,
        uint256 assets,
        uint256 swing
    ) private {
        if (shares == 0) return;
        uint256 epoch = self.redemptions.strike(shares, assets);
        self.setAside += assets.toUint128();
        ledger.redemptionsStruck(epoch, shares, assets, price.nav, price.supply, swing);
    }

    function recordDepositClaim(
        LedgerHead.State storage ledger,
        address controller,
        address receiver,
        uint256 assets,
        uint256 shares
    ) private {
        emit IERC7540.Deposit(controller, receiver, assets, shares);
        ledger.depositClaimed(controller, receiver, assets, shares);
    }

    function recordRedemptionClaim(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address receiver,
        uint256 shares,
        uint256 assets
    ) private {
        self.setAside -= assets.toUint128();
        emit IERC7540.Withdraw(msg.sender, receiver, controller, assets, shares);
        ledger.redemptionClaimed(controller, receiver, shares, assets);
    }

    function week() private view returns (uint256) {
        return (block.timestamp - FIRST_MONDAY) / WEEK;
    }
}
