// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPoolRoot} from "./interfaces/IPoolRoot.sol";
import {IUniswapV3FactoryView} from "./interfaces/IUniswapV3FactoryView.sol";
import {IUniswapV3PoolView} from "./interfaces/IUniswapV3PoolView.sol";
import {IVenue} from "./interfaces/IVenue.sol";
import {ETHER, GUARDIAN_ROLE, TRANSIT} from "./libraries/FundConstants.sol";
import {LegLimits} from "./libraries/LegLimits.sol";
import {PoolMove} from "./libraries/PoolMove.sol";
import {Roles} from "./libraries/Roles.sol";
import {TwapPrice} from "./libraries/TwapPrice.sol";
import {TradeRules} from "./TradeRules.sol";

/// @title Swaps straight on listed Uniswap v3 pools.
/// @dev TOKENS none are ever here: the pool pays the vault, and the vault pays the pool in the callback.
/// POOLS only those that the factory itself names; the callback accepts only the pool of the running swap.
/// ROLES the owner lists, removes and reopens pools; the guardian closes them for everything but exits.
contract UniswapV3Venue is IVenue, TradeRules {
    using SafeCast for uint256;

    struct Listing {
        bytes31 pair; // first bytes of the hash of the two tokens: a swap need not ask the pool; zero: not listed
        bool isClosed;
    }

    /// @dev {s} The window of the mean that a failed leg of an exit goes by.
    uint32 private constant MEAN_WINDOW = 300;
    /// @dev {gas} For that mean.
    uint256 private constant MEAN_GAS = 250_000;

    IUniswapV3FactoryView public immutable FACTORY;
    address private immutable _vault;

    mapping(address pool => Listing listing) private _listings;
    mapping(bytes31 pair => address pool) private _mainPools;
    /// @dev The pool of the running swap. An address in a word of its own is written without being read.
    uint256 private transient _running;

    constructor(address authority, address vault_, IUniswapV3FactoryView factory) AccessManaged(authority) {
        (_vault, FACTORY) = (vault_, factory);
    }

    /* VIEWS */

    /// @inheritdoc IVenue
    function vault() public view override(IVenue, TradeRules) returns (address) {
        return _vault;
    }

    /// @inheritdoc IVenue
    function isListed(address pool) external view returns (bool) {
        return _listings[pool].pair != 0;
    }

    /// @inheritdoc IVenue
    function poolOf(address tokenA, address tokenB) external view returns (address) {
        return _mainPools[tokenA < tokenB ? _pairOf(tokenA, tokenB) : _pairOf(tokenB, tokenA)];
    }

    /// @inheritdoc IVenue
    function isClosed(address pool) external view returns (bool) {
        return _listings[pool].isClosed;
    }

    /// @inheritdoc IVenue
    function meanOutput(
        address pool,
        address tokenSold,
        address tokenBought,
        uint256 amount
    ) external view returns (uint256) {
        require(_isFor(pool, tokenSold, tokenBought), PoolOfOtherTokens(pool, tokenSold, tokenBought));
        int24 tick = TwapPrice.meanTick(IUniswapV3PoolView(pool), MEAN_WINDOW);
        return TwapPrice.quoteAt(tick, amount, tokenSold < tokenBought);
    }

    /// @inheritdoc IVenue
    function secondLook(IIndexVault.Order calldata order) external view returns (uint256 floor, uint256 capacity) {
        (address sold, address bought) = (_tokenOf(order.sold), _tokenOf(order.bought));
        floor = type(uint256).max;
        if (!_isFor(order.pool, sold, bought)) return (floor, 0);
        uint160 root = IPoolRoot(order.pool).slot0();
        uint160 limit = PoolMove.limitOf(root, order.terms.maxMove, sold < bought);
        capacity = PoolMove.amountBetween(root, limit, IUniswapV3PoolView(order.pool).liquidity());
        if (!order.terms.isExit) return (floor, capacity);
        try this.meanOutput{gas: MEAN_GAS}(order.pool, sold, bought, order.amount) returns (uint256 mean) {
            floor = LegLimits.floorOf(mean, order.terms.maxMove);
        } catch {
            return (floor, capacity);
        }
    }

    /* OWNER */

    /// @inheritdoc IVenue
    function listPool(address pool) external restricted {
        IUniswapV3PoolView candidate = IUniswapV3PoolView(pool);
        (address token0, address token1) = (candidate.token0(), candidate.token1());
        require(FACTORY.getPool(token0, token1, candidate.fee()) == pool, PoolNotOfFactory(pool));
        bytes31 pair = _pairOf(token0, token1);
        _listings[pool] = Listing(pair, false);
        if (_mainPools[pair] == address(0)) _mainPools[pair] = pool;
        _record("pool listed", pool, 0);
    }

    /// @inheritdoc IVenue
    function removePool(address pool) external restricted {
        _requireListed(pool);
        bytes31 pair = _listings[pool].pair;
        delete _listings[pool];
        if (_mainPools[pair] == pool) delete _mainPools[pair];
        _record("pool removed", pool, 0);
    }

    /// @inheritdoc IVenue
    function reopenPool(address pool) external restricted {
        require(_listings[pool].isClosed, PoolClosed(pool, false));
        _listings[pool].isClosed = false;
        _record("pool reopened", pool, 0);
    }

    /* GUARDIAN */

    /// @inheritdoc IVenue
    function closePool(address pool) external {
        Roles.requireHeld(authority(), GUARDIAN_ROLE, msg.sender);
        _requireListed(pool);
        require(!_listings[pool].isClosed, PoolClosed(pool, true));
        _listings[pool].isClosed = true;
        _record("pool closed", pool, 0);
    }

    /* VAULT */

    /// @inheritdoc IVenue
    function swapExact(
        address pool,
        address tokenSold,
        address tokenBought,
        uint256 amount,
        Terms calldata terms
    ) external {
        require(msg.sender == _vault, OnlyVault(msg.sender));
        Listing memory listing = _listings[pool];
        require(listing.pair != 0, PoolNotListed(pool));
        bool zeroForOne = tokenSold < tokenBought;
        (address token0, address token1) = zeroForOne ? (tokenSold, tokenBought) : (tokenBought, tokenSold);
        require(listing.pair == _pairOf(token0, token1), PoolOfOtherTokens(pool, tokenSold, tokenBought));
        require(terms.isExit || !listing.isClosed, PoolClosed(pool, true));

        uint160 root = IPoolRoot(pool).slot0();
        if (terms.spotMinimum != 0) {
            uint256 spot = PoolMove.outputAt(root, amount, zeroForOne);
            require(spot >= terms.spotMinimum, SpotTooFar(spot, terms.spotMinimum));
        }
        uint160 limit = PoolMove.limitOf(root, terms.maxMove, zeroForOne);
        _running = uint160(pool);
        IUniswapV3PoolView(pool).swap(_vault, zeroForOne, amount.toInt256(), limit, "");
        _running = 0;
    }

    /// @notice Uniswap's callback: the vault pays what the pool is owed.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata) external {
        require(uint160(msg.sender) == _running, CallbackNotExpected(msg.sender));
        // Safe because exactly one side of a swap is owed to the pool, and it is positive.
        uint256 owed = uint256(amount0Delta > 0 ? amount0Delta : amount1Delta);
        IIndexVault(_vault).payLeg(msg.sender, owed);
    }

    /* INTERNALS */

    function _requireListed(address pool) private view {
        require(_listings[pool].pair != 0, PoolNotListed(pool));
    }

    function _tokenOf(uint8 asset) private view returns (address) {
        return IIndexVault(_vault).assetAt(asset == TRANSIT ? ETHER : asset).token;
    }

    function _isFor(address pool, address tokenA, address tokenB) private view returns (bool) {
        (address token0, address token1) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
        return _listings[pool].pair == _pairOf(token0, token1);
    }

    function _pairOf(address token0, address token1) private pure returns (bytes31) {
        // Safe because 248 bits of a hash are as good as all of them.
        return bytes31(keccak256(abi.encode(token0, token1)));
    }
}
