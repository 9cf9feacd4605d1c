// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LossBudget} from "../../contracts/libraries/LossBudget.sol";

/// @title Laws of what a batch is charged with, written without a division.
contract LossBudgetTest {
    /// @notice The charge is the smallest that covers the loss: many small batches are charged no less than a large one.
    function testFuzz_LossIsRoundedUp(uint128 before, uint128 afterwards) external pure {
        if (afterwards >= before) return;
        uint256 charged = LossBudget.lossOf(before, afterwards);
        uint256 lost = (uint256(before) - afterwards) * 1e18;
        assert(charged * before >= lost);
        assert((charged - 1) * before < lost);
    }

    /// @notice What gains or keeps its value is charged with nothing.
    function testFuzz_GainIsNoLoss(uint128 before, uint128 afterwards) external pure {
        if (afterwards < before) return;
        assert(LossBudget.lossOf(before, afterwards) == 0);
    }
}
