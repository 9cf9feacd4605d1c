// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {AssetSet} from "./AssetSet.sol";

/// @title Assets that the fund holds and cannot get rid of.
/// @dev An asset comes here only by what the chain shows, never by a role: its token did not move in two probes at
/// least an hour apart, or three exits ended with its sales left out. One block cannot do either. It leaves by a probe
/// that moves, when the token was the reason, and by a sale in any case.
/// A library with code of its own, called by delegation: the state is the rebalancer's.
library Quarantine {
    using AssetSet for uint256;

    /// @dev Sets of assets, one bit each; each of the last three holds the next.
    struct State {
        uint256 unmovable; // the token does not move
        uint256 skippedOnce; // exits that ended without its sale, since the last one
        uint256 skippedTwice;
        uint256 unsold; // three times
        mapping(uint8 asset => uint64 time) failedAt; // {s} of the first failed probe; zero when there is none
    }

    /// @dev {s} Between the two probes that show that a token does not move.
    uint256 internal constant PROBE_INTERVAL = 1 hours;
    /// @dev {s} A failed probe counts for so long.
    uint256 internal constant PROBE_MEMORY = 7 days;

    /// @dev Lets the vault try to move one unit, and draws the consequence.
    function probe(State storage self, IIndexVault vault, uint8 asset) external {
        if (vault.canMove(asset)) {
            delete self.failedAt[asset];
            if (!self.unmovable.has(asset)) return;
            self.unmovable = self.unmovable.without(asset);
            if (!self.unsold.has(asset)) vault.recordQuarantine(asset, false, "token moves again");
            return;
        }
        if (self.unmovable.has(asset)) return;
        uint256 failedAt = self.failedAt[asset];
        if (block.timestamp > failedAt + PROBE_MEMORY) {
            // Safe because 2^64 seconds never pass.
            self.failedAt[asset] = uint64(block.timestamp);
        } else if (block.timestamp >= failedAt + PROBE_INTERVAL) {
            self.unmovable = self.unmovable.with(asset);
            if (!self.unsold.has(asset)) vault.recordQuarantine(asset, true, "token does not move");
        }
    }

    /// @dev Counts an exit that ended with the sales of these assets left out.
    function afterExit(State storage self, IIndexVault vault, uint256 skipped) external {
        uint256 added = skipped & self.skippedTwice & ~self.unsold;
        self.unsold |= added;
        self.skippedTwice |= skipped & self.skippedOnce;
        self.skippedOnce |= skipped;
        for (added &= ~self.unmovable; added != 0; added = added.rest()) {
            vault.recordQuarantine(added.lowest(), true, "not sold in three exits");
        }
    }

    /// @dev Releases an asset that was sold, and begins to count again.
    function release(State storage self, IIndexVault vault, uint8 asset) external {
        bool isReleased = quarantined(self).has(asset);
        clear(self, uint256(0).with(asset));
        if (isReleased) vault.recordQuarantine(asset, false, "sold");
    }

    /// @dev Forgets everything about an asset, so that the next one at its index does not inherit it.
    function forget(State storage self, uint8 asset) external {
        clear(self, uint256(0).with(asset));
        delete self.failedAt[asset];
    }

    function clear(State storage self, uint256 assets) private {
        self.unmovable &= ~assets;
        self.skippedOnce &= ~assets;
        self.skippedTwice &= ~assets;
        self.unsold &= ~assets;
    }

    /// @dev What is in quarantine.
    function quarantined(State storage self) internal view returns (uint256) {
        return self.unmovable | self.unsold;
    }

    /// @dev What a sale would change.
    function watched(State storage self) internal view returns (uint256) {
        return self.unmovable | self.skippedOnce;
    }
}
