// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";

/// @title Requests that are priced together, later.
/// @dev One queue turns what is given (coins or shares) into what is received (shares or coins). Requests join the
/// open epoch; at the cutoff the epoch closes and its requests are due; a strike prices all that is due at once.
/// ROUNDING what an account receives is rounded down, so that the sum over all accounts never exceeds what was struck.
library RequestQueue {
    using Checkpoints for Checkpoints.Trace224;
    using SafeCast for uint256;

    /// @dev What one strike gave for what.
    struct Rate {
        uint128 given;
        uint128 received;
    }

    /// @dev What one controller has in the queue.
    struct Account {
        uint32 epoch; // of the pending request
        uint128 pending; // given, not struck
        uint128 given; // struck, not claimed
        uint128 receivable; // for `given`
    }

    /// @dev A queue; the open epoch starts at zero and its id is one more than the last closed one.
    struct Queue {
        uint32 closed; // id of the last closed epoch
        uint32 week; // of the newest request
        uint128 open; // given in the open epoch
        uint128 due; // given in closed epochs, not struck
        Checkpoints.Trace224 strikes; // last struck epoch => number of the strike, from 1
        Rate[] rates;
        mapping(address controller => Account) accounts;
    }

    /// @dev Adds a request to the open epoch and returns the epoch's id.
    function add(Queue storage self, address controller, uint256 amount, uint256 week) public returns (uint256 epoch) {
        closePastWeeks(self, week);
        Account storage account = settle(self, controller);
        epoch = uint256(self.closed) + 1;
        require(account.pending == 0 || account.epoch == epoch, IIndexVault.EarlierRequestPending(account.epoch));

        account.epoch = epoch.toUint32();
        account.pending += amount.toUint128();
        self.open += amount.toUint128();
        self.week = week.toUint32();
    }

    /// @dev Makes the open epoch due if no request of the present week is in it.
    function closePastWeeks(Queue storage self, uint256 week) internal {
        if (self.week < week) closeNow(self);
    }

    /// @dev Makes the open epoch due, if anything is in it.
    function closeNow(Queue storage self) internal {
        if (self.open == 0) return;
        self.due += self.open;
        self.open = 0;
        self.closed += 1;
    }

    /// @dev Prices everything that is due and returns the last epoch that this covers.
    function strike(Queue storage self, uint256 received) public returns (uint256 epoch) {
        epoch = self.closed;
        self.rates.push(Rate({given: self.due, received: received.toUint128()}));
        self.strikes.push(self.closed, self.rates.length.toUint224());
        self.due = 0;
    }

    /// @dev The account as it would be after `settle`.
    function settled(Queue storage self, address controller) public view returns (Account memory account) {
        account = self.accounts[controller];
        if (account.pending == 0) return account;
        uint256 number = self.strikes.lowerLookup(account.epoch);
        if (number == 0) return account;

        Rate memory rate = self.rates[number - 1];
        account.receivable += Math.mulDiv(account.pending, rate.received, rate.given).toUint128();
        account.given += account.pending;
        account.pending = 0;
    }

    /// @dev Turns a pending request that was struck into something to claim.
    function settle(Queue storage self, address controller) internal returns (Account storage account) {
        account = self.accounts[controller];
        if (account.pending != 0) self.accounts[controller] = settled(self, controller);
    }

    /// @dev Claims for a part of what was given. Returns what is received, rounded down.
    function claimGiven(Queue storage self, address controller, uint256 given) public returns (uint256 received) {
        Account storage account = settle(self, controller);
        require(given <= account.given, IIndexVault.AboveClaimable(given, account.given));
        if (given == 0) return 0;
        received = Math.mulDiv(given, account.receivable, account.given);
        _take(account, given, received);
    }

    /// @dev Claims an exact amount. Returns the part of what was given that this uses up, rounded up.
    function claimReceived(Queue storage self, address controller, uint256 received) public returns (uint256 given) {
        Account storage account = settle(self, controller);
        require(received <= account.receivable, IIndexVault.AboveClaimable(received, account.receivable));
        if (received == 0) return 0;
        given = Math.mulDiv(received, account.given, account.receivable, Math.Rounding.Ceil);
        _take(account, given, received);
    }

    function _take(Account storage account, uint256 given, uint256 received) private {
        account.given -= given.toUint128();
        account.receivable -= received.toUint128();
    }
}
