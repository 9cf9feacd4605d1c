// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A feed whose newest round says whatever it was told to, of all five values.
contract RoundFeed {
    struct Round {
        uint80 id;
        int256 answer;
        uint256 startedAt; // {s}
        uint256 updatedAt; // {s}
        uint80 answeredInRound;
    }

    uint8 public immutable decimals;
    Round private _round;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    /// @notice Sets all that `latestRoundData` gives back.
    function setRound(Round calldata newRound) external {
        _round = newRound;
    }

    /// @notice The round as it was set.
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = _round;
        return (round.id, round.answer, round.startedAt, round.updatedAt, round.answeredInRound);
    }
}
