// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
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
        IPriceOracle.Kept kept; // feeds and last good prices
        uint256 missing; // one bit a held asset without a fresh price
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

    /// @dev Values everything in a set that is held. What a feed prices now, or a pool within its bounds, counts on both
    /// sides as in the NAV: only the rest is looked at.
    /// @param nav D18{USD} Of the set, as `total` gives it.
    function sidesOf(
        Valuation.Book memory book,
        uint256 set,
        uint256 nav,
        Facts memory facts
    ) internal pure returns (Sides memory sides) {
        (sides.high, sides.low) = (nav, nav);
        sides.isCashPriced = book.priceOf(CASH) != 0 && !facts.quarantined.has(CASH);
        uint256 open = set & (~facts.kept.fed | facts.missing | facts.quarantined);
        for (uint256 index = open.next(0); index < 256; index = open.next(index + 1)) {
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
        uint256 fresh = book.priceOf(index);
        if (fresh == 0 || facts.quarantined.has(named)) {
            addDoubtful(sides, book, index, facts);
            return;
        }
        uint256 last = facts.kept.fed.has(named) ? 0 : lastOf(facts, named);
        if (last == 0) return;
        uint256 paid = Math.max(fresh, LastPrices.floorOf(last));
        uint256 got = Math.min(fresh, LastPrices.ceilingOf(last));
        if (paid == got) return;
        uint256 counted = book.valueAt(index, fresh);
        sides.high += book.valueAt(index, paid) - counted;
        sides.low -= counted - book.valueAt(index, got);
    }

    /// @dev What has no fresh price, or is in quarantine.
    function addDoubtful(
        Sides memory sides,
        Valuation.Book memory book,
        uint256 index,
        Facts memory facts
    ) private pure {
        uint256 named = index == TRANSIT ? ETHER : index;
        uint256 fresh = book.priceOf(index);
        uint256 counted = book.valueOf(index, book.balance[index]);
        sides.inKind = sides.inKind.with(index);
        sides.low -= counted;
        uint256 believed = Math.max(lastOf(facts, named), fresh);
        if (believed == 0) {
            sides.unknown = sides.unknown.with(index);
            return;
        }
        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        uint256 value = Math.ceilDiv(book.balance[index] * believed, book.unitOf(index));
        sides.high += value - counted;
        if (!facts.quarantined.has(named)) sides.unpriced += value;
    }

    /// @dev D18{USD/wholeTok} The last good price; zero where there is none.
    function lastOf(Facts memory facts, uint256 named) private pure returns (uint256) {
        IPriceOracle.Kept memory kept = facts.kept;
        return kept.known.has(named) ? LastPrices.within(kept.words[named / 8], named) : 0;
    }
}
