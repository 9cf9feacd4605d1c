// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The five functions of a Chainlink price feed that this project calls.
/// @dev Declared here because Chainlink's package brings much more than an interface; the signatures are Chainlink's.
interface IAggregatorV3 {
    /// @notice Number of decimals of every answer.
    function decimals() external view returns (uint8);

    /// @notice What is priced in what, for example "BTC / USD".
    function description() external view returns (string memory);

    /// @notice Version of the aggregator behind the feed.
    function version() external view returns (uint256);

    /// @notice One past round.
    /// @param roundId Round to read.
    /// @return id The round that was asked for.
    /// @return answer Price with `decimals` decimals; zero or negative when the feed is broken.
    /// @return startedAt {s} When the round began.
    /// @return updatedAt {s} When the answer was written.
    /// @return answeredInRound Kept by Chainlink for old readers; equal to the round.
    function getRoundData(
        uint80 roundId
    ) external view returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice The newest round.
    /// @return id Number of the round; the upper 16 bits count the aggregators that the feed has had.
    /// @return answer Price with `decimals` decimals; zero or negative when the feed is broken.
    /// @return startedAt {s} When the round began.
    /// @return updatedAt {s} When the answer was written.
    /// @return answeredInRound Kept by Chainlink for old readers; equal to the round.
    function latestRoundData()
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
