// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";

/// @title The least that trades can cost: a loop around the pools' own swap, without a single check.
/// @dev Pays whoever asks, from its own balances: for measuring only.
contract BareTrader is IUniswapV3SwapCallback {
    /// @dev One trade of an exact amount.
    struct Trade {
        IUniswapV3Pool pool;
        address sold;
        bool zeroForOne;
        int256 amount; // {tok} of the token sold
    }

    /// @notice Swaps on each pool, in order.
    function swapAll(Trade[] calldata trades) external {
        for (uint256 i = 0; i < trades.length; ++i) {
            Trade calldata trade = trades[i];
            uint160 limit = trade.zeroForOne ? TickMath.MIN_SQRT_PRICE + 1 : TickMath.MAX_SQRT_PRICE - 1;
            trade.pool.swap(address(this), trade.zeroForOne, trade.amount, limit, abi.encode(trade.sold));
        }
    }

    /// @notice Transfers an amount of each token, in order.
    function sendAll(IERC20[] calldata tokens, address to, uint256[] calldata amounts) external {
        for (uint256 i = 0; i < tokens.length; ++i) tokens[i].transfer(to, amounts[i]);
    }

    /// @inheritdoc IUniswapV3SwapCallback
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external {
        // Safe because exactly one side of a swap is owed to the pool, and it is positive.
        uint256 owed = uint256(amount0Delta > 0 ? amount0Delta : amount1Delta);
        abi.decode(data, (IERC20)).transfer(msg.sender, owed);
    }
}
