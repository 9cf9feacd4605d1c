// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {AssetSet} from "./AssetSet.sol";

/// @title The last price of each held asset that a strike believed, in 32 bits: 24 leading binary digits, rounded up,
/// and how many follow them. Eight assets share a slot.
/// @dev A price by a pool moves at most 25 % from one keeping to the next, and no price moves twice within a day: who
/// pushes a pool, or strikes again and again, cannot walk the price away.
library LastPrices {
    using AssetSet for uint256;

    /// @dev {s} A price that is kept stays for so long.
    uint256 internal constant STEP = 1 days;
    /// @dev How many leading binary digits are kept.
    uint256 private constant DIGITS = 24;
    /// @dev Lower part of a packed price.
    uint256 private constant MASK = (1 << DIGITS) - 1;

    /// @dev All kept prices; those of assets that are not in `known` are left over and mean nothing.
    struct Table {
        uint256 known; // one bit an asset
        uint64 movedAt; // {s} when prices that were known before could last be replaced
        mapping(uint256 eighth => uint256 prices) words; // by an eighth of the index
    }

    /// @dev D18{USD/wholeTok} The least that a pool's price counts for after this one: 75 %, rounded up.
    function floorOf(uint256 last) internal pure returns (uint256) {
        return Math.ceilDiv(last * 3, 4);
    }

    /// @dev D18{USD/wholeTok} The most that a pool's price counts for after this one: 125 %, rounded down.
    function ceilingOf(uint256 last) internal pure returns (uint256) {
        return (last * 5) / 4;
    }

    /// @dev D18{USD/wholeTok} At the asset's index; zero where none is kept.
    function read(Table storage self, uint256 set) internal view returns (uint256[256] memory price) {
        (uint256 known, uint256[32] memory words) = all(self);
        set &= known;
        for (uint256 index = set.next(0); index < 256; index = set.next(index + 1)) {
            price[index] = within(words[index / 8], index);
        }
    }

    /// @dev Every price that is kept, eight a word, and of which assets they are.
    function all(Table storage self) internal view returns (uint256 known, uint256[32] memory words) {
        known = self.known;
        for (uint256 eighth = 0; eighth < 32; eighth++) {
            if ((known >> (eighth * 8)) & 0xff != 0) words[eighth] = self.words[eighth];
        }
    }

    /// @dev D18{USD/wholeTok} What the word of an asset's eighth says of it.
    function within(uint256 word, uint256 index) internal pure returns (uint256) {
        return unpack(word >> ((index % 8) * 32));
    }

    /// @dev Keeps the prices of a set as far as they are not zero, and forgets assets that are neither in it nor held.
    /// @param price D18{USD/wholeTok} In the order of the indexes.
    /// @param fed Those that a feed prices; the prices of the others move at most 25 %.
    function keep(Table storage self, uint256 set, uint256[] memory price, uint256 held, uint256 fed) internal {
        uint256 known = self.known & held;
        uint256 moving = set;
        if (block.timestamp < self.movedAt + STEP) {
            moving = set & ~known;
        } else if (set != 0) {
            // Safe because 2^64 seconds never pass.
            self.movedAt = uint64(block.timestamp);
        }
        uint256 kept = moving == 0 ? known : known | write(self, set, moving, price, known & ~fed);
        if (kept != self.known) self.known = kept;
    }

    /// @dev Writes the prices of those of a set that may move, and returns of which.
    /// @param bound Those whose price moves at most 25 %.
    function write(
        Table storage self,
        uint256 set,
        uint256 moving,
        uint256[] memory price,
        uint256 bound
    ) private returns (uint256 kept) {
        uint256 word = 0;
        uint256 loaded = 32;
        uint256 place = 0;
        for (uint256 index = set.next(0); index < 256; index = set.next(index + 1)) {
            uint256 next = price[place++];
            if (next == 0 || !moving.has(index)) continue;
            if (index / 8 != loaded) {
                if (loaded != 32) self.words[loaded] = word;
                loaded = index / 8;
                word = self.words[loaded];
            }
            uint256 shift = (index % 8) * 32;
            if (bound.has(index)) next = bounded(next, unpack(word >> shift));
            word = (word & ~(uint256(type(uint32).max) << shift)) | (pack(next) << shift);
            kept = kept.with(index);
        }
        if (loaded != 32) self.words[loaded] = word;
    }

    /// @dev Keeps one price as it is.
    function put(Table storage self, uint8 asset, uint256 price) internal {
        uint256 shift = (uint256(asset) % 8) * 32;
        uint256 word = self.words[asset / 8];
        self.words[asset / 8] = (word & ~(uint256(type(uint32).max) << shift)) | (pack(price) << shift);
        self.known = self.known.with(asset);
    }

    /// @dev Keeps no price of the asset.
    function forget(Table storage self, uint8 asset) internal {
        self.known = self.known.without(asset);
    }

    function bounded(uint256 next, uint256 last) private pure returns (uint256) {
        return Math.min(Math.max(next, floorOf(last)), ceilingOf(last));
    }

    /// @dev Rounded up by less than one part in 2^23: against who deposits. Numbers below 2^24 are kept exactly.
    function pack(uint256 value) internal pure returns (uint256) {
        uint256 length = Math.log2(value | 1) + 1;
        uint256 shift = length > DIGITS ? length - DIGITS : 0;
        uint256 digits = value >> shift;
        if (digits << shift != value) digits++;
        // Rounding up can carry into one digit more, all others zero.
        if (digits > MASK) (digits, shift) = (digits >> 1, shift + 1);
        return (shift << DIGITS) | digits;
    }

    function unpack(uint256 packed) internal pure returns (uint256) {
        return (packed & MASK) << ((packed >> DIGITS) & 0xff);
    }
}
