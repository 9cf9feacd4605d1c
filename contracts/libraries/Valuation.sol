// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {AssetSet} from "./AssetSet.sol";

/// @title What the holdings are worth, at prices that are read once.
/// @dev `netAssetValue` is called by delegation, for the size of the vault; all else is internal.
library Valuation {
    using AssetSet for uint256;

    /// @dev Balances and prices, each at the asset's index.
    struct Book {
        uint256[256] balance; // {tok}
        uint256[256] quote; // as the oracle gives it: the price, zero where none is fresh, and the unit above it
    }

    /// @dev Reads balances and prices of all assets in a set.
    function read(IIndexVault vault, IPriceOracle oracle, uint256 set) internal view returns (Book memory book) {
        fill(book, vault, oracle, set);
    }

    /// @dev The same into a book that is there already; returns what `total` would, in the same walk.
    function fill(
        Book memory book,
        IIndexVault vault,
        IPriceOracle oracle,
        uint256 set
    ) internal view returns (uint256 value, uint256 missing) {
        (uint256[] memory amounts, uint256[] memory quotes) = (vault.balances(set), oracle.quotes(set));
        uint256 index = set.next(0);
        for (uint256 i = 0; i < amounts.length; i++) {
            (uint256 amount, uint256 quote) = (amounts[i], quotes[i]);
            (book.balance[index], book.quote[index]) = (amount, quote);
            if (amount > 1) {
                unchecked {
                    // Safe because a value is below 2^228, and there are no more than 256 assets.
                    if (priceIn(quote) == 0) missing = missing.with(index);
                    else value += worth(quote, amount);
                }
            }
            index = set.next(index + 1);
        }
    }

    /// @dev D18{USD/wholeTok} of an asset; zero where there is no fresh price.
    function priceOf(Book memory book, uint256 index) internal pure returns (uint256) {
        return priceIn(book.quote[index]);
    }

    /// @dev {tok/wholeTok} of an asset.
    function unitOf(Book memory book, uint256 index) internal pure returns (uint256) {
        return unitIn(book.quote[index]);
    }

    /// @dev D18{USD/wholeTok} The lower half of a quote.
    function priceIn(uint256 quote) internal pure returns (uint256) {
        return uint128(quote);
    }

    /// @dev {tok/wholeTok} The upper half of a quote.
    function unitIn(uint256 quote) internal pure returns (uint256) {
        return quote >> 128;
    }

    /// @dev D18{USD} of an amount of an asset, rounded down.
    /// @param amount {tok} Below 2^129: what is booked has 120 bits and what is bought 128. A price has at most 100.
    function valueOf(Book memory book, uint256 index, uint256 amount) internal pure returns (uint256) {
        return worth(book.quote[index], amount);
    }

    /// @dev The same by the asset's quote.
    function worth(uint256 quote, uint256 amount) internal pure returns (uint256) {
        uint256 unit = unitIn(quote);
        if (unit == 0) return 0;
        unchecked {
            // Safe because of the bounds above. D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
            return (amount * priceIn(quote)) / unit;
        }
    }

    /// @dev D18{USD} of the whole holding of an asset that has a source, at any price, rounded down.
    /// @param price D18{USD/wholeTok} At most 2^101: what a strike believes is a quarter above a price at most.
    function valueAt(Book memory book, uint256 index, uint256 price) internal pure returns (uint256) {
        unchecked {
            // Safe because of the bounds above. D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
            return (book.balance[index] * price) / unitOf(book, index);
        }
    }

    /// @dev D18{USD} of everything in a set, and the held assets in it that have no fresh price.
    function total(Book memory book, uint256 set) internal pure returns (uint256 value, uint256 missing) {
        uint256[256] memory balance = book.balance;
        for (uint256 index = set.next(0); index < 256; index = set.next(index + 1)) {
            uint256 amount = balance[index];
            if (amount <= 1) continue;
            uint256 quote = book.quote[index];
            if (priceIn(quote) == 0) missing = missing.with(index);
            else value += worth(quote, amount);
        }
    }

    /// @dev D18{USD} of all holdings. Reverts when one of them has no fresh price.
    function netAssetValue(IIndexVault vault, IPriceOracle oracle) public view returns (uint256 value) {
        uint256 held = vault.heldSet();
        uint256 missing;
        (value, missing) = total(read(vault, oracle, held), held);
        // Not as a `require`: its arguments are worked out even when it passes, and an empty set has no lowest member.
        if (missing != 0) revert IRebalancer.PriceMissing(missing.lowest());
    }
}
