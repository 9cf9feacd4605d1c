// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AssetSet} from "../../contracts/libraries/AssetSet.sol";

/// @title Laws of sets of assets, for any set.
contract AssetSetTest {
    using AssetSet for uint256;

    /// @notice Walking by `lowest` and `rest` visits every member once, in ascending order.
    function testFuzz_WalkVisitsEveryMemberInOrder(uint256 set) external pure {
        uint256 visited = 0;
        uint256 count = 0;
        for (uint256 left = set; left != 0; left = left.rest()) {
            uint8 member = left.lowest();
            assert(set.has(member));
            assert(visited >> member == 0); // above all members visited before
            visited = visited.with(member);
            count++;
        }
        assert(visited == set);
        assert(count == set.size());
    }

    /// @notice Adding makes a member and changes no other.
    function testFuzz_WithAddsOneMember(uint256 set, uint8 asset, uint8 other) external pure {
        uint256 larger = set.with(asset);
        assert(larger.has(asset));
        assert(other == asset || larger.has(other) == set.has(other));
    }

    /// @notice Removing ends a membership and changes no other.
    function testFuzz_WithoutRemovesOneMember(uint256 set, uint8 asset, uint8 other) external pure {
        uint256 smaller = set.without(asset);
        assert(!smaller.has(asset));
        assert(other == asset || smaller.has(other) == set.has(other));
    }

    /// @notice No member is below the lowest.
    function testFuzz_LowestIsTheLowest(uint256 set, uint8 asset) external pure {
        if (set == 0) return;
        assert(set.has(set.lowest()));
        assert(!set.has(asset) || asset >= set.lowest());
    }
}
