// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {IUniswapV3PoolView} from "../interfaces/IUniswapV3PoolView.sol";

/// @title Time-weighted mean prices of Uniswap v3 pools.
library TwapPrice {
    /// @dev The mean tick over the seconds that end now, rounded towards minus infinity. Reverts when the pool's
    /// observations do not reach back far enough.
    function meanTick(IUniswapV3PoolView pool, uint32 secondsAgo) internal view returns (int24 tick) {
        uint32[] memory ago = new uint32[](2);
        ago[0] = secondsAgo;
        (int56[] memory cumulative, ) = pool.observe(ago);
        int56 change = cumulative[1] - cumulative[0];
        int56 window = int56(uint56(secondsAgo));
        // Safe because a mean of ticks is a tick.
        tick = int24(change / window);
        if (change < 0 && change % window != 0) tick--;
    }

    /// @dev How much of the other token `amount` of one token is at a tick, rounded down.
    /// @param amount {tok} At most 2^127.
    /// @param isToken0 True when `amount` is of the pool's token 0.
    function quoteAt(int24 tick, uint256 amount, bool isToken0) internal pure returns (uint256) {
        uint256 root = TickMath.getSqrtPriceAtTick(tick);
        // The square of the root has up to 320 bits: above 2^128 it is kept with 128 fractional bits, below with 192.
        if (root <= type(uint128).max) {
            uint256 price = root * root;
            return isToken0 ? Math.mulShr(price, amount, 192) : Math.mulDiv(1 << 192, amount, price);
        }
        uint256 coarse = Math.mulDiv(root, root, 1 << 64);
        return isToken0 ? Math.mulShr(coarse, amount, 128) : Math.mulDiv(1 << 128, amount, coarse);
    }
}
