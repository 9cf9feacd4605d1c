// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Prices of the listed assets, read in one batch.
interface IPriceOracle {
    /// @notice Between which a feed's answer is believed. Kept with eight binary digits, rounded down.
    struct Bounds {
        uint256 low; // D18{USD/wholeTok}
        uint256 high; // D18{USD/wholeTok} at most 1e30
    }

    /// @notice What a strike asks beside fresh prices.
    struct Kept {
        uint256 fed; // one bit an asset that is priced by a feed
        uint256 known; // one bit an asset that has a last good price
        uint256[32] words; // D18{USD/wholeTok} eight last good prices each, as LastPrices packs them; of others, nothing
    }

    /// @notice The asset has no listed token.
    error AssetWithoutToken(uint8 asset);
    /// @notice A feed without a heartbeat could be stale for ever.
    error HeartbeatMissing(uint8 asset);
    /// @notice The low bound is not below the high one, or the high one is above a trillion dollars.
    error BoundsUnusable(uint256 low, uint256 high);
    /// @notice Too little gas to ask the next source with its whole allowance; repeat with more.
    error GasShortForPrice(uint256 left, uint256 needed);
    /// @notice The feed gives no fresh answer within the bounds.
    error FeedWithoutAnswer(address feed);
    /// @notice The pool does not answer `observe` over the window, or does not trade the asset against the quote.
    error PoolWithoutTwap(address pool);
    /// @notice The pool keeps fewer observations than it must; anyone can make it keep more.
    error PoolMemoryShort(address pool, uint16 found, uint16 least);
    /// @notice The quote asset of a pool price needs a feed of its own.
    error QuoteWithoutFeed(uint8 quote);
    /// @notice Pools of other assets are priced against this one.
    error QuoteInUse(uint8 asset);
    /// @notice Only the vault has sources forgotten.
    error CallerNotVault(address caller);
    /// @notice Only the rebalancer says which prices a strike believed.
    error CallerNotRebalancer(address caller);
    /// @notice The price has fewer than four significant digits in D18{USD/wholeTok}.
    error PriceTooCoarse(uint8 asset, uint256 price);

    /// @notice Prices an asset by a Chainlink feed.
    /// @param heartbeat {s} An answer older than this is stale.
    /// @param bounds An answer outside is no price.
    function setFeed(uint8 asset, address feed, uint32 heartbeat, Bounds calldata bounds) external;

    /// @notice Prices an asset by the time-weighted mean of a pool against an asset that has a feed.
    function setPool(uint8 asset, address pool, uint8 quote) external;

    /// @notice Clears the source of an asset that is delisted, so that the next one at its index does not inherit it.
    function forget(uint8 asset) external;

    /// @notice Keeps the prices of a strike as the last good ones. A price by a pool moves at most 25 % from one keeping
    /// to the next, and none twice within a day. Those of assets that are neither in the set nor held are forgotten.
    /// @param assets One bit an asset.
    /// @param price D18{USD/wholeTok} One an asset, in the order of the indexes; where it is zero the kept price stays.
    function keep(uint256 assets, uint256[] calldata price) external;

    /// @return price D18{USD/wholeTok} At the asset's index, what the last strike believed, rounded up to 24 binary
    /// digits; zero where there is none.
    function lastGood(uint256 assets) external view returns (uint256[256] memory price);

    /// @return What `fedSet` says, and all that `lastGood` can, as it is kept.
    function kept() external view returns (Kept memory);

    /// @return One bit an asset that is priced by a feed.
    function fedSet() external view returns (uint256);

    /// @notice Prices of all assets in a set. No source can make it revert; it does so only for a lack of gas.
    /// @param assets One bit an asset.
    /// @return price D18{USD/wholeTok} At the asset's index; zero where there is no fresh price.
    /// @return unit {tok/wholeTok} Ten to the power of the decimals; zero where the asset has no source.
    function prices(uint256 assets) external view returns (uint256[256] memory price, uint256[256] memory unit);

    /// @notice The same in one word an asset of the set, in the order of the indexes: it costs less to pass on.
    /// @return words The price in the lower 128 bits, the unit in the upper.
    function quotes(uint256 assets) external view returns (uint256[] memory words);

    /// @return Feed or zero, heartbeat {s}, time of the feed's last complete round {s} or zero, pool or zero.
    function source(uint8 asset) external view returns (address, uint32, uint256, address);

    /// @return The bounds of an asset's feed as they are kept; zeros where there is no feed.
    function boundsOf(uint8 asset) external view returns (Bounds memory);
}
