// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TargetBand} from "../../contracts/libraries/TargetBand.sol";

/// @title Laws of the bands around a target, against the same rules written without a division.
contract TargetBandTest {
    /// @notice An asset may end at most max(3 bps of NAV, 30 % of the target) away from its target.
    function testFuzz_FinishBandIsExact(uint128 value, uint128 target, uint128 nav) external pure {
        uint256 distance = value > target ? value - target : target - value;
        // distance <= floor(x / 10,000) exactly when distance * 10,000 <= x
        bool inside = distance * 10_000 <= uint256(nav) * 3 || distance * 10_000 <= uint256(target) * 3000;
        assert(TargetBand.isFinished(value, target, nav) == inside);
    }

    /// @notice A sale may leave at most max(1 bps of NAV, 2 % of the target) less than the target.
    function testFuzz_SaleIsExact(uint128 value, uint128 target, uint128 nav) external pure {
        uint256 missing = value >= target ? 0 : target - value;
        bool inside = missing * 10_000 <= uint256(nav) || missing * 10_000 <= uint256(target) * 200;
        assert(TargetBand.mayFallTo(value, target, nav) == inside);
    }

    /// @notice A purchase may reach at most max(1 bps of NAV, 2 % of the target) more than a target above zero.
    function testFuzz_PurchaseIsExact(uint128 value, uint128 target, uint128 nav) external pure {
        if (target == 0) return;
        uint256 surplus = value <= target ? 0 : value - target;
        bool inside = surplus * 10_000 <= uint256(nav) || surplus * 10_000 <= uint256(target) * 200;
        assert(TargetBand.mayRiseTo(value, target, nav) == inside);
    }

    /// @notice Nothing is bought of an asset whose target is zero, however large the fund.
    function testFuzz_NothingIsBoughtWithoutTarget(uint128 value, uint128 nav) external pure {
        assert(TargetBand.mayRiseTo(value, 0, nav) == (value == 0));
    }

    /// @notice Everything may be sold of an asset whose target is zero.
    function testFuzz_EverythingIsSoldWithoutTarget(uint128 value, uint128 nav) external pure {
        assert(TargetBand.mayFallTo(value, 0, nav));
    }

    /// @notice What legs may reach from either side, a finish accepts.
    function testFuzz_LegsEndInsideTheFinishBand(uint128 value, uint128 target, uint128 nav) external pure {
        bool reachable = TargetBand.mayFallTo(value, target, nav) && TargetBand.mayRiseTo(value, target, nav);
        assert(!reachable || TargetBand.isFinished(value, target, nav));
    }
}
