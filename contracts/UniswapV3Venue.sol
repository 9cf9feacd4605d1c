// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IUniswapV3FactoryView} from "./interfaces/IUniswapV3FactoryView.sol";
import {IUniswapV3PoolView} from "./interfaces/IUniswapV3PoolView.sol";
import {IVenue} from "./interfaces/IVenue.sol";

/// @title Swaps straight on listed Uniswap v3 pools.
/// @dev TOKENS none are ever here: the pool pays the vault, and the vault pays the pool in the callback.
/// POOLS only those that the factory itself names; the callback accepts only the pool of the running swap.
contract UniswapV3Venue is IVenue, AccessManaged {
    using SafeCast for uint256;

    /// @inheritdoc IVenue
    address public immutable vault;
    IUniswapV3FactoryView public immutable FACTORY;

    /// @dev Hash of the pool's two tokens, zero unless the pool is listed: a swap need not ask the pool for them.
    mapping(address pool => bytes32 pair) private _pairs;
    mapping(bytes32 pair => address pool) private _mainPools;
    address private transient _running;

    constructor(address authority, address vault_, IUniswapV3FactoryView factory) AccessManaged(authority) {
        (vault, FACTORY) = (vault_, factory);
    }

    /// @inheritdoc IVenue
    function isListed(address pool) external view returns (bool) {
        return _pairs[pool] != 0;
    }

    /// @inheritdoc IVenue
    function poolOf(address tokenA, address tokenB) external view returns (address) {
        return _mainPools[tokenA < tokenB ? _pairOf(tokenA, tokenB) : _pairOf(tokenB, tokenA)];
    }

    /* ADMIN */

    /// @inheritdoc IVenue
    function listPool(address pool) external restricted {
        IUniswapV3PoolView candidate = IUniswapV3PoolView(pool);
        (address token0, address token1) = (candidate.token0(), candidate.token1());
        require(FACTORY.getPool(token0, token1, candidate.fee()) == pool, PoolNotOfFactory(pool));
        bytes32 pair = _pairOf(token0, token1);
        _pairs[pool] = pair;
        if (_mainPools[pair] == address(0)) _mainPools[pair] = pool;
    }

    /// @inheritdoc IVenue
    function removePool(address pool) external restricted {
        bytes32 pair = _pairs[pool];
        require(pair != 0, PoolNotListed(pool));
        delete _pairs[pool];
        if (_mainPools[pair] == pool) delete _mainPools[pair];
    }

    /* VAULT */

    /// @inheritdoc IVenue
    function swap(address pool, address tokenSold, address tokenBought, uint256 amount) external {
        require(msg.sender == vault, OnlyVault(msg.sender));
        bytes32 pair = _pairs[pool];
        require(pair != 0, PoolNotListed(pool));
        bool zeroForOne = tokenSold < tokenBought;
        (address token0, address token1) = zeroForOne ? (tokenSold, tokenBought) : (tokenBought, tokenSold);
        require(pair == _pairOf(token0, token1), PoolOfOtherTokens(pool, tokenSold, tokenBought));

        _running = pool;
        // The vault bounds the price by its minimum; the limit here is the end of the pool's range.
        uint160 limit = zeroForOne ? TickMath.MIN_SQRT_PRICE + 1 : TickMath.MAX_SQRT_PRICE - 1;
        IUniswapV3PoolView(pool).swap(vault, zeroForOne, amount.toInt256(), limit, "");
        _running = address(0);
    }

    /// @notice Uniswap's callback: the vault pays what the pool is owed.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata) external {
        require(msg.sender == _running, CallbackNotExpected(msg.sender));
        // Safe because exactly one side of a swap is owed to the pool, and it is positive.
        uint256 owed = uint256(amount0Delta > 0 ? amount0Delta : amount1Delta);
        IIndexVault(vault).payPool(msg.sender, owed);
    }

    function _pairOf(address token0, address token1) private pure returns (bytes32) {
        return keccak256(abi.encode(token0, token1));
    }
}
