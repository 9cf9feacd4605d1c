// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";

/// @dev Chainlink puts the number of the aggregator above the 64 bits of its rounds.
uint256 constant PHASE_OFFSET = 64;

/// @title The address that readers of a feed know: forwards to an aggregator that can be exchanged, as Chainlink's does.
contract MockFeedProxy is IAggregatorV3 {
    /// @notice Aggregator that answers at present.
    IAggregatorV3 public aggregator;
    /// @notice How many aggregators there have been.
    uint16 public phaseId;

    constructor(IAggregatorV3 aggregator_) {
        setAggregator(aggregator_);
    }

    /// @inheritdoc IAggregatorV3
    function decimals() external view returns (uint8) {
        return aggregator.decimals();
    }

    /// @inheritdoc IAggregatorV3
    function description() external view returns (string memory) {
        return aggregator.description();
    }

    /// @inheritdoc IAggregatorV3
    function version() external view returns (uint256) {
        return aggregator.version();
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData()
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (id, answer, startedAt, updatedAt, answeredInRound) = aggregator.latestRoundData();
        return (_withPhase(id), answer, startedAt, updatedAt, _withPhase(answeredInRound));
    }

    /// @inheritdoc IAggregatorV3
    function getRoundData(
        uint80 roundId
    ) external view returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) {
        // Safe because the lower 64 bits are the aggregator's round and the phase above them is meant to fall away.
        (id, answer, startedAt, updatedAt, answeredInRound) = aggregator.getRoundData(uint64(roundId));
        return (_withPhase(id), answer, startedAt, updatedAt, _withPhase(answeredInRound));
    }

    /// @notice Puts another aggregator behind the same address.
    function setAggregator(IAggregatorV3 newAggregator) public {
        aggregator = newAggregator;
        phaseId++;
    }

    function _withPhase(uint80 roundId) internal view returns (uint80) {
        // Safe because 16 bits shifted by 64 fit into 80.
        return uint80((uint256(phaseId) << PHASE_OFFSET) | roundId);
    }
}
