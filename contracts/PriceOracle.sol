// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IUniswapV3PoolView} from "./interfaces/IUniswapV3PoolView.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {CoarseNumber} from "./libraries/CoarseNumber.sol";
import {ETHER, TRANSIT} from "./libraries/FundConstants.sol";
import {LastPrices} from "./libraries/LastPrices.sol";
import {SourceReading} from "./libraries/SourceReading.sol";
import {TwapPrice} from "./libraries/TwapPrice.sol";

/// @title Prices from Chainlink-type feeds, and from pools where there is no feed.
/// @dev ORACLE a price is fresh or zero: a source that is stale, incomplete, out of its bounds, malformed, without code,
/// or that reverts or burns its gas is never replaced by another one, and takes no other asset's price along but those
/// that it quotes. A pool price is the mean over ten minutes against an asset that has a feed. On a chain with a
/// sequencer no price is fresh while it is down, nor in the first hour after.
/// LIVENESS each source is asked with fixed gas, which the caller must have: a lack of gas is never taken for a broken
/// source. Of an answer only the bytes that a sound one has are looked at, and nothing done with them can revert.
/// TOKENS wrapped ether in transit has the price of wrapped ether.
/// ROLES the admin names sources and their bounds. The vault has those of a delisted asset forgotten.
/// LAST GOOD PRICES are those of the last strike, for the assets that are held. A source that takes another one's place
/// puts its own price there: the old one was wrong or dead, and would bind the next strikes to its last word.
contract PriceOracle is IPriceOracle, AccessManaged {
    using AssetSet for uint256;
    using CoarseNumber for uint16;
    using CoarseNumber for uint256;
    using LastPrices for LastPrices.Table;

    /// @dev D18{USD/wholeTok} Below this a price has fewer than four significant digits.
    uint256 private constant COARSEST = 1000;
    /// @dev D18{USD/wholeTok} No price is above this: a trillion dollars.
    uint256 private constant HIGHEST = 1e30;
    /// @dev {gas} For one feed. A proxy and an aggregator take about 15,000.
    uint256 private constant FEED_GAS = 100_000;
    /// @dev {gas} For one pool. The search through 65,535 observations takes about 120,000.
    uint256 private constant POOL_GAS = 250_000;
    /// @dev {gas} What the call itself takes before its allowance counts.
    uint256 private constant CALL_GAS = 10_000;
    /// @dev Observations that a pool must keep: one for every 20 seconds of the window. With fewer, somebody who trades
    /// in every block soon pushes the window's beginning out, and the pool has no mean.
    uint16 private constant LEAST_OBSERVATIONS = 30;
    /// @dev {s} After the sequencer has come back, for feeds to catch up and for people to act.
    uint256 private constant SEQUENCER_GRACE = 1 hours;

    /// @dev {s} Long enough that holding a pool away from the market costs more than a leg can bring.
    uint32 private constant WINDOW = 600;
    /// @dev Digits that a feed may have after the point; with twice as many, every answer would be zero.
    uint8 private constant MOST_DECIMALS = 36;
    /// @dev {tok} The most that a pool is asked for.
    uint256 private constant MOST_ASKED = 1 << 127;
    /// @dev D18{quote/wholeTok} No price is above 80 billion billion whole quotes: the product with the quote's own, and
    /// with the digits spared, fits into a word.
    uint256 private constant MOST_QUOTED = 1 << 126;

    /// @dev Where a price comes from; a pool by which of its tokens is the priced one.
    enum Kind {
        None,
        Feed,
        PoolToken0,
        PoolToken1
    }

    /// @dev One slot.
    struct Source {
        address at; // feed or pool
        Kind kind;
        uint8 decimals; // of the asset
        uint8 otherDecimals; // of the feed's answers, or of the quote
        uint8 quote; // index, of a pool
        uint32 heartbeat; // {s} of a feed
        uint16 low; // D18{USD/wholeTok} as a CoarseNumber, of a feed
        uint16 high; // D18{USD/wholeTok} as a CoarseNumber, of a feed
    }

    IIndexVault public immutable VAULT;
    /// @notice Chainlink's uptime feed of the chain's sequencer; zero on a chain without one.
    IAggregatorV3 public immutable SEQUENCER;

    mapping(uint256 asset => Source source) private _sources;
    /// @dev The assets whose pools are against this one: it must keep its feed, and its index its token.
    mapping(uint256 quote => uint256 assets) private _quoted;
    /// @inheritdoc IPriceOracle
    uint256 public fedSet;
    LastPrices.Table private _last;

    constructor(address authority, IIndexVault vault, IAggregatorV3 sequencer) AccessManaged(authority) {
        (VAULT, SEQUENCER) = (vault, sequencer);
    }

    /* VIEWS */

    /// @inheritdoc IPriceOracle
    function prices(uint256 assets) external view returns (uint256[256] memory price, uint256[256] memory unit) {
        uint256 set = assets.has(TRANSIT) ? assets.without(TRANSIT).with(ETHER) : assets;
        uint256 pooled = _readFeeds(set, price, unit);
        if (pooled != 0) _readPools(pooled, set, price, unit);
        if (set == assets) return (price, unit);
        (price[TRANSIT], unit[TRANSIT]) = (price[ETHER], unit[ETHER]);
        if (!assets.has(ETHER)) (price[ETHER], unit[ETHER]) = (0, 0);
    }

    /// @inheritdoc IPriceOracle
    function source(uint8 asset) external view returns (address, uint32, uint256, address) {
        Source memory from = _sources[asset];
        if (from.kind != Kind.Feed) return (address(0), 0, 0, from.at);
        (, uint256 updatedAt) = _answer(from);
        return (from.at, from.heartbeat, updatedAt, address(0));
    }

    /// @inheritdoc IPriceOracle
    function boundsOf(uint8 asset) external view returns (Bounds memory) {
        return Bounds(_sources[asset].low.unpack(), _sources[asset].high.unpack());
    }

    /// @inheritdoc IPriceOracle
    function lastGood(uint256 assets) external view returns (uint256[256] memory) {
        return _last.read(assets);
    }

    /* ADMIN */

    /// @inheritdoc IPriceOracle
    function setFeed(uint8 asset, address feed, uint32 heartbeat, Bounds calldata bounds) external restricted {
        require(heartbeat != 0, HeartbeatMissing(asset));
        require(bounds.low < bounds.high && bounds.high <= HIGHEST, BoundsUnusable(bounds.low, bounds.high));
        Source memory next = Source({
            at: feed,
            kind: Kind.Feed,
            decimals: _listed(asset).decimals,
            otherDecimals: IAggregatorV3(feed).decimals(),
            quote: 0,
            heartbeat: heartbeat,
            low: bounds.low.pack(),
            high: bounds.high.pack()
        });
        uint256 price = next.otherDecimals > MOST_DECIMALS ? 0 : _feedPrice(next);
        require(price != 0, FeedWithoutAnswer(feed));
        require(price >= COARSEST, PriceTooCoarse(asset, price));
        _leavePool(asset);
        _sources[asset] = next;
        fedSet = fedSet.with(asset);
        _renew(asset, price);
    }

    /// @inheritdoc IPriceOracle
    function setPool(uint8 asset, address pool, uint8 quote) external restricted {
        IIndexVault.Asset memory priced = _listed(asset);
        IIndexVault.Asset memory against = _listed(quote);
        Source memory quoteFeed = _sources[quote];
        require(quoteFeed.kind == Kind.Feed && quote != asset, QuoteWithoutFeed(quote));
        require(_quoted[asset] == 0, QuoteInUse(asset));
        IUniswapV3PoolView candidate = IUniswapV3PoolView(pool);
        bool isToken0 = candidate.token0() == priced.token;
        address other = isToken0 ? candidate.token1() : candidate.token0();
        require((isToken0 || candidate.token1() == priced.token) && other == against.token, PoolWithoutTwap(pool));
        require(against.decimals <= 18, PoolWithoutTwap(pool));

        Kind kind = isToken0 ? Kind.PoolToken0 : Kind.PoolToken1;
        Source memory next = Source(pool, kind, priced.decimals, against.decimals, quote, 0, 0, 0);
        uint256 quotePrice = _feedPrice(quoteFeed);
        require(quotePrice != 0, FeedWithoutAnswer(quoteFeed.at));
        uint256 price = _poolPrice(next, 10 ** uint256(priced.decimals), quotePrice);
        require(price != 0, PoolWithoutTwap(pool));
        require(price >= COARSEST, PriceTooCoarse(asset, price));
        _requireMemory(candidate);
        _leavePool(asset);
        _sources[asset] = next;
        fedSet = fedSet.without(asset);
        _quoted[quote] = _quoted[quote].with(asset);
        _renew(asset, price);
    }

    /* VAULT */

    /// @inheritdoc IPriceOracle
    function forget(uint8 asset) external {
        require(msg.sender == address(VAULT), CallerNotVault(msg.sender));
        require(_quoted[asset] == 0, QuoteInUse(asset));
        _leavePool(asset);
        delete _sources[asset];
        fedSet = fedSet.without(asset);
        _last.forget(asset);
    }

    /* REBALANCER */

    /// @inheritdoc IPriceOracle
    function keep(uint256 assets, uint256[256] calldata price) external {
        require(msg.sender == address(VAULT.REBALANCER()), CallerNotRebalancer(msg.sender));
        _last.keep(assets, price, VAULT.heldSet(), fedSet);
    }

    /* INTERNALS */

    function _listed(uint8 asset) private view returns (IIndexVault.Asset memory listed) {
        listed = VAULT.assetAt(asset);
        require(listed.token != address(0), AssetWithoutToken(asset));
    }

    /// @dev Counts what is paid for: a pool fills it with its next trades.
    function _requireMemory(IUniswapV3PoolView pool) private view {
        (, , , , uint16 found, , ) = pool.slot0();
        require(found >= LEAST_OBSERVATIONS, PoolMemoryShort(address(pool), found, LEAST_OBSERVATIONS));
    }

    function _leavePool(uint8 asset) private {
        uint8 quote = _sources[asset].quote;
        _quoted[quote] = _quoted[quote].without(asset);
    }

    /// @dev Fills in what feeds say, and all units. Returns the assets that pools price.
    function _readFeeds(
        uint256 set,
        uint256[256] memory price,
        uint256[256] memory unit
    ) private view returns (uint256 pooled) {
        bool isUp = _isSequencerUp();
        for (uint256 index = set.next(0); index < 256; index = set.next(index + 1)) {
            Source memory from = _sources[index];
            if (from.kind == Kind.None) continue;
            unit[index] = 10 ** uint256(from.decimals);
            if (!isUp) continue;
            if (from.kind == Kind.Feed) price[index] = _feedPrice(from);
            else pooled = pooled.with(index);
        }
    }

    /// @dev Fills in what pools say. A quote that is not in the set is asked once, and left out in the end.
    function _readPools(uint256 pooled, uint256 set, uint256[256] memory price, uint256[256] memory unit) private view {
        uint256 asked = set;
        for (uint256 index = pooled.next(0); index < 256; index = pooled.next(index + 1)) {
            Source memory from = _sources[index];
            uint256 quote = from.quote;
            if (!asked.has(quote)) {
                asked = asked.with(quote);
                price[quote] = _feedPrice(_sources[quote]);
            }
            if (price[quote] != 0) price[index] = _poolPrice(from, unit[index], price[quote]);
        }
        for (uint256 extra = asked & ~set; extra != 0; extra = extra.rest()) price[extra.lowest()] = 0;
    }

    /// @dev The last good price of an asset whose source was replaced is what the new source says now.
    function _renew(uint8 asset, uint256 price) private {
        if (VAULT.heldSet().has(asset)) _last.put(asset, price);
        else _last.forget(asset);
    }

    /// @dev D18{USD/wholeTok}, or zero when the feed gives no fresh answer within its bounds.
    function _feedPrice(Source memory feed) private view returns (uint256) {
        (uint256 price, uint256 updatedAt) = _answer(feed);
        if (block.timestamp - updatedAt > feed.heartbeat) return 0;
        return price < feed.low.unpack() || price > feed.high.unpack() ? 0 : price;
    }

    /// @dev D18{USD/wholeTok} and {s} of the newest round, both zero when the feed does not give a complete one.
    function _answer(Source memory feed) private view returns (uint256 price, uint256 updatedAt) {
        _requireGas(FEED_GAS);
        (uint256 id, int256 answer, uint256 startedAt, uint256 at, uint256 answeredIn) = SourceReading.newestRound(
            feed.at,
            FEED_GAS
        );
        // Chainlink's answers have 192 bits and its rounds 80: with more, an answer is malformed.
        if (answer <= 0 || answer > type(int192).max || startedAt == 0) return (0, 0);
        if (answeredIn < id || answeredIn > type(uint80).max) return (0, 0);
        if (at == 0 || at > block.timestamp) return (0, 0);
        // D18{USD/wholeTok} = D(feed){USD/wholeTok} * 10^18 / 10^feed; safe because the answer is positive
        return ((uint256(answer) * 1e18) / 10 ** uint256(feed.otherDecimals), at);
    }

    /// @dev D18{USD/wholeTok}, or zero when the pool does not answer.
    /// @param unit {tok/wholeTok}
    function _poolPrice(Source memory pool, uint256 unit, uint256 quotePrice) private view returns (uint256) {
        _requireGas(POOL_GAS);
        (bool isAnswered, int24 tick) = SourceReading.meanTick(pool.at, WINDOW, POOL_GAS);
        if (!isAnswered) return 0;
        // With the amount scaled first, cheap coins keep their digits: D18{quote} = {quote} * 10^(18 - decimals)
        uint256 amount = unit * 10 ** (18 - uint256(pool.otherDecimals));
        // Of the largest amounts nine digits are spared, so that no tick makes the quote overflow.
        uint256 spared = amount > MOST_ASKED ? 1e9 : 1;
        uint256 quoted = TwapPrice.quoteAt(tick, amount / spared, pool.kind == Kind.PoolToken0);
        if (quoted > MOST_QUOTED) return 0;
        // D18{USD/wholeTok} = D18{quote/wholeTok} * D18{USD/quote} / D18
        uint256 price = (quoted * spared * quotePrice) / 1e18;
        return price > HIGHEST ? 0 : price;
    }

    function _isSequencerUp() private view returns (bool) {
        if (address(SEQUENCER) == address(0)) return true;
        _requireGas(FEED_GAS);
        (, int256 isDown, uint256 changedAt, , ) = SourceReading.newestRound(address(SEQUENCER), FEED_GAS);
        if (isDown != 0 || changedAt == 0 || changedAt > block.timestamp) return false;
        return block.timestamp - changedAt > SEQUENCER_GRACE;
    }

    /// @dev Reverts unless a call gets its whole allowance: of what is left, one part in 64 stays with the caller.
    function _requireGas(uint256 allowance) private view {
        uint256 needed = (allowance * 64) / 63 + CALL_GAS;
        require(gasleft() >= needed, GasShortForPrice(gasleft(), needed));
    }
}
