// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title A Uniswap v3 pool, as far as the fund uses it.
interface IUniswapV3PoolView {
    /// @notice Swaps; positive amounts are owed to the pool and must be paid in `uniswapV3SwapCallback`.
    function swap(
        address recipient,
        bool zeroForOne,
        int256 amountSpecified,
        uint160 sqrtPriceLimitX96,
        bytes calldata data
    ) external returns (int256 amount0, int256 amount1);

    /// @notice Root of the price (Q64.96), its tick, and what the pool keeps of its observations, fees and lock.
    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool);

    /// @return The liquidity at the present price.
    function liquidity() external view returns (uint128);

    /// @notice Cumulative ticks as of each number of seconds ago.
    function observe(
        uint32[] calldata secondsAgos
    ) external view returns (int56[] memory tickCumulatives, uint160[] memory secondsPerLiquidityCumulativeX128s);

    /// @return The token with the smaller address.
    function token0() external view returns (address);

    /// @return The token with the larger address.
    function token1() external view returns (address);

    /// @return The fee in hundredths of a basis point.
    function fee() external view returns (uint24);
}
