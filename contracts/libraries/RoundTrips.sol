// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";

/// @title What leaving the market and coming back was worth, beside the twin that never left.
library RoundTrips {
    using SafeCast for uint256;

    /// @dev Where the fund left the market; id zero when it is in it.
    struct Exit {
        uint64 id;
        uint128 navPerShare; // D18{USD/share} before the cost of the exit
        uint256 twinLevel; // D18{1}
    }

    /// @dev Keeps where an exit began, unless an earlier one has not come back yet: a return that never finished is a
    /// part of the trip.
    function depart(Exit storage self, IRebalancer.Target calldata target, uint256 nav, uint256 supply) internal {
        if (self.id != 0) return;
        (self.id, self.navPerShare) = (target.id, perShare(nav, supply));
        self.twinLevel = target.twinLevel;
    }

    /// @dev Ends the trip with the rebalance that has led back into the market.
    /// @param nav D18{USD} after its cost.
    function arrive(
        Exit storage self,
        IRebalancer.Target calldata target,
        uint256 nav,
        uint256 supply
    ) internal returns (IIndexVault.RoundTrip memory trip) {
        trip = IIndexVault.RoundTrip({
            exitId: self.id,
            entryId: target.id,
            exitNavPerShare: self.navPerShare,
            entryNavPerShare: perShare(nav, supply),
            exitTwinLevel: self.twinLevel,
            entryTwinLevel: target.twinLevel
        });
        self.id = 0;
    }

    /// @dev D18{USD/share}, rounded down; zero without shares.
    function perShare(uint256 nav, uint256 supply) internal pure returns (uint128) {
        if (supply == 0) return 0;
        // D18{USD/share} = D18{USD} * {share/share} / {share}
        uint256 value = Math.mulDiv(nav, 1e18, supply);
        return Math.min(value, type(uint128).max).toUint128();
    }
}
