// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Prices of the listed assets, read in one batch.
interface IPriceOracle {
    /// @notice The asset has no listed token.
    error AssetWithoutToken(uint8 asset);
    /// @notice A feed without a heartbeat could be stale for ever.
    error HeartbeatMissing(uint8 asset);
    /// @notice The feed gives no fresh, positive answer.
    error FeedWithoutAnswer(address feed);
    /// @notice The pool does not answer `observe` over the window, or does not trade the asset against the quote.
    error PoolWithoutTwap(address pool);
    /// @notice The quote asset of a pool price needs a feed of its own.
    error QuoteWithoutFeed(uint8 quote);
    /// @notice The price has fewer than four significant digits in D18{USD/wholeTok}.
    error PriceTooCoarse(uint8 asset, uint256 price);

    /// @notice Prices an asset by a Chainlink feed.
    /// @param heartbeat {s} An answer older than this is stale.
    function setFeed(uint8 asset, address feed, uint32 heartbeat) external;

    /// @notice Prices an asset by the time-weighted mean of a pool against an asset that has a feed.
    function setPool(uint8 asset, address pool, uint8 quote) external;

    /// @notice Prices of all assets in a set.
    /// @param assets One bit an asset.
    /// @return price D18{USD/wholeTok} At the asset's index; zero where there is no fresh price.
    /// @return unit {tok/wholeTok} Ten to the power of the decimals; zero where the asset has no source.
    function prices(uint256 assets) external view returns (uint256[256] memory price, uint256[256] memory unit);

    /// @return asset, feed or zero, heartbeat {s}, time of the feed's last answer {s}, pool or zero.
    function source(uint8 asset) external view returns (address, uint32, uint256, address);
}
