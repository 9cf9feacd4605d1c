// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";

/// @title A Chainlink aggregator whose answers anyone may set.
contract MockFeed is IAggregatorV3 {
    struct Round {
        int192 answer;
        uint64 updatedAt; // {s}
    }

    /// @inheritdoc IAggregatorV3
    uint8 public immutable decimals;
    /// @inheritdoc IAggregatorV3
    string public description;
    /// @notice Number of the newest round; 0 before the first answer.
    uint80 public latestRound;
    mapping(uint80 roundId => Round round) private _rounds;

    /// @notice Chainlink's event for a new answer.
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    constructor(string memory description_, uint8 decimals_) {
        description = description_;
        decimals = decimals_;
    }

    /// @notice Opens a round with `newAnswer`, written at `newUpdatedAt` {s}, which may lie in the past.
    function setAnswer(int192 newAnswer, uint64 newUpdatedAt) external {
        uint80 roundId = ++latestRound;
        _rounds[roundId] = Round({answer: newAnswer, updatedAt: newUpdatedAt});
        emit AnswerUpdated(newAnswer, roundId, newUpdatedAt);
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(latestRound);
    }

    /// @inheritdoc IAggregatorV3
    function version() external pure returns (uint256) {
        return 6;
    }

    /// @inheritdoc IAggregatorV3
    function getRoundData(uint80 roundId) public view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = _rounds[roundId];
        return (roundId, round.answer, round.updatedAt, round.updatedAt, roundId);
    }
}
