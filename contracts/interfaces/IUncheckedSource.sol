// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title What price sources are asked, without a word on what they answer.
/// @dev The compiler neither copies nor checks an answer that is not declared: a malformed one stops nothing.
interface IUncheckedSource {
    /// @notice A feed's newest round: five words.
    function latestRoundData() external view;

    /// @notice A pool's cumulative ticks as of each number of seconds ago, and as much about its liquidity.
    function observe(uint32[] calldata secondsAgos) external view;
}
