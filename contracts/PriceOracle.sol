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
import {PriceSource} from "./libraries/PriceSource.sol";
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
    using PriceSource for PriceSource.Fields;
    using PriceSource for uint256;

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
    /// @dev {gas} That must be left for a call to get its whole allowance: one part in 64 stays with the caller.
    uint256 private constant FEED_NEEDS = (FEED_GAS * 64) / 63 + CALL_GAS;
    uint256 private constant POOL_NEEDS = (POOL_GAS * 64) / 63 + CALL_GAS;
    /// @dev Observations that a pool must keep: one for every 20 seconds of the window. With fewer, somebody who trades
    /// in every block soon pushes the window's beginning out, and the pool has no mean.
    uint16 private constant LEAST_OBSERVATIONS = 30;
    /// @dev {s} After the sequencer has come back, for feeds to catch up and for people to act.
    uint256 private constant SEQUENCER_GRACE = 1 hours;

    /// @dev {s} Long enough that holding a pool away from the market costs more than a leg can bring.
    uint32 private constant WINDOW = 600;
    /// @dev Where in a word the unit stands, above the price.
    uint256 private constant UNIT = 128;
    /// @dev Digits that a feed may have after the point; with twice as many, every answer would be zero.
    uint8 private constant MOST_DECIMALS = 36;
    /// @dev {tok} The most that a pool is asked for.
    uint256 private constant MOST_ASKED = 1 << 127;
    /// @dev D18{quote/wholeTok} No price is above 80 billion billion whole quotes: the product with the quote's own, and
    /// with the digits spared, fits into a word.
    uint256 private constant MOST_QUOTED = 1 << 126;

    IIndexVault public immutable VAULT;
    /// @notice Chainlink's uptime feed of the chain's sequencer; zero on a chain without one.
    IAggregatorV3 public immutable SEQUENCER;

    /// @dev One PriceSource an asset.
    mapping(uint256 asset => uint256 source) private _sources;
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
        uint256[256] memory quote = _read(assets);
        for (uint256 index = assets.next(0); index < 256; index = assets.next(index + 1)) {
            (price[index], unit[index]) = (uint128(quote[index]), quote[index] >> UNIT);
        }
    }

    /// @inheritdoc IPriceOracle
    function quotes(uint256 assets) external view returns (uint256[] memory words) {
        uint256[256] memory quote = _read(assets);
        words = new uint256[](assets.size());
        uint256 index = assets.next(0);
        for (uint256 i = 0; i < words.length; i++) {
            words[i] = quote[index];
            index = assets.next(index + 1);
        }
    }

    /// @inheritdoc IPriceOracle
    function source(uint8 asset) external view returns (address, uint32, uint256, address) {
        uint256 from = _sources[asset];
        if (!from.isFeed()) return (address(0), 0, 0, from.at());
        (, uint256 updatedAt) = _answer(from);
        return (from.at(), from.heartbeat(), updatedAt, address(0));
    }

    /// @inheritdoc IPriceOracle
    function boundsOf(uint8 asset) external view returns (Bounds memory) {
        return Bounds(_sources[asset].low().unpack(), _sources[asset].high().unpack());
    }

    /// @inheritdoc IPriceOracle
    function lastGood(uint256 assets) external view returns (uint256[256] memory) {
        return _last.read(assets);
    }

    /// @inheritdoc IPriceOracle
    function kept() external view returns (Kept memory strike) {
        strike.fed = fedSet;
        (strike.known, strike.words) = _last.all();
    }

    /* ADMIN */

    /// @inheritdoc IPriceOracle
    function setFeed(uint8 asset, address feed, uint32 heartbeat, Bounds calldata bounds) external restricted {
        require(heartbeat != 0, HeartbeatMissing(asset));
        require(bounds.low < bounds.high && bounds.high <= HIGHEST, BoundsUnusable(bounds.low, bounds.high));
        PriceSource.Fields memory fields = PriceSource.Fields({
            at: feed,
            kind: PriceSource.Kind.Feed,
            decimals: _listed(asset).decimals,
            otherDecimals: IAggregatorV3(feed).decimals(),
            quote: 0,
            heartbeat: heartbeat,
            low: bounds.low.pack(),
            high: bounds.high.pack()
        });
        uint256 next = fields.pack();
        uint256 price = fields.otherDecimals > MOST_DECIMALS ? 0 : _feedPrice(next);
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
        uint256 quoteFeed = _sources[quote];
        require(quoteFeed.isFeed() && quote != asset, QuoteWithoutFeed(quote));
        require(_quoted[asset] == 0, QuoteInUse(asset));
        IUniswapV3PoolView candidate = IUniswapV3PoolView(pool);
        bool isToken0 = candidate.token0() == priced.token;
        address other = isToken0 ? candidate.token1() : candidate.token0();
        require((isToken0 || candidate.token1() == priced.token) && other == against.token, PoolWithoutTwap(pool));
        require(against.decimals <= 18, PoolWithoutTwap(pool));

        PriceSource.Kind kind = isToken0 ? PriceSource.Kind.PoolToken0 : PriceSource.Kind.PoolToken1;
        uint256 next = PriceSource.Fields(pool, kind, priced.decimals, against.decimals, quote, 0, 0, 0).pack();
        uint256 quotePrice = _feedPrice(quoteFeed);
        require(quotePrice != 0, FeedWithoutAnswer(quoteFeed.at()));
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
    function keep(uint256 assets, uint256[] calldata price) external {
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
        uint8 quote = _sources[asset].quote();
        _quoted[quote] = _quoted[quote].without(asset);
    }

    /// @dev Price and unit of all assets in a set, each pair in one word at the asset's index: no price is above 2^100, and
    /// no unit above 2^90. What stands at other indexes means nothing.
    function _read(uint256 assets) private view returns (uint256[256] memory quote) {
        bool hasTransit = assets.has(TRANSIT);
        uint256 set = hasTransit ? assets.without(TRANSIT).with(ETHER) : assets;
        uint256 pooled = _readFeeds(set, quote);
        if (pooled != 0) _readPools(pooled, set, quote);
        if (hasTransit) quote[TRANSIT] = quote[ETHER];
    }

    /// @dev Fills in what feeds say, and all units. Returns the assets that pools price.
    function _readFeeds(uint256 set, uint256[256] memory quote) private view returns (uint256 pooled) {
        bool isUp = _isSequencerUp();
        for (uint256 index = set.next(0); index < 256; index = set.next(index + 1)) {
            uint256 from = _sources[index];
            if (from == 0) continue;
            uint256 price = 0;
            if (isUp) {
                if (from.isFeed()) price = _feedPrice(from);
                else pooled = pooled.with(index);
            }
            quote[index] = (from.unit() << UNIT) | price;
        }
    }

    /// @dev Fills in what pools say. A quote that is not in the set is asked once.
    function _readPools(uint256 pooled, uint256 set, uint256[256] memory quote) private view {
        uint256 asked = set;
        for (uint256 index = pooled.next(0); index < 256; index = pooled.next(index + 1)) {
            uint256 from = _sources[index];
            uint256 against = from.quote();
            if (!asked.has(against)) {
                asked = asked.with(against);
                quote[against] = _feedPrice(_sources[against]);
            }
            uint256 quotePrice = uint128(quote[against]);
            if (quotePrice != 0) quote[index] |= _poolPrice(from, quote[index] >> UNIT, quotePrice);
        }
    }

    /// @dev The last good price of an asset whose source was replaced is what the new source says now.
    function _renew(uint8 asset, uint256 price) private {
        // Also for what is not held, so that no rebalance pays for a new slot.
        _last.put(asset, price);
        if (!VAULT.heldSet().has(asset)) _last.forget(asset);
    }

    /// @dev D18{USD/wholeTok}, or zero when the feed gives no fresh answer within its bounds.
    function _feedPrice(uint256 feed) private view returns (uint256) {
        (uint256 price, uint256 updatedAt) = _answer(feed);
        if (block.timestamp - updatedAt > feed.heartbeat()) return 0;
        return price < feed.low().unpack() || price > feed.high().unpack() ? 0 : price;
    }

    /// @dev D18{USD/wholeTok} and {s} of the newest round, both zero when the feed does not give a complete one.
    function _answer(uint256 feed) private view returns (uint256 price, uint256 updatedAt) {
        _requireGas(FEED_NEEDS);
        (uint256 id, int256 answer, uint256 startedAt, uint256 at, uint256 answeredIn) = SourceReading.newestRound(
            feed.at(),
            FEED_GAS
        );
        // Chainlink's answers have 192 bits and its rounds 80: with more, an answer is malformed.
        if (answer <= 0 || answer > type(int192).max || startedAt == 0) return (0, 0);
        if (answeredIn < id || answeredIn > type(uint80).max) return (0, 0);
        if (at == 0 || at > block.timestamp) return (0, 0);
        unchecked {
            // Safe because the answer is positive and below 2^191, and a feed has at most 36 decimals.
            // D18{USD/wholeTok} = D(feed){USD/wholeTok} * 10^18 / 10^feed
            return ((uint256(answer) * 1e18) / 10 ** uint256(feed.otherDecimals()), at);
        }
    }

    /// @dev D18{USD/wholeTok}, or zero when the pool does not answer.
    /// @param unit {tok/wholeTok}
    function _poolPrice(uint256 pool, uint256 unit, uint256 quotePrice) private view returns (uint256) {
        _requireGas(POOL_NEEDS);
        (bool isAnswered, int24 tick) = SourceReading.meanTick(pool.at(), WINDOW, POOL_GAS);
        if (!isAnswered) return 0;
        unchecked {
            // Safe because a unit is at most 10^27, a quote has at most 18 decimals, and the last product has 256 bits.
            // With the amount scaled first, cheap coins keep their digits: D18{quote} = {quote} * 10^(18 - decimals)
            uint256 amount = unit * 10 ** (18 - uint256(pool.otherDecimals()));
            // Of the largest amounts nine digits are spared, so that no tick makes the quote overflow.
            uint256 spared = amount > MOST_ASKED ? 1e9 : 1;
            uint256 quoted = TwapPrice.quoteAt(tick, amount / spared, pool.isOfToken0());
            if (quoted > MOST_QUOTED) return 0;
            // D18{USD/wholeTok} = D18{quote/wholeTok} * D18{USD/quote} / D18
            uint256 price = (quoted * spared * quotePrice) / 1e18;
            return price > HIGHEST ? 0 : price;
        }
    }

    function _isSequencerUp() private view returns (bool) {
        if (address(SEQUENCER) == address(0)) return true;
        _requireGas(FEED_NEEDS);
        (, int256 isDown, uint256 changedAt, , ) = SourceReading.newestRound(address(SEQUENCER), FEED_GAS);
        if (isDown != 0 || changedAt == 0 || changedAt > block.timestamp) return false;
        return block.timestamp - changedAt > SEQUENCER_GRACE;
    }

    /// @dev Reverts unless a call gets its whole allowance.
    function _requireGas(uint256 needed) private view {
        require(gasleft() >= needed, GasShortForPrice(gasleft(), needed));
    }
}
