// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {MockToken} from "./MockToken.sol";

/// @dev More than any pool can take, and far enough from the end of the type for the pool's arithmetic.
int256 constant WITHOUT_LIMIT = type(int128).max;

/// @title Trades pools to given prices, many in one transaction.
/// @dev Pays WETH from its balance and mints every other token that it owes, so it works with mock tokens only.
contract Arbitrageur is IUniswapV3SwapCallback {
    /// @notice The one token that cannot be minted.
    IERC20 public immutable weth;
    /// @dev Pool that is being traded; nobody else may ask for payment.
    address private transient _pool;

    /// @notice The lists have different lengths.
    error PriceLengthsDiffer(uint256 pools, uint256 prices);
    /// @notice Payment was asked for by another than the pool that is being traded.
    error UnknownPayee(address caller);

    constructor(IERC20 weth_) {
        weth = weth_;
    }

    /// @notice Swaps on each pool until its price is the given one.
    /// @param pools Uniswap v3 pools.
    /// @param prices One square root of a price as Q64.96 a pool, in the same order.
    function moveTo(IUniswapV3Pool[] calldata pools, uint160[] calldata prices) external {
        require(pools.length == prices.length, PriceLengthsDiffer(pools.length, prices.length));
        for (uint256 i = 0; i < pools.length; ++i) {
            _move(pools[i], prices[i]);
        }
    }

    /// @inheritdoc IUniswapV3SwapCallback
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata) external {
        require(msg.sender == _pool, UnknownPayee(msg.sender));
        // Safe because only positive amounts are paid.
        if (amount0Delta > 0) _pay(IUniswapV3Pool(msg.sender).token0(), uint256(amount0Delta));
        if (amount1Delta > 0) _pay(IUniswapV3Pool(msg.sender).token1(), uint256(amount1Delta));
    }

    function _move(IUniswapV3Pool pool, uint160 price) internal {
        (uint160 present, , , , , , ) = pool.slot0();
        if (present == price) return;
        _pool = address(pool);
        pool.swap(address(this), price < present, WITHOUT_LIMIT, price, "");
        _pool = address(0);
    }

    function _pay(address token, uint256 amount) internal {
        if (token == address(weth)) {
            weth.transfer(msg.sender, amount);
        } else {
            MockToken(token).mint(msg.sender, amount);
        }
    }
}
