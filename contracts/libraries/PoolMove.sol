// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BPS} from "./FundConstants.sol";

/// @title What a swap gets at a Uniswap v3 pool's price, and how far it may move that price.
/// @dev The price of a swap is what it gets for a unit. A root is the root of token 1 a token 0, Q64.96.
library PoolMove {
    using SafeCast for uint256;

    uint256 private constant Q96 = 1 << 96;

    /// @dev The root at which a swap must stop. The price that it gets has then fallen by m - m²/4, less than the move m
    /// that is allowed: half of m is taken off the root, or the root is divided by what is left. Rounded against the swap.
    /// @param root Of 160 bits.
    /// @param maxMove {bps}
    function limitOf(uint160 root, uint256 maxMove, bool zeroForOne) internal pure returns (uint160) {
        uint256 left = 2 * BPS - maxMove;
        // Q64.96 = Q64.96 * {bps} / {bps}
        uint256 limit = zeroForOne ? Math.ceilDiv(root * left, 2 * BPS) : (root * (2 * BPS)) / left;
        return limit.toUint160();
    }

    /// @dev {tok} that an amount is worth at a root, before the pool's fee; rounded down.
    function outputAt(uint256 root, uint256 amount, bool zeroForOne) internal pure returns (uint256) {
        (uint256 over, uint256 under) = zeroForOne ? (root, Q96) : (Q96, root);
        return Math.mulDiv(Math.mulDiv(amount, over, under), over, under);
    }

    /// @dev {tok} of the token sold that moves a pool from one root to another with the liquidity that is there now, its
    /// fee left out; rounded down.
    function amountBetween(uint256 root, uint256 limit, uint256 liquidity) internal pure returns (uint256) {
        // {tok0} = L * (1/limit - 1/root)    {tok1} = L * (limit - root)
        if (limit < root) return Math.mulDiv(Math.mulDiv(liquidity, Q96, limit), root - limit, root);
        return Math.mulDiv(liquidity, limit - root, Q96);
    }
}
