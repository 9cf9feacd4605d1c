// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Where a price comes from, in one word that is zero where there is no source.
/// @dev A hundred of them are read in each batch: unpacked into memory, each would cost more than what is looked at.
library PriceSource {
    /// @dev Where a price comes from; a pool by which of its tokens is the priced one.
    enum Kind {
        None,
        Feed,
        PoolToken0,
        PoolToken1
    }

    /// @dev What a word says.
    struct Fields {
        address at; // feed or pool
        Kind kind;
        uint8 decimals; // of the asset
        uint8 otherDecimals; // of the feed's answers, or of the quote
        uint8 quote; // index, of a pool
        uint32 heartbeat; // {s} of a feed
        uint16 low; // D18{USD/wholeTok} as a CoarseNumber, of a feed
        uint16 high; // D18{USD/wholeTok} as a CoarseNumber, of a feed
    }

    function pack(Fields memory source) internal pure returns (uint256) {
        uint256 place = uint160(source.at) | (uint256(source.kind) << 160);
        uint256 digits = (uint256(source.decimals) << 168) | (uint256(source.otherDecimals) << 176);
        uint256 limits = (uint256(source.heartbeat) << 192) | (uint256(source.low) << 224);
        return place | digits | (uint256(source.quote) << 184) | limits | (uint256(source.high) << 240);
    }

    function at(uint256 source) internal pure returns (address) {
        return address(uint160(source));
    }

    function isFeed(uint256 source) internal pure returns (bool) {
        return uint8(source >> 160) == uint8(Kind.Feed);
    }

    /// @dev True when the priced asset is the pool's token 0.
    function isOfToken0(uint256 source) internal pure returns (bool) {
        return uint8(source >> 160) == uint8(Kind.PoolToken0);
    }

    /// @dev {tok/wholeTok}
    function unit(uint256 source) internal pure returns (uint256) {
        unchecked {
            // Safe because a listed asset has at most 27 decimals.
            return 10 ** uint256(uint8(source >> 168));
        }
    }

    function otherDecimals(uint256 source) internal pure returns (uint8) {
        return uint8(source >> 176);
    }

    function quote(uint256 source) internal pure returns (uint8) {
        return uint8(source >> 184);
    }

    function heartbeat(uint256 source) internal pure returns (uint32) {
        return uint32(source >> 192);
    }

    function low(uint256 source) internal pure returns (uint16) {
        return uint16(source >> 224);
    }

    function high(uint256 source) internal pure returns (uint16) {
        return uint16(source >> 240);
    }
}
