// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BPS} from "./FundConstants.sol";

/// @title How near to its target an asset must end, and how far beyond it a leg may go.
/// @dev All values are D18{USD}. The trade band is max(2 bps of NAV, 20 % of the target).
library TargetBand {
    /// @dev {bps} of NAV: half as wide again as the trade band.
    uint256 internal constant FINISH_OF_NAV = 3;
    /// @dev {bps} of the target: half as wide again as the trade band.
    uint256 internal constant FINISH_OF_TARGET = 3_000;
    /// @dev {bps} of NAV. What prices may move between planning and execution.
    uint256 internal constant SLACK_OF_NAV = 1;
    /// @dev {bps} of the target. What prices may move between planning and execution: 2%.
    uint256 internal constant SLACK_OF_TARGET = 200;

    /// @dev True when the end of a rebalance may leave this value.
    function isFinished(uint256 value, uint256 target, uint256 nav) internal pure returns (bool) {
        if (target == 0) return value <= part(nav, FINISH_OF_NAV);
        uint256 band = Math.max(part(nav, FINISH_OF_NAV), part(target, FINISH_OF_TARGET));
        return value <= target + band && value + band >= target;
    }

    /// @dev True when a sale may leave this value.
    function mayFallTo(uint256 value, uint256 target, uint256 nav) internal pure returns (bool) {
        return value + slack(target, nav) >= target;
    }

    /// @dev True when a purchase may reach this value.
    function mayRiseTo(uint256 value, uint256 target, uint256 nav) internal pure returns (bool) {
        return value <= target + slack(target, nav);
    }

    function slack(uint256 target, uint256 nav) internal pure returns (uint256) {
        // Nothing may be bought of an asset that should not be held at all.
        return target == 0 ? 0 : Math.max(part(nav, SLACK_OF_NAV), part(target, SLACK_OF_TARGET));
    }

    /// @param whole D18{USD} Below 2^238: 256 assets of 2^128 units, at 2^100 D18{USD} each, have no more.
    function part(uint256 whole, uint256 bps) private pure returns (uint256) {
        unchecked {
            // Safe because of the bound above. D18{USD} = D18{USD} * {bps} / {bps}
            return (whole * bps) / BPS;
        }
    }
}
