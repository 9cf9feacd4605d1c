// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAggregatorV3} from "./interfaces/IAggregatorV3.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IUniswapV3PoolView} from "./interfaces/IUniswapV3PoolView.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {CoarseNumber} from "./libraries/CoarseNumber.sol";
import {ETHER, TRANSIT} from "./libraries/FundConstants.sol";
import {TwapPrice} from "./libraries/TwapPrice.sol";

/// @title Prices from Chainlink-type feeds, and from pools where there is no feed.
/// @dev ORACLE a price is fresh or zero: a source that is stale, incomplete, out of its bounds, malformed, without code,
/// or that reverts or burns its gas is never replaced by another one, and takes no other asset's price along but those
/// that it quotes. A pool price is the mean over ten minutes against an asset that has a feed. On a chain with a
/// sequencer no price is fresh while it is down, nor in the first hour after.
/// LIVENESS each source is asked in a call of its own with fixed gas, which the caller must have: a lack of gas is never
/// taken for a broken source.
/// TOKENS wrapped ether in transit has the price of wrapped ether.
/// ROLES the admin names sources and their bounds. The vault has those of a delisted asset forgotten.
contract PriceOracle is IPriceOracle, AccessManaged {
    using AssetSet for uint256;
    using CoarseNumber for uint16;
    using CoarseNumber for uint256;

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

    struct FeedSource {
        address feed;
        uint32 heartbeat; // {s}
        uint8 feedDecimals;
        uint8 assetDecimals;
        bool isKnown;
        uint16 low; // D18{USD/wholeTok} as a CoarseNumber
        uint16 high; // D18{USD/wholeTok} as a CoarseNumber
    }

    struct PoolSource {
        address pool;
        uint8 quote;
        uint8 quoteDecimals;
        bool isToken0;
    }

    IIndexVault public immutable VAULT;
    /// @notice Chainlink's uptime feed of the chain's sequencer; zero on a chain without one.
    IAggregatorV3 public immutable SEQUENCER;

    mapping(uint8 asset => FeedSource source) private _feeds;
    mapping(uint8 asset => PoolSource source) private _pools;
    /// @dev The assets whose pools are against this one: it must keep its feed, and its index its token.
    mapping(uint8 quote => uint256 assets) private _quoted;
    /// @inheritdoc IPriceOracle
    uint256 public fedSet;

    constructor(address authority, IIndexVault vault, IAggregatorV3 sequencer) AccessManaged(authority) {
        (VAULT, SEQUENCER) = (vault, sequencer);
    }

    /* VIEWS */

    /// @inheritdoc IPriceOracle
    function prices(uint256 assets) external view returns (uint256[256] memory price, uint256[256] memory unit) {
        bool isUp = _isSequencerUp();
        uint256 pooled = 0;
        for (uint256 set = assets; set != 0; set = set.rest()) {
            uint8 index = set.lowest();
            FeedSource memory feed = _feeds[index == TRANSIT ? ETHER : index];
            if (!feed.isKnown) continue;
            unit[index] = 10 ** uint256(feed.assetDecimals);
            if (!isUp) continue;
            if (feed.feed == address(0)) pooled = pooled.with(index);
            else price[index] = _feedPrice(feed);
        }
        uint256[256] memory quotes;
        uint256 asked = 0;
        for (; pooled != 0; pooled = pooled.rest()) {
            uint8 index = pooled.lowest();
            PoolSource memory pool = _pools[index];
            if (!asked.has(pool.quote)) {
                asked = asked.with(pool.quote);
                quotes[pool.quote] = assets.has(pool.quote) ? price[pool.quote] : _feedPrice(_feeds[pool.quote]);
            }
            if (quotes[pool.quote] != 0) price[index] = _poolPrice(pool, unit[index], quotes[pool.quote]);
        }
    }

    /// @inheritdoc IPriceOracle
    function source(uint8 asset) external view returns (address, uint32, uint256, address) {
        FeedSource memory feed = _feeds[asset];
        (, uint256 updatedAt) = feed.feed == address(0) ? (0, 0) : _answer(feed);
        return (feed.feed, feed.heartbeat, updatedAt, _pools[asset].pool);
    }

    /// @inheritdoc IPriceOracle
    function boundsOf(uint8 asset) external view returns (Bounds memory) {
        return Bounds(_feeds[asset].low.unpack(), _feeds[asset].high.unpack());
    }

    /* ADMIN */

    /// @inheritdoc IPriceOracle
    function setFeed(uint8 asset, address feed, uint32 heartbeat, Bounds calldata bounds) external restricted {
        require(heartbeat != 0, HeartbeatMissing(asset));
        require(bounds.low < bounds.high && bounds.high <= HIGHEST, BoundsUnusable(bounds.low, bounds.high));
        FeedSource memory next = FeedSource({
            feed: feed,
            heartbeat: heartbeat,
            feedDecimals: IAggregatorV3(feed).decimals(),
            assetDecimals: _listed(asset).decimals,
            isKnown: true,
            low: bounds.low.pack(),
            high: bounds.high.pack()
        });
        uint256 price = _feedPrice(next);
        require(price != 0, FeedWithoutAnswer(feed));
        require(price >= COARSEST, PriceTooCoarse(asset, price));
        _leavePool(asset);
        _feeds[asset] = next;
        fedSet = fedSet.with(asset);
    }

    /// @inheritdoc IPriceOracle
    function setPool(uint8 asset, address pool, uint8 quote) external restricted {
        IIndexVault.Asset memory priced = _listed(asset);
        IIndexVault.Asset memory against = _listed(quote);
        FeedSource memory quoteFeed = _feeds[quote];
        require(quoteFeed.feed != address(0) && quote != asset, QuoteWithoutFeed(quote));
        require(_quoted[asset] == 0, QuoteInUse(asset));
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
        _requireMemory(candidate);
        _leavePool(asset);
        _feeds[asset] = FeedSource(address(0), 0, 0, priced.decimals, true, 0, 0);
        fedSet = fedSet.without(asset);
        _pools[asset] = next;
        _quoted[quote] = _quoted[quote].with(asset);
    }

    /* VAULT */

    /// @inheritdoc IPriceOracle
    function forget(uint8 asset) external {
        require(msg.sender == address(VAULT), CallerNotVault(msg.sender));
        require(_quoted[asset] == 0, QuoteInUse(asset));
        _leavePool(asset);
        delete _feeds[asset];
        fedSet = fedSet.without(asset);
    }

    /* SELF: each reverts on whatever is malformed, inside a call whose failure stops nothing else */

    /// @notice D18{USD/wholeTok} and {s} of a feed's newest round. Reverts unless the round is complete.
    function readFeed(address feed, uint8 feedDecimals) external view returns (uint256 price, uint256 updatedAt) {
        (uint80 id, int256 answer, uint256 startedAt, uint256 at, uint80 answeredIn) = IAggregatorV3(feed)
            .latestRoundData();
        require(answer > 0 && startedAt != 0 && answeredIn >= id, RoundIncomplete(feed, id));
        require(at != 0 && at <= block.timestamp, RoundIncomplete(feed, id));
        // D18{USD/wholeTok} = D(feed){USD/wholeTok} * 10^18 / 10^feed; safe because the answer is positive
        return (Math.mulDiv(uint256(answer), 1e18, 10 ** uint256(feedDecimals)), at);
    }

    /// @notice D18{USD/wholeTok} by a pool's mean. Reverts when the pool does not answer.
    function readPool(PoolSource calldata pool, uint256 unit, uint256 quotePrice) external view returns (uint256) {
        int24 tick = TwapPrice.meanTick(IUniswapV3PoolView(pool.pool));
        // With the amount scaled first, cheap coins keep their digits: D18{quote} = {quote} * 10^(18 - decimals)
        uint256 quoted = TwapPrice.quoteAt(tick, unit * 10 ** (18 - uint256(pool.quoteDecimals)), pool.isToken0);
        // D18{USD/wholeTok} = D18{quote/wholeTok} * D18{USD/quote} / D18
        return Math.mulDiv(quoted, quotePrice, 1e18);
    }

    /// @notice True when the sequencer is up and has been for an hour. Reverts when its feed does not answer.
    function readSequencer() external view returns (bool) {
        (, int256 isDown, uint256 changedAt, , ) = SEQUENCER.latestRoundData();
        return isDown == 0 && changedAt != 0 && block.timestamp - changedAt > SEQUENCER_GRACE;
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
        uint8 quote = _pools[asset].quote;
        _quoted[quote] = _quoted[quote].without(asset);
        delete _pools[asset];
    }

    /// @dev D18{USD/wholeTok}, or zero when the feed gives no fresh answer within its bounds.
    function _feedPrice(FeedSource memory feed) private view returns (uint256) {
        (uint256 price, uint256 updatedAt) = _answer(feed);
        if (block.timestamp - updatedAt > feed.heartbeat) return 0;
        return price < feed.low.unpack() || price > feed.high.unpack() ? 0 : price;
    }

    /// @dev D18{USD/wholeTok} and {s} of the newest round, both zero when the feed does not give a complete one.
    function _answer(FeedSource memory feed) private view returns (uint256 price, uint256 updatedAt) {
        _requireGas(FEED_GAS);
        try this.readFeed{gas: FEED_GAS}(feed.feed, feed.feedDecimals) returns (uint256 price_, uint256 updatedAt_) {
            return (price_, updatedAt_);
        } catch {
            return (0, 0);
        }
    }

    /// @dev D18{USD/wholeTok}, or zero when the pool does not answer.
    function _poolPrice(PoolSource memory pool, uint256 unit, uint256 quotePrice) private view returns (uint256) {
        _requireGas(POOL_GAS);
        try this.readPool{gas: POOL_GAS}(pool, unit, quotePrice) returns (uint256 price) {
            return price > HIGHEST ? 0 : price;
        } catch {
            return 0;
        }
    }

    function _isSequencerUp() private view returns (bool) {
        if (address(SEQUENCER) == address(0)) return true;
        _requireGas(FEED_GAS);
        try this.readSequencer{gas: FEED_GAS}() returns (bool isUp) {
            return isUp;
        } catch {
            return false;
        }
    }

    /// @dev Reverts unless a call gets its whole allowance: of what is left, one part in 64 stays with the caller.
    function _requireGas(uint256 allowance) private view {
        uint256 needed = (allowance * 64) / 63 + CALL_GAS;
        require(gasleft() >= needed, GasShortForPrice(gasleft(), needed));
    }
}
