// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IUniswapV3PoolView} from "./interfaces/IUniswapV3PoolView.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {ETHER, TRANSIT} from "./libraries/FundConstants.sol";
import {TwapPrice} from "./libraries/TwapPrice.sol";

/// @title Prices from Chainlink-type feeds, and from pools where there is no feed.
/// @dev ORACLE a price is fresh or zero: a stale, negative or failing source is never replaced by another one.
/// A pool price is the mean over ten minutes against an asset that has a feed.
/// TOKENS wrapped ether in transit has the price of wrapped ether.
contract PriceOracle is IPriceOracle, AccessManaged {
    using AssetSet for uint256;

    /// @dev D18{USD/wholeTok} Below this a price has fewer than four significant digits.
    uint256 private constant COARSEST = 1000;

    struct FeedSource {
        address feed;
        uint32 heartbeat; // {s}
        uint8 feedDecimals;
        uint8 assetDecimals;
        bool isKnown;
    }

    struct PoolSource {
        address pool;
        uint8 quote;
        uint8 quoteDecimals;
        bool isToken0;
    }

    IIndexVault public immutable VAULT;

    mapping(uint8 asset => FeedSource source) private _feeds;
    mapping(uint8 asset => PoolSource source) private _pools;

    constructor(address authority, IIndexVault vault) AccessManaged(authority) {
        VAULT = vault;
    }

    /* VIEWS */

    /// @inheritdoc IPriceOracle
    function prices(uint256 assets) external view returns (uint256[256] memory price, uint256[256] memory unit) {
        uint256 pooled = 0;
        for (uint256 set = assets; set != 0; set = set.rest()) {
            uint8 index = set.lowest();
            FeedSource memory feed = _feeds[index == TRANSIT ? ETHER : index];
            if (!feed.isKnown) continue;
            unit[index] = 10 ** uint256(feed.assetDecimals);
            if (feed.feed == address(0)) pooled = pooled.with(index);
            else price[index] = _feedPrice(feed);
        }
        uint256[256] memory quotes;
        for (; pooled != 0; pooled = pooled.rest()) {
            uint8 index = pooled.lowest();
            PoolSource memory pool = _pools[index];
            if (quotes[pool.quote] == 0) quotes[pool.quote] = _feedPrice(_feeds[pool.quote]);
            if (quotes[pool.quote] != 0) price[index] = _poolPrice(pool, unit[index], quotes[pool.quote]);
        }
    }

    /// @inheritdoc IPriceOracle
    function source(uint8 asset) external view returns (address, uint32, uint256, address) {
        FeedSource memory feed = _feeds[asset];
        uint256 updatedAt = 0;
        if (feed.feed != address(0)) (, , , updatedAt, ) = IAggregatorV3(feed.feed).latestRoundData();
        return (feed.feed, feed.heartbeat, updatedAt, _pools[asset].pool);
    }

    /* ADMIN */

    /// @inheritdoc IPriceOracle
    function setFeed(uint8 asset, address feed, uint32 heartbeat) external restricted {
        require(heartbeat != 0, HeartbeatMissing(asset));
        FeedSource memory next = FeedSource(
            feed,
            heartbeat,
            IAggregatorV3(feed).decimals(),
            _listed(asset).decimals,
            true
        );
        uint256 price = _feedPrice(next);
        require(price != 0, FeedWithoutAnswer(feed));
        require(price >= COARSEST, PriceTooCoarse(asset, price));
        _feeds[asset] = next;
        delete _pools[asset];
    }

    /// @inheritdoc IPriceOracle
    function setPool(uint8 asset, address pool, uint8 quote) external restricted {
        IIndexVault.Asset memory priced = _listed(asset);
        IIndexVault.Asset memory against = _listed(quote);
        FeedSource memory quoteFeed = _feeds[quote];
        require(quoteFeed.feed != address(0), QuoteWithoutFeed(quote));
        IUniswapV3PoolView candidate = IUniswapV3PoolView(pool);
        bool isToken0 = candidate.token0() == priced.token;
        address other = isToken0 ? candidate.token1() : candidate.token0();
        require((isToken0 || candidate.token1() == priced.token) && other == against.token, PoolWithoutTwap(pool));

        PoolSource memory next = PoolSource(pool, quote, against.decimals, isToken0);
        uint256 quotePrice = _feedPrice(quoteFeed);
        require(quotePrice != 0, FeedWithoutAnswer(quoteFeed.feed));
        uint256 price = _poolPrice(next, 10 ** uint256(priced.decimals), quotePrice);
        require(price != 0, PoolWithoutTwap(pool));
        require(price >= COARSEST, PriceTooCoarse(asset, price));
        _feeds[asset] = FeedSource(address(0), 0, 0, priced.decimals, true);
        _pools[asset] = next;
    }

    /* INTERNALS */

    function _listed(uint8 asset) private view returns (IIndexVault.Asset memory listed) {
        listed = VAULT.assetAt(asset);
        require(listed.token != address(0), AssetWithoutToken(asset));
    }

    /// @dev D18{USD/wholeTok}, or zero when the feed gives no fresh positive answer.
    function _feedPrice(FeedSource memory source_) private view returns (uint256) {
        try IAggregatorV3(source_.feed).latestRoundData() returns (
            uint80,
            int256 answer,
            uint256,
            uint256 updatedAt,
            uint80
        ) {
            if (answer <= 0 || updatedAt > block.timestamp) return 0;
            if (block.timestamp - updatedAt > source_.heartbeat) return 0;
            // D18{USD/wholeTok} = D(feed){USD/wholeTok} * 10^18 / 10^feed; safe because the answer is positive
            return Math.mulDiv(uint256(answer), 1e18, 10 ** uint256(source_.feedDecimals));
        } catch {
            return 0;
        }
    }

    /// @dev D18{USD/wholeTok}, or zero when the pool does not answer.
    function _poolPrice(PoolSource memory source_, uint256 unit, uint256 quotePrice) private view returns (uint256) {
        try this.quoteOf(source_.pool, unit, source_.quoteDecimals, source_.isToken0) returns (uint256 quoted) {
            // D18{USD/wholeTok} = D18{quote/wholeTok} * D18{USD/quote} / D18
            return Math.mulDiv(quoted, quotePrice, 1e18);
        } catch {
            return 0;
        }
    }

    /// @notice D18{quote/wholeTok} by the pool's mean; reverts when the pool does not answer.
    function quoteOf(address pool, uint256 unit, uint8 quoteDecimals, bool isToken0) external view returns (uint256) {
        int24 tick = TwapPrice.meanTick(IUniswapV3PoolView(pool));
        // With the amount scaled first, cheap coins keep their digits: D18{quote} = {quote} * 10^(18 - decimals)
        return TwapPrice.quoteAt(tick, unit * 10 ** (18 - uint256(quoteDecimals)), isToken0);
    }
}
