// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IERC7540} from "../interfaces/IERC7540.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {FIRST_MONDAY, WEEK} from "../libraries/FundConstants.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {RequestQueue} from "../libraries/RequestQueue.sol";
import {Record} from "./Record.sol";

/// @title Both queues of requests, their strikes and their lines in the ledger.
/// @dev A library with code of its own, called by delegation, for the size of the vault. It moves neither coins nor
/// shares: the vault does, with what is returned here.
library RequestBook {
    using Record for LedgerHead.State;
    using RequestQueue for RequestQueue.Queue;

    /// @dev Everything that waits for a strike or for a claim.
    struct Book {
        RequestQueue.Queue deposits; // {tok} for {share}
        RequestQueue.Queue redemptions; // {share} for {tok}
        uint256 setAside; // {tok}
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

    /* REQUESTS */

    /// @dev Adds a deposit request and returns its epoch.
    function requestDeposit(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address owner,
        uint256 assets
    ) public returns (uint256 epoch) {
        epoch = self.deposits.add(controller, assets, week());
        emit IERC7540.DepositRequest(controller, owner, epoch, msg.sender, assets);
        ledger.depositRequested(controller, owner, epoch, assets);
    }

    /// @dev Adds a redemption request and returns its epoch.
    function requestRedeem(
        Book storage self,
        LedgerHead.State storage ledger,
        address controller,
        address owner,
        uint256 shares
    ) public returns (uint256 epoch) {
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
        Price memory price
    ) public returns (uint256 assets, uint256 shares) {
        assets = self.deposits.due;
        if (assets == 0) return (0, 0);
        bool isNew = price.supply < DUST_SUPPLY;
        require(isNew || price.nav != 0, IIndexVault.SharesWithoutValue(price.supply));

        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        uint256 value = Math.mulDiv(assets, price.coin, price.unit);
        // {share} = D18{USD} * {share} / D18{USD}; the first share is worth one USD
        shares = isNew ? value : Math.mulDiv(value, price.supply, price.nav);
        uint256 epoch = self.deposits.strike(assets, shares);
        ledger.depositsStruck(epoch, assets, shares, price.nav, price.supply);
    }

    /// @dev Prices due redemptions as far as `available` {tok} reaches: all in the same proportion, and the rest stays
    /// due. `shares` {share} of them became `assets` {tok} that are set aside; the vault burns and books them out.
    function strikeRedemptions(
        Book storage self,
        LedgerHead.State storage ledger,
        Price memory price,
        uint256 available
    ) public returns (uint256 shares, uint256 assets) {
        (shares, assets) = owed(self, price);
        if (assets > available) {
            // One unit counts as none.
            if (available <= 1) return (0, 0);
            // {share} = {share} * {tok} / {tok}, rounded up: against those who leave
            (shares, assets) = (Math.mulDiv(shares, available, assets, Math.Rounding.Ceil), available);
        }
        payOut(self, ledger, price, shares, assets);
    }

    /// @dev As `strikeRedemptions`, but everything that is due, or nothing.
    function strikeAllRedemptions(
        Book storage self,
        LedgerHead.State storage ledger,
        Price memory price,
        uint256 available
    ) public returns (uint256 shares, uint256 assets) {
        (shares, assets) = owed(self, price);
        require(assets <= available, IIndexVault.CashShort(assets, available));
        payOut(self, ledger, price, shares, assets);
    }

    /* INTERNALS */

    /// @dev What is due, and {tok} that it is worth, rounded down.
    function owed(Book storage self, Price memory price) private view returns (uint256 shares, uint256 assets) {
        shares = self.redemptions.due;
        if (shares == 0) return (0, 0);
        // D18{USD} = {share} * D18{USD} / {share}
        uint256 value = Math.mulDiv(shares, price.nav, price.supply);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        assets = Math.mulDiv(value, price.unit, price.coin);
    }

    /// @dev Sets `assets` {tok} aside for `shares` {share} of what is due.
    function payOut(
        Book storage self,
        LedgerHead.State storage ledger,
        Price memory price,
        uint256 shares,
        uint256 assets
    ) private {
        if (shares == 0) return;
        uint256 epoch = self.redemptions.strike(shares, assets);
        self.setAside += assets;
        ledger.redemptionsStruck(epoch, shares, assets, price.nav, price.supply);
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
        self.setAside -= assets;
        emit IERC7540.Withdraw(msg.sender, receiver, controller, assets, shares);
        ledger.redemptionClaimed(controller, receiver, shares, assets);
    }

    function week() private view returns (uint256) {
        return (block.timestamp - FIRST_MONDAY) / WEEK;
    }
}
