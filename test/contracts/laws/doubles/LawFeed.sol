// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAggregatorV3} from "../../../../contracts/interfaces/IAggregatorV3.sol";

/// @title A feed that is always fresh unless it is told to stop, so that moving the clock costs no hundred writes.
contract LawFeed is IAggregatorV3 {
    enum Fault {
        None,
        Incomplete,
        Reverts,
        Negative
    }

    /// @inheritdoc IAggregatorV3
    uint8 public immutable decimals = 18;

    int192 public answer; // D18{USD/wholeTok}
    uint64 public stoppedAt; // {s} zero while it goes on
    Fault public fault;

    /// @notice What it says when it reverts.
    error LawFeedBroken();

    /// @notice The feed goes on with `newAnswer` D18{USD/wholeTok}.
    function report(uint256 newAnswer) external {
        // Safe because every price of the tests is far below 2^191.
        answer = int192(int256(newAnswer));
        (stoppedAt, fault) = (0, Fault.None);
    }

    /// @notice No more answers from `at` {s} on.
    function stop(uint64 at) external {
        stoppedAt = at;
    }

    /// @notice From now on the feed is broken like this.
    function breakDown(Fault newFault) external {
        fault = newFault;
    }

    /// @inheritdoc IAggregatorV3
    function description() external pure returns (string memory) {
        return "LAW / USD";
    }

    /// @inheritdoc IAggregatorV3
    function version() external pure returns (uint256) {
        return 6;
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(1);
    }

    /// @inheritdoc IAggregatorV3
    function getRoundData(uint80 roundId) public view returns (uint80, int256, uint256, uint256, uint80) {
        require(fault != Fault.Reverts, LawFeedBroken());
        uint256 at = stoppedAt == 0 ? block.timestamp : stoppedAt;
        int256 said = fault == Fault.Negative ? -int256(answer) : int256(answer);
        return (roundId, said, at, at, fault == Fault.Incomplete ? roundId - 1 : roundId);
    }
}
