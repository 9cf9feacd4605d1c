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
        uint256[256] price; // D18{USD/wholeTok}, zero where there is no fresh price
        uint256[256] unit; // {tok/wholeTok}
    }

    /// @dev Reads balances and prices of all assets in a set.
    function read(IIndexVault vault, IPriceOracle oracle, uint256 set) internal view returns (Book memory book) {
        fill(book, vault, oracle, set);
    }

    /// @dev The same into a book that is there already.
    function fill(Book memory book, IIndexVault vault, IPriceOracle oracle, uint256 set) internal view {
        book.balance = vault.balances(set);
        (book.price, book.unit) = oracle.prices(set);
    }

    /// @dev D18{USD} of an amount of an asset, rounded down.
    /// @param amount {tok} Below 2^129: what is booked has 120 bits and what is bought 128. A price has at most 100.
    function valueOf(Book memory book, uint256 index, uint256 amount) internal pure returns (uint256) {
        uint256 unit = book.unit[index];
        if (unit == 0) return 0;
        uint256 price = book.price[index];
        unchecked {
            // Safe because of the bounds above. D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
            return (amount * price) / unit;
        }
    }

    /// @dev D18{USD} of everything in a set, and the held assets in it that have no fresh price.
    function total(Book memory book, uint256 set) internal pure returns (uint256 value, uint256 missing) {
        for (uint256 index = set.next(0); index < 256; index = set.next(index + 1)) {
            uint256 amount = book.balance[index];
            if (amount <= 1) continue;
            if (book.price[index] == 0) missing = missing.with(index);
            else value += valueOf(book, index, amount);
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
