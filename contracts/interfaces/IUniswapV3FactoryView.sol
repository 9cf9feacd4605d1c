// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title The Uniswap v3 factory, as far as the fund uses it.
interface IUniswapV3FactoryView {
    /// @return The pool of the two tokens at a fee {1e-6}, or zero.
    function getPool(address tokenA, address tokenB, uint24 fee) external view returns (address);
}
