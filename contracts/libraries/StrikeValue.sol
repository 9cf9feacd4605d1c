// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {AssetSet} from "./AssetSet.sol";
import {BPS, CASH, ETHER, TRANSIT} from "./FundConstants.sol";
import {LastPrices} from "./LastPrices.sol";
import {Valuation} from "./Valuation.sol";

/// @title What the holdings count for at a strike: more when deposits pay than when redemptions get.
/// @dev DEPOSITS pay the fresh price, of a pool at least 75 % of the last good one; without a fresh price the last good
/// one; in quarantine the higher of both, or who pays the lower could leave in kind with units worth the higher.
/// REDEMPTIONS get the fresh price, of a pool at most 125 % of the last good one; what has no fresh price or is in
/// quarantine counts nothing, and they get their part of its units instead.
library StrikeValue {
    using AssetSet for uint256;
    using Valuation for Valuation.Book;

    /// @dev {bps} Of the value, which may lack a fresh price at a strike: 2%. What is in quarantine is no part of this:
    /// it may stay there for ever, and the fund goes on without it.
    uint256 internal constant MOST_UNPRICED = 200;

    /// @dev What is known of the assets beside their fresh prices.
    struct Facts {
        uint256[256] last; // D18{USD/wholeTok}
        uint256 fed; // one bit an asset that a feed prices
        uint256 quarantined; // one bit an asset
    }

    /// @dev The two sides.
    struct Sides {
        uint256 high; // D18{USD} that deposits pay
        uint256 low; // D18{USD} that redemptions get
        uint256 unpriced; // D18{USD} at last good prices, of what has no fresh one and is not in quarantine
        uint256 unknown; // held assets that cannot be priced for deposits
        uint256 inKind; // held assets of which redemptions get units
        bool isCashPriced;
    }

    /// @dev Values everything in a set that is held.
    function sidesOf(
        Valuation.Book memory book,
        uint256 set,
        Facts memory facts
    ) internal pure returns (Sides memory sides) {
        sides.isCashPriced = book.price[CASH] != 0 && !facts.quarantined.has(CASH);
        for (; set != 0; set = set.rest()) {
            uint256 index = set.lowest();
            if (book.balance[index] > 1) add(sides, book, index, facts);
        }
    }

    /// @dev True when too much has no fresh price for a strike.
    function isTooUnpriced(Sides memory sides) internal pure returns (bool) {
        return sides.unpriced * BPS > sides.high * MOST_UNPRICED;
    }

    function add(Sides memory sides, Valuation.Book memory book, uint256 index, Facts memory facts) private pure {
        // Wrapped ether in transit is wrapped ether.
        uint256 named = index == TRANSIT ? ETHER : index;
        uint256 fresh = book.price[index];
        uint256 last = facts.last[named];
        if (fresh == 0 || facts.quarantined.has(named)) {
            sides.inKind = sides.inKind.with(index);
            uint256 believed = Math.max(last, fresh);
            if (believed == 0) {
                sides.unknown = sides.unknown.with(index);
                return;
            }
            uint256 value = valueAt(book, index, believed, Math.Rounding.Ceil);
            sides.high += value;
            if (!facts.quarantined.has(named)) sides.unpriced += value;
            return;
        }
        bool isBounded = last != 0 && !facts.fed.has(named);
        uint256 paid = isBounded ? Math.max(fresh, LastPrices.floorOf(last)) : fresh;
        uint256 got = isBounded ? Math.min(fresh, LastPrices.ceilingOf(last)) : fresh;
        sides.high += valueAt(book, index, paid, Math.Rounding.Floor);
        sides.low += valueAt(book, index, got, Math.Rounding.Floor);
    }

    /// @dev D18{USD}
    function valueAt(
        Valuation.Book memory book,
        uint256 index,
        uint256 price,
        Math.Rounding rounding
    ) private pure returns (uint256) {
        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        return book.unit[index] == 0 ? 0 : Math.mulDiv(book.balance[index], price, book.unit[index], rounding);
    }
}
