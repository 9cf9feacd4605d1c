// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The first word of what a Uniswap v3 pool says of itself.
/// @dev The compiler reads and checks no more of an answer than is declared: every swap asks for this.
interface IPoolRoot {
    /// @return Root of token 1 a token 0, Q64.96.
    function slot0() external view returns (uint160);
}
