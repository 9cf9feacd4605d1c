// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";

/// @title Requests that are priced together, later.
/// @dev One queue turns what is given (coins or shares) into what is received (shares or coins). Requests join the
/// open epoch; at the cutoff the epoch closes and its requests are due; a strike prices what is due, of all accounts in
/// the same proportion.
/// ACCOUNT what an account waits for is in two parts: that of its newest epoch, and everything older. A third part is
/// never needed: when the next epoch opens, both are due, and from then on every strike covers both.
/// ROUNDING what a strike uses up of an account's part is rounded up and what the account receives is rounded down, so
/// that neither the sum of what is received exceeds what was struck nor the sum of what is left exceeds what is due.
library RequestQueue {
    using SafeCast for uint256;

    /// @dev What one strike gave for what.
    struct Strike {
        uint128 due; // given, before the strike
        uint128 struck; // of what was due
        uint128 received; // for what was struck
        uint32 epoch; // the last one that it covers
    }

    /// @dev What one controller has in the queue. The second slot is used from the first strike on that an account has
    /// seen, the third from its first older part on: before that nobody pays for looking at them.
    struct Account {
        uint128 newer; // given in `newerEpoch`, not struck
        uint32 newerEpoch;
        uint32 newerSince; // number of strikes that `newer` is past
        uint32 olderEpoch;
        uint32 claimEpoch; // the newest epoch in `given`
        uint128 given; // struck, not claimed
        uint128 receivable; // for `given`
        uint128 older; // given up to `olderEpoch`, not struck
        uint32 olderSince; // number of strikes that `older` is past
    }

    /// @dev A queue; the open epoch starts at zero and its id is one more than the last closed one.
    struct Queue {
        uint32 closed; // id of the last closed epoch
        uint32 week; // of the newest request
        uint128 open; // given in the open epoch
        uint16 swing; // {bps} of the open epoch
        uint16 dueSwing; // {bps} of what is due: the mean by amount, rounded up
        bool isReleased; // a start passed by what is due: it may be taken back until the next strike
        uint128 due; // given in closed epochs, not struck
        Strike[] strikes;
        mapping(address controller => Account) accounts;
    }

    /// @dev Adds a request to the open epoch and returns the epoch's id.
    function add(
        Queue storage self,
        address controller,
        uint256 amount,
        uint256 week
    ) internal returns (uint256 epoch) {
        closePastWeeks(self, week);
        Account memory account = settled(self, controller);
        uint32 strikes = self.strikes.length.toUint32();
        epoch = uint256(self.closed) + 1;
        if (account.newer != 0 && account.newerEpoch != epoch) {
            account.older += account.newer;
            (account.olderEpoch, account.olderSince) = (account.newerEpoch, strikes);
            account.newer = 0;
        }
        account.newer += amount.toUint128();
        (account.newerEpoch, account.newerSince) = (epoch.toUint32(), strikes);
        put(self, controller, account);
        self.open += amount.toUint128();
        self.week = week.toUint32();
    }

    /// @dev Hands everything that is claimable to a controller, and returns what it gave for it.
    function takeAll(Queue storage self, address controller) internal returns (uint256 given, uint256 received) {
        Account memory account = settled(self, controller);
        (given, received) = (account.given, account.receivable);
        if (given != 0) _take(self, controller, account, given, received);
    }

    /// @dev Takes a controller's request out of the open epoch, or out of what is due and released, and returns its
    /// amount.
    function cancel(
        Queue storage self,
        address controller,
        uint256 epoch,
        uint256 week
    ) internal returns (uint256 amount) {
        if (self.isReleased && epoch <= self.closed) return _cancelReleased(self, controller, epoch);
        Account storage account = self.accounts[controller];
        amount = account.newer;
        bool isOpen = epoch == uint256(self.closed) + 1 && self.week == week;
        require(isOpen && amount != 0 && account.newerEpoch == epoch, IIndexVault.RequestNotCancellable(epoch));
        account.newer = 0;
        // Safe because it was read as 128 bits.
        self.open -= uint128(amount);
    }

    /// @dev Makes the open epoch due if no request of the present week is in it.
    function closePastWeeks(Queue storage self, uint256 week) internal {
        if (self.week < week) closeNow(self);
    }

    /// @dev Makes the open epoch due, if anything is in it.
    function closeNow(Queue storage self) internal {
        if (self.open == 0) return;
        // Safe because a mean is at most the larger of the two.
        self.dueSwing = uint16(swingWith(self, self.open));
        self.due += self.open;
        self.open = 0;
        self.closed += 1;
    }

    /// @dev {bps} The swing of what is due when `joining` of the open epoch is due with it: the mean by amount, rounded
    /// up.
    function swingWith(Queue storage self, uint256 joining) internal view returns (uint256) {
        uint256 sum = self.due + joining;
        if (sum == 0) return 0;
        return Math.ceilDiv(self.due * uint256(self.dueSwing) + joining * self.swing, sum);
    }

    /// @dev Prices `struck` of what is due, of every account the same part, and returns the last epoch that this covers.
    function strike(Queue storage self, uint256 struck, uint256 received) internal returns (uint256 epoch) {
        epoch = self.closed;
        (uint128 struck128, uint128 received128) = (struck.toUint128(), received.toUint128());
        self.strikes.push(Strike({due: self.due, struck: struck128, received: received128, epoch: self.closed}));
        self.due -= struck128;
        self.isReleased = false;
    }

    /// @dev What a controller gave in an epoch and waits for. What is older than its last but one request is shown in
    /// that one's epoch.
    function pending(Queue storage self, uint256 epoch, address controller) internal view returns (uint256 amount) {
        Account memory account = settled(self, controller);
        if (epoch == account.newerEpoch) amount += account.newer;
        if (epoch == account.olderEpoch) amount += account.older;
    }

    /// @dev What a controller gave in an epoch and can claim for. What it left from earlier epochs is shown in the
    /// newest one.
    function claimable(Queue storage self, uint256 epoch, address controller) internal view returns (uint256) {
        Account memory account = settled(self, controller);
        return epoch == account.claimEpoch ? account.given : 0;
    }

    /// @dev The account with everything in it that has been struck so far.
    function settled(Queue storage self, address controller) internal view returns (Account memory account) {
        account = stored(self, controller);
        (account.older, account.olderSince) = _apply(
            self,
            account,
            account.older,
            account.olderEpoch,
            account.olderSince
        );
        (account.newer, account.newerSince) = _apply(
            self,
            account,
            account.newer,
            account.newerEpoch,
            account.newerSince
        );
    }

    /// @dev Claims for a part of what was given. Returns what is received, rounded down.
    function claimGiven(Queue storage self, address controller, uint256 given) internal returns (uint256 received) {
        Account memory account = settled(self, controller);
        require(given <= account.given, IIndexVault.AboveClaimable(given, account.given));
        if (given != 0) received = Math.mulDiv(given, account.receivable, account.given);
        _take(self, controller, account, given, received);
    }

    /// @dev Claims an exact amount. Returns the part of what was given that this uses up, rounded up.
    function claimReceived(Queue storage self, address controller, uint256 received) internal returns (uint256 given) {
        Account memory account = settled(self, controller);
        require(received <= account.receivable, IIndexVault.AboveClaimable(received, account.receivable));
        if (received != 0) given = Math.mulDiv(received, account.given, account.receivable, Math.Rounding.Ceil);
        _take(self, controller, account, given, received);
    }

    /// @dev The account as it was left. Ids of epochs begin with one.
    function stored(Queue storage self, address controller) internal view returns (Account memory account) {
        Account storage kept = self.accounts[controller];
        (account.newer, account.newerEpoch, account.newerSince) = (kept.newer, kept.newerEpoch, kept.newerSince);
        (account.olderEpoch, account.claimEpoch) = (kept.olderEpoch, kept.claimEpoch);
        if (account.claimEpoch != 0) (account.given, account.receivable) = (kept.given, kept.receivable);
        if (account.olderEpoch != 0) (account.older, account.olderSince) = (kept.older, kept.olderSince);
    }

    /// @dev Leaves an account as `stored` reads it.
    function put(Queue storage self, address controller, Account memory account) internal {
        Account storage kept = self.accounts[controller];
        (kept.newer, kept.newerEpoch, kept.newerSince) = (account.newer, account.newerEpoch, account.newerSince);
        (kept.olderEpoch, kept.claimEpoch) = (account.olderEpoch, account.claimEpoch);
        if (account.claimEpoch != 0) (kept.given, kept.receivable) = (account.given, account.receivable);
        if (account.olderEpoch != 0) (kept.older, kept.olderSince) = (account.older, account.olderSince);
    }

    /// @dev What is older than the last but one request is taken out with that one.
    function _cancelReleased(Queue storage self, address controller, uint256 epoch) private returns (uint256 amount) {
        Account memory account = settled(self, controller);
        if (epoch == account.newerEpoch) (amount, account.newer) = (account.newer, 0);
        if (epoch == account.olderEpoch) (amount, account.older) = (amount + account.older, 0);
        require(amount != 0, IIndexVault.RequestNotCancellable(epoch));
        put(self, controller, account);
        self.due -= amount.toUint128();
        if (self.due == 0) self.isReleased = false;
    }

    /// @dev Applies the strikes that an account has not seen to one of its parts; returns what is left of the part and
    /// the number of strikes that it is past then. The loop is short: it passes over the strikes of the week in which
    /// the epoch was open, at most one a target, and ends with the first strike that pays everything.
    function _apply(
        Queue storage self,
        Account memory account,
        uint128 amount,
        uint32 epoch,
        uint32 since
    ) private view returns (uint128 left, uint32 number) {
        if (amount == 0) return (0, since);
        (left, number) = (amount, since);
        for (uint256 count = self.strikes.length; number < count && left != 0; number++) {
            Strike memory last = self.strikes[number];
            if (last.epoch < epoch) continue;
            uint256 before = left;
            left = Math.mulDiv(before, last.due - last.struck, last.due).toUint128();
            account.receivable += Math.mulDiv(before, last.received, last.due).toUint128();
            account.given += before.toUint128() - left;
            account.claimEpoch = epoch;
        }
    }

    function _take(
        Queue storage self,
        address controller,
        Account memory account,
        uint256 given,
        uint256 received
    ) private {
        account.given -= given.toUint128();
        account.receivable -= received.toUint128();
        put(self, controller, account);
    }
}
