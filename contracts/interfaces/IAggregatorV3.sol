// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title A Chainlink price feed, as far as the fund reads it.
interface IAggregatorV3 {
    /// @return Digits after the point of an answer.
    function decimals() external view returns (uint8);

    /// @return The pair, for example "ETH / USD".
    function description() external view returns (string memory);

    /// @return Version of the aggregator behind the proxy.
    function version() external view returns (uint256);

    /// @param roundId The round to look up.
    function getRoundData(
        uint80 roundId
    ) external view returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    /// @notice The newest answer, with the time {s} at which it was written.
    function latestRoundData()
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
