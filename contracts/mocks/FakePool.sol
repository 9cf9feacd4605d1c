// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {UniswapV3Venue} from "../UniswapV3Venue.sol";

/// @title Shows itself as a Uniswap v3 pool of two tokens and asks the venue for money.
contract FakePool {
    address public immutable token0;
    address public immutable token1;
    uint24 public immutable fee; // {1e-6}

    constructor(address token0_, address token1_, uint24 fee_) {
        (token0, token1, fee) = (token0_, token1_, fee_);
    }

    /// @notice Asks for `amount` as a pool does in the middle of a swap.
    function askFor(UniswapV3Venue venue, int256 amount) external {
        venue.uniswapV3SwapCallback(amount, -1, "");
    }
}
