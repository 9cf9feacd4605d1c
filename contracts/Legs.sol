// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";
import {IVenue} from "./interfaces/IVenue.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {CASH, ETHER, TRANSIT} from "./libraries/FundConstants.sol";
import {LegLimits} from "./libraries/LegLimits.sol";
import {Quarantine} from "./libraries/Quarantine.sol";
import {TargetBand} from "./libraries/TargetBand.sol";
import {Valuation} from "./libraries/Valuation.sol";

/// @title What each trade of a batch must satisfy, and its execution.
/// @dev PRICE a leg brings the reference (the oracle's price, read once a batch) less its limit, and moves its pool's
/// price no further than that. Outside exits the pool may also not stand far from the reference before the leg.
/// EXIT the legs of a bear target know no pause, no closed asset or pool and no spot rule; their limit doubles twice, and
/// one that fails is tried again by the mean of its own pool.
/// TOKENS a stablecoin away from a dollar is bought in no regime, and may leave in bear.
abstract contract Legs is IRebalancer {
    using AssetSet for uint256;
    using SafeCast for uint256;
    using Quarantine for Quarantine.State;
    using Valuation for Valuation.Book;

    /// @dev Working memory of one call: what is held, at prices read once, and where it should go.
    struct Batch {
        uint64 id;
        uint256 set; // assets held, targeted or traded
        uint256 nav; // D18{USD}
        uint256 missing; // held assets without a fresh price
        uint256 quarantined; // one bit an asset
        Valuation.Book book;
        uint256[256] target; // D18{USD}
        uint256 stable; // listed stablecoins
        uint256 offPeg; // stablecoins in the set whose price is not near a dollar
        uint256 limited; // assets with a price limit of their own
        uint256 closed; // assets that must not be bought; all of them during a pause, none in an exit
    }

    /// @dev What became of a leg.
    enum Outcome {
        Executed,
        Skipped,
        OutOfGas
    }

    /// @dev {s} A rebalance may be worked on for this long; then the next start closes it.
    uint64 public constant REBALANCE_TIME = 24 hours;
    /// @dev {gas} For one leg, whatever the tokens do.
    uint256 private constant LEG_GAS = 700_000;
    /// @dev {gas} Kept for ending the batch after the last leg.
    uint256 private constant BATCH_RESERVE = 400_000;
    /// @dev {gas} For the second look at a pool after a failure: the mean over its observations takes most of it.
    uint256 private constant MEAN_GAS = 350_000;

    IIndexVault public immutable VAULT;
    IPriceOracle public immutable ORACLE;
    IVenue public immutable VENUE;

    Running internal _running;
    Quarantine.State internal _quarantine;

    constructor(IIndexVault vault, IPriceOracle oracle, IVenue venue) {
        (VAULT, ORACLE, VENUE) = (vault, oracle, venue);
    }

    /// @dev What holds for the purchases of this batch. An exit is held up by no pause and no closed asset.
    function _readRules(Batch memory batch) internal view {
        batch.stable = VAULT.stableSet();
        for (uint256 open = batch.stable & batch.set; open != 0; open = open.rest()) {
            uint8 index = open.lowest();
            if (!LegLimits.isOnPeg(batch.book.price[index])) batch.offPeg = batch.offPeg.with(index);
        }
        (batch.closed, batch.limited) = VENUE.rules();
        if (_running.regime == Regime.Bear) batch.closed = 0;
    }

    function _runLegs(Batch memory batch, Leg[] calldata legs) internal {
        uint32 position = _running.position;
        uint256 exceptions = _running.exceptions;
        uint32 skips = 0;
        uint256 count = 0;
        uint256 watched = _quarantine.watched();
        for (; count < legs.length; count++) {
            // Out of gas is never a skip: without the full allowance the batch ends here and can be continued.
            if (gasleft() < (LEG_GAS * 64) / 63 + BATCH_RESERVE) break;
            Leg calldata leg = legs[count];
            (Outcome outcome, string memory reason, uint256 excused) = _runLeg(batch, leg, position);
            if (outcome == Outcome.OutOfGas) break;
            if (outcome == Outcome.Executed) {
                exceptions = exceptions.without(leg.sold).without(leg.bought);
                if (watched.has(leg.sold)) _release(batch, leg.sold);
            } else {
                exceptions |= excused;
                VAULT.recordSkip(batch.id, position, leg.sold, leg.bought, reason);
                skips++;
            }
            position++;
        }
        _running.position = position;
        _running.exceptions = exceptions;
        // Safe because there are fewer legs than 2^32 in any calldata.
        _running.executed += uint32(count) - skips;
        _running.skipped += skips;
    }

    /// @dev What was sold can be sold. Right after the leg, so that the ledger is the same however a plan is split.
    function _release(Batch memory batch, uint8 asset) private {
        batch.quarantined = batch.quarantined.without(asset);
        _quarantine.release(VAULT, asset);
    }

    /// @dev Runs one leg. A leg that is left out says why, and names the assets that may end outside their band for it:
    /// none when the leg itself was at fault.
    function _runLeg(
        Batch memory batch,
        Leg calldata leg,
        uint32 position
    ) private returns (Outcome outcome, string memory reason, uint256 excused) {
        (reason, excused) = _refusal(batch, leg);
        if (bytes(reason).length != 0) return (Outcome.Skipped, reason, excused);
        (IIndexVault.Order memory order, uint256 floor) = _orderOf(batch, leg, position);
        if (_swap(batch, order)) return (Outcome.Executed, "", 0);
        // Only for a leg that has failed is its pool looked at once more: a batch without failures pays nothing for it.
        if (gasleft() < ((LEG_GAS + MEAN_GAS) * 64) / 63 + BATCH_RESERVE) return (Outcome.OutOfGas, "", 0);
        (uint256 lower, uint256 capacity) = VENUE.secondLook(order);
        if (lower < floor && leg.minimum < floor) {
            order.minimum = Math.max(_aboveFeed(lower, order), leg.minimum).toUint128();
            if (_swap(batch, order)) return (Outcome.Executed, "", 0);
        }
        if (leg.minimum <= floor && leg.amount <= capacity) {
            excused = uint256(0).with(LegLimits.subjectOf(leg.sold, leg.bought));
        }
        return (Outcome.Skipped, "swap failed or below minimum", excused);
    }

    /// @return order With the floor, or the plan's own minimum where that is higher.
    /// @return floor {tok} of the asset bought.
    function _orderOf(
        Batch memory batch,
        Leg calldata leg,
        uint32 position
    ) private view returns (IIndexVault.Order memory order, uint256 floor) {
        bool isExit = _running.regime == Regime.Bear;
        uint8 subject = LegLimits.subjectOf(leg.sold, leg.bought);
        if (subject == TRANSIT) subject = ETHER;
        uint256 limit = batch.limited.has(subject) ? VENUE.priceLimit(subject) : LegLimits.DEFAULT;
        if (isExit) limit = LegLimits.ofExit(limit, block.timestamp - _startedAt());
        uint256 fair = _fair(batch, leg);
        floor = LegLimits.floorOf(fair, limit);
        order = IIndexVault.Order({
            id: batch.id,
            position: position,
            sold: leg.sold,
            bought: leg.bought,
            pool: leg.pool,
            amount: leg.amount,
            minimum: Math.max(floor, leg.minimum).toUint128(),
            fair: fair.toUint128(),
            // Safe because a limit is at most 1,000 bps, and what is left of an output is no more than the output.
            terms: IVenue.Terms(isExit, uint16(limit), isExit ? 0 : uint128(LegLimits.floorOf(fair, LegLimits.SPOT)))
        });
    }

    function _swap(Batch memory batch, IIndexVault.Order memory order) private returns (bool) {
        // No returned data is copied on failure: a token cannot fill this call's memory.
        try VAULT.swap{gas: LEG_GAS}(order) returns (uint256 bought) {
            batch.book.balance[order.sold] -= order.amount;
            batch.book.balance[order.bought] += bought;
            return true;
        } catch {
            return false;
        }
    }

    /// @dev {tok} A floor, but not under 90% of what a fresh feed says.
    function _aboveFeed(uint256 floor, IIndexVault.Order memory order) private view returns (uint256) {
        bool isFed = ORACLE.fedSet().has(order.sold == TRANSIT ? ETHER : order.sold);
        return isFed ? Math.max(floor, LegLimits.floorOf(order.fair, LegLimits.EXIT)) : floor;
    }

    /// @dev Why a leg must not run, or nothing, and what may end outside its band for it.
    function _refusal(Batch memory batch, Leg calldata leg) private view returns (string memory, uint256) {
        Valuation.Book memory book = batch.book;
        if (leg.sold == leg.bought || leg.amount == 0) return ("nothing to trade", 0);
        if (!batch.set.has(leg.sold) || !batch.set.has(leg.bought)) return ("asset neither held nor targeted", 0);
        if (book.price[leg.sold] == 0) return ("no fresh price", uint256(0).with(leg.sold));
        if (book.price[leg.bought] == 0) return ("no fresh price", uint256(0).with(leg.bought));
        string memory closed = _closure(batch, leg);
        if (bytes(closed).length != 0) {
            // What is above its target should not be bought at all, and is to be sold whatever is closed.
            bool isWanted = book.valueOf(leg.bought, book.balance[leg.bought]) < batch.target[leg.bought];
            return (closed, isWanted ? uint256(0).with(leg.bought) : 0);
        }
        if (leg.amount >= book.balance[leg.sold]) return ("more than is held", 0);
        if (_fair(batch, leg) > type(uint128).max) return ("output too large", 0);
        uint256 left = book.valueOf(leg.sold, book.balance[leg.sold] - leg.amount);
        if (!TargetBand.mayFallTo(left, batch.target[leg.sold], batch.nav)) return ("sells below target", 0);
        if (_running.regime == Regime.Bear && leg.bought == TRANSIT && (batch.stable & ~batch.offPeg).has(leg.sold)) {
            return ("stablecoins stay in bear", 0);
        }
        return (_refusalToBuy(batch, leg), 0);
    }

    /// @dev Why the asset must not be bought now by anyone, or nothing.
    function _closure(Batch memory batch, Leg calldata leg) private pure returns (string memory) {
        if (batch.quarantined.has(leg.bought)) return "asset in quarantine";
        if (batch.offPeg.has(leg.bought)) return "off its peg";
        // Turning ether in transit, or a holding, into the deposit coin or into transit is a sale.
        bool isSale = leg.bought == CASH || (leg.bought == TRANSIT && leg.sold != CASH);
        return !isSale && batch.closed.has(leg.bought) ? "closed for buying" : "";
    }

    /// @dev Why the amount must not be bought, or nothing.
    function _refusalToBuy(Batch memory batch, Leg calldata leg) private view returns (string memory) {
        if (leg.bought == TRANSIT || leg.bought == CASH) return "";
        // Ether in transit that becomes a stablecoin is the second half of a sale.
        bool isSale = leg.sold == TRANSIT && batch.stable.has(leg.bought);
        if (!isSale && block.timestamp > _running.deadline) return "only sells after the deadline";
        Valuation.Book memory book = batch.book;
        uint256 reached = book.valueOf(leg.bought, book.balance[leg.bought] + _fair(batch, leg));
        if (!TargetBand.mayRiseTo(reached, batch.target[leg.bought], batch.nav)) return "buys above target";
        return "";
    }

    /// @dev {tok} of the asset bought that the amount sold is worth, rounded up: against the keeper.
    function _fair(Batch memory batch, Leg calldata leg) private pure returns (uint256) {
        Valuation.Book memory book = batch.book;
        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        uint256 value = Math.mulDiv(leg.amount, book.price[leg.sold], book.unit[leg.sold], Math.Rounding.Ceil);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.mulDiv(value, book.unit[leg.bought], book.price[leg.bought], Math.Rounding.Ceil);
    }

    /// @dev {s} When the rebalance under way was started.
    function _startedAt() internal view returns (uint256) {
        return _running.deadline - REBALANCE_TIME;
    }
}
