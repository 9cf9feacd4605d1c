// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {IVaultRecord} from "../interfaces/IVaultRecord.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {BPS, GUARDIAN_ROLE} from "../libraries/FundConstants.sol";

/// @title On what terms money comes in and stays: swing, management fee, deposit cap and pause.
/// @dev A library with code of its own, called by delegation, for the size of the vault.
/// ROLES whatever is stricter for depositors' money, guardian or owner may do at once: they are looked up in the
/// AccessManager directly, so that a closed manager target cannot stop them. What loosens is the owner's, with the delay;
/// a pause is the guardian's alone and over by itself before that delay could be.
library Terms {
    using SafeCast for uint256;

    /// @dev One slot a purpose, so that a request reads one and a trade none.
    struct State {
        uint64 costs; // four of {bps} 16 bits each, the newest lowest
        uint8 finished; // number of costs, at most four
        bool isBull; // regime of the last start
        // the next slot
        uint16 bullFee; // {bps} a year
        uint16 bearFee; // {bps} a year
        uint40 accruedAt; // {s}
        address recipient;
        // the next slot
        uint96 cap; // D18{USD}
        uint96 nav; // D18{USD} last known
        uint64 pausedUntil; // {s}
    }

    /// @dev Of the AccessManager; the owner.
    uint64 private constant ADMIN_ROLE = 0;
    /// @dev {bps} The swing is at least this in a bull regime: 0.3%.
    uint256 internal constant LEAST_BULL_SWING = 30;
    /// @dev {bps} and at most this, always: 1%.
    uint256 internal constant MOST_SWING = 100;
    /// @dev {bps} a year, at most: 2% in a bull regime and 0.5% in stablecoins.
    uint16 internal constant MOST_BULL_FEE = 200;
    uint16 internal constant MOST_BEAR_FEE = 50;
    /// @dev {s} The longest pause of deposits, and the shortest time between two.
    uint64 private constant LONGEST_PAUSE = 7 days;
    uint64 private constant PAUSE_GAP = 7 days;

    /* SWING */

    /// @dev Remembers what a rebalance cost {bps}.
    function addCost(State storage self, uint256 cost) public {
        // Safe because of the minimum.
        self.costs = (self.costs << 16) | uint64(Math.min(cost, type(uint16).max));
        if (self.finished < 4) self.finished++;
    }

    /// @dev {bps} The mean cost of the last four rebalances, rounded up, within its bounds.
    function swing(State storage self) internal view returns (uint256) {
        uint256 sum = 0;
        for (uint256 costs = self.costs; costs != 0; costs >>= 16) sum += costs & type(uint16).max;
        uint256 mean = self.finished == 0 ? 0 : Math.ceilDiv(sum, self.finished);
        if (self.isBull) mean = Math.max(mean, LEAST_BULL_SWING);
        return Math.min(mean, MOST_SWING);
    }

    /* FEE */

    /// @dev {share} What the recipient gets for the time since the last accrual, rounded down. The caller mints it.
    function accrue(
        State storage self,
        uint256 supply
    ) public returns (uint256 shares, address recipient, uint256 rate) {
        rate = self.isBull ? self.bullFee : self.bearFee;
        recipient = self.recipient;
        // {share} = {share} * {bps/year} * {s} / ({bps} * {s/year}); no product comes near 2^256
        shares = (supply * rate * (block.timestamp - self.accruedAt)) / (BPS * 365 days);
        // Safe because 2^40 seconds are 34,000 years.
        self.accruedAt = uint40(block.timestamp);
    }

    /// @dev Raises rates, or keeps them, and names who gets the fee.
    function raiseFees(State storage self, uint16 bull, uint16 bear, address recipient) public {
        requireWithin(bull, self.bullFee, MOST_BULL_FEE);
        requireWithin(bear, self.bearFee, Math.min(bull, MOST_BEAR_FEE));
        require(recipient != address(0), IIndexVault.FeeRecipientMissing());
        setFees(self, bull, bear, recipient);
    }

    /// @dev Lowers rates, or keeps them.
    function lowerFees(State storage self, address authority, uint16 bull, uint16 bear) public {
        requireGuardianOrOwner(authority);
        requireWithin(bull, 0, self.bullFee);
        requireWithin(bear, 0, Math.min(bull, self.bearFee));
        setFees(self, bull, bear, self.recipient);
    }

    /* CAP AND PAUSE */

    /// @dev Reverts when `pending` {tok} together with the last known NAV are above the cap, or deposits are paused.
    function requireOpen(State storage self, uint256 pending, uint256 unit) internal view {
        (uint256 cap, uint256 until) = (self.cap, self.pausedUntil);
        require(block.timestamp >= until, IIndexVault.DepositsArePaused(until));
        if (cap == type(uint96).max) return;
        // D18{USD} = D18{USD} + {tok} * D18{USD/wholeTok} / {tok/wholeTok}; a coin counts as a dollar
        uint256 value = self.nav + Math.mulDiv(pending, 1e18, unit, Math.Rounding.Ceil);
        require(value <= cap, IIndexVault.DepositCapReached(value, cap));
    }

    /// @dev Remembers the NAV, as far as a cap can go.
    function noteNav(State storage self, uint256 nav) internal {
        // Safe because of the minimum.
        self.nav = uint96(Math.min(nav, type(uint96).max));
    }

    function raiseCap(State storage self, uint256 cap) public {
        requireWithin(cap, self.cap, type(uint96).max);
        setCap(self, cap);
    }

    function lowerCap(State storage self, address authority, uint256 cap) public {
        requireGuardianOrOwner(authority);
        requireWithin(cap, 0, self.cap);
        setCap(self, cap);
    }

    /// @dev Pauses deposits for a time {s}; then there is no pause for at least as long as {PAUSE_GAP}.
    function pause(State storage self, address authority, uint256 duration) public {
        require(hasRole(authority, GUARDIAN_ROLE), IRebalancer.RoleMissing(msg.sender, GUARDIAN_ROLE));
        requireWithin(duration, 1, LONGEST_PAUSE);
        uint256 from = self.pausedUntil == 0 ? 0 : uint256(self.pausedUntil) + PAUSE_GAP;
        require(block.timestamp >= from, IIndexVault.PauseTooSoon(from));
        self.pausedUntil = (block.timestamp + duration).toUint64();
        emit IVaultRecord.DepositsPaused(msg.sender, self.pausedUntil);
    }

    /* INTERNALS */

    function setFees(State storage self, uint16 bull, uint16 bear, address recipient) private {
        (self.bullFee, self.bearFee, self.recipient) = (bull, bear, recipient);
        // Safe because 2^40 seconds are 34,000 years. What came before was accrued at the former rates.
        self.accruedAt = uint40(block.timestamp);
        emit IVaultRecord.FeesChanged(bull, bear, recipient);
    }

    function setCap(State storage self, uint256 cap) private {
        self.cap = cap.toUint96();
        emit IVaultRecord.DepositCapChanged(cap);
    }

    function requireWithin(uint256 value, uint256 lowest, uint256 highest) private pure {
        require(lowest <= value && value <= highest, IIndexVault.TermOutOfRange(value, lowest, highest));
    }

    function requireGuardianOrOwner(address authority) private view {
        require(
            hasRole(authority, GUARDIAN_ROLE) || hasRole(authority, ADMIN_ROLE),
            IRebalancer.RoleMissing(msg.sender, GUARDIAN_ROLE)
        );
    }

    function hasRole(address authority, uint64 role) private view returns (bool isMember) {
        (isMember, ) = IAccessManager(authority).hasRole(role, msg.sender);
    }
}
