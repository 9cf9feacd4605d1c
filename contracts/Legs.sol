// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
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
    using Quarantine for Quarantine.State;
    using Valuation for Valuation.Book;

    /// @dev Working memory of one call: what is held, at prices read once, and where it should go.
    struct Batch {
        uint64 id;
        uint256 set; // assets held, targeted or traded
        uint256 nav; // D18{USD}
        uint256 missing; // held assets without a fresh price
        uint256 quarantined; // one bit an asset
        uint256 kept; // assets whose prices were kept as the last good ones
        Valuation.Book book;
        uint256[256] target; // D18{USD}
        uint256 stable; // listed stablecoins
        uint256 offPeg; // stablecoins in the set whose price is not near a dollar
        uint256 limited; // assets with a price limit of their own
        uint256 closed; // assets that must not be bought; all of them during a pause, none in an exit
        bool isExit;
        uint256 deadline; // {s}
    }

    /// @dev What became of a leg.
    enum Outcome {
        Executed,
        Skipped,
        OutOfGas
    }

    /// @dev How a swap ended. Only against what brought too little does a lower minimum help.
    enum Swap {
        Done,
        TooLittle,
        Failed
    }

    /// @dev {s} A rebalance may be worked on for this long; then the next start closes it.
    uint64 public constant REBALANCE_TIME = 24 hours;
    /// @dev {gas} For one leg, whatever the tokens do.
    uint256 private constant LEG_GAS = 700_000;
    /// @dev {gas} Kept for ending the batch after the last leg.
    uint256 private constant BATCH_RESERVE = 400_000;
    /// @dev {gas} For the second look at a pool after a failure: the mean over its observations takes most of it.
    uint256 private constant MEAN_GAS = 350_000;
    /// @dev Bytes of the vault's error about an output that is too small: a selector and two words.
    uint256 private constant ERROR_SIZE = 68;

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
            if (!LegLimits.isOnPeg(batch.book.priceOf(index))) batch.offPeg = batch.offPeg.with(index);
        }
        (batch.closed, batch.limited) = VENUE.rules();
        (batch.isExit, batch.deadline) = (_running.regime == Regime.Bear, _running.deadline);
        if (batch.isExit) batch.closed = 0;
    }

    function _runLegs(Batch memory batch, Leg[] calldata legs) internal {
        uint32 position = _running.position;
        uint256 exceptions = _running.exceptions;
        uint32 skips = 0;
        uint256 count = 0;
        // One order for all legs: memory costs more the more of it there is.
        IIndexVault.Order memory order;
        order.id = batch.id;
        uint256 watched = _quarantine.watched();
        for (; count < legs.length; count++) {
            // Out of gas is never a skip: without the full allowance the batch ends here and can be continued.
            if (gasleft() < (LEG_GAS * 64) / 63 + BATCH_RESERVE) break;
            // Read once: each look at calldata would be checked again.
            Leg memory leg = legs[count];
            order.position = position;
            (Outcome outcome, bytes32 reason, uint256 excused) = _runLeg(batch, leg, order);
            if (outcome == Outcome.OutOfGas) break;
            if (outcome == Outcome.Executed) {
                exceptions = exceptions.without(leg.sold).without(leg.bought);
                if (watched.has(leg.sold)) _release(batch, leg.sold);
            } else {
                exceptions |= excused;
                VAULT.recordSkip(batch.id, position, leg.sold, leg.bought, _words(reason));
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
        Leg memory leg,
        IIndexVault.Order memory order
    ) private returns (Outcome outcome, bytes32 reason, uint256 excused) {
        uint256 fair;
        (reason, excused, fair) = _refusal(batch, leg);
        if (reason != 0) return (Outcome.Skipped, reason, excused);
        uint256 floor = _fill(order, batch, leg, fair);
        Swap result = _swap(batch, order);
        if (result == Swap.Done) return (Outcome.Executed, 0, 0);
        // Only for a leg that has failed is its pool looked at once more: a batch without failures pays nothing for it.
        // The mean, which only exits go by, is asked for when it can help: no minimum moves a token that is frozen.
        if (result == Swap.Failed) order.terms.isExit = false;
        else if (gasleft() < ((LEG_GAS + MEAN_GAS) * 64) / 63 + BATCH_RESERVE) return (Outcome.OutOfGas, 0, 0);
        (uint256 lower, uint256 capacity) = VENUE.secondLook(order);
        if (lower < floor && leg.minimum < floor) {
            order.minimum = Math.max(_aboveFeed(lower, order), leg.minimum);
            if (_swap(batch, order) == Swap.Done) return (Outcome.Executed, 0, 0);
        }
        if (leg.minimum <= floor && leg.amount <= capacity) {
            excused = uint256(0).with(LegLimits.subjectOf(leg.sold, leg.bought));
        }
        return (Outcome.Skipped, "swap failed or below minimum", excused);
    }

    /// @dev Fills in what differs from leg to leg: with the floor, or the plan's own minimum where that is higher.
    /// @param fair {tok} of the asset bought, below 2^128.
    /// @return floor {tok} of the asset bought.
    function _fill(
        IIndexVault.Order memory order,
        Batch memory batch,
        Leg memory leg,
        uint256 fair
    ) private view returns (uint256 floor) {
        bool isExit = batch.isExit;
        (uint8 sold, uint8 bought) = (leg.sold, leg.bought);
        uint8 subject = LegLimits.subjectOf(sold, bought);
        if (subject == TRANSIT) subject = ETHER;
        uint256 limit = batch.limited.has(subject) ? VENUE.priceLimit(subject) : LegLimits.DEFAULT;
        if (isExit) limit = LegLimits.ofExit(limit, block.timestamp + REBALANCE_TIME - batch.deadline);
        floor = LegLimits.floorOf(fair, limit);
        (order.sold, order.bought, order.pool, order.amount) = (sold, bought, leg.pool, leg.amount);
        (order.minimum, order.fair) = (Math.max(floor, leg.minimum), fair);
        IVenue.Terms memory terms = order.terms;
        // Set anew because the former leg may have taken the exit off.
        (terms.isExit, terms.maxMove) = (isExit, limit);
        if (!isExit) terms.spotMinimum = LegLimits.floorOf(fair, LegLimits.SPOT);
    }

    function _swap(Batch memory batch, IIndexVault.Order memory order) private returns (Swap) {
        try VAULT.swapOrder{gas: LEG_GAS}(order) returns (uint256 bought) {
            batch.book.balance[order.sold] -= order.amount;
            batch.book.balance[order.bought] += bought;
            return Swap.Done;
        } catch {
            // Of returned data no more is copied than the vault's own error has: a token cannot fill this call's memory.
            // A token that gives itself the vault's error gets no more than a second try.
            if (LowLevelCall.returnDataSize() != ERROR_SIZE) return Swap.Failed;
            bool isTooLittle = bytes4(LowLevelCall.returnData()) == IIndexVault.OutputBelowMinimum.selector;
            return isTooLittle ? Swap.TooLittle : Swap.Failed;
        }
    }

    /// @dev {tok} A floor, but not under 90% of what a fresh feed says.
    function _aboveFeed(uint256 floor, IIndexVault.Order memory order) private view returns (uint256) {
        bool isFed = ORACLE.fedSet().has(order.sold == TRANSIT ? ETHER : order.sold);
        return isFed ? Math.max(floor, LegLimits.floorOf(order.fair, LegLimits.EXIT)) : floor;
    }

    /// @dev Why a leg must not run, or nothing, and what may end outside its band for it.
    /// @return reason Zero when there is none.
    /// @return excused One bit an asset.
    /// @return fair {tok} of the asset bought that the amount is worth, below 2^128; means nothing when there is a reason.
    function _refusal(
        Batch memory batch,
        Leg memory leg
    ) private view returns (bytes32 reason, uint256 excused, uint256 fair) {
        Valuation.Book memory book = batch.book;
        (uint256 sold, uint256 bought) = (leg.sold, leg.bought);
        if (sold == bought || leg.amount == 0) return ("nothing to trade", 0, 0);
        if (!batch.set.has(sold) || !batch.set.has(bought)) return ("asset neither held nor targeted", 0, 0);
        (uint256 quoteSold, uint256 quoteBought) = (book.quote[sold], book.quote[bought]);
        if (Valuation.priceIn(quoteSold) == 0) return ("no fresh price", uint256(0).with(sold), 0);
        if (Valuation.priceIn(quoteBought) == 0) return ("no fresh price", uint256(0).with(bought), 0);
        reason = _closure(batch, leg);
        if (reason != 0) {
            // What is above its target should not be bought at all, and is to be sold whatever is closed.
            bool isWanted = book.valueOf(bought, book.balance[bought]) < batch.target[bought];
            return (reason, isWanted ? uint256(0).with(bought) : 0, 0);
        }
        uint256 held = book.balance[sold];
        if (leg.amount >= held) return ("more than is held", 0, 0);
        fair = _fair(leg.amount, quoteSold, quoteBought);
        if (fair > type(uint128).max) return ("output too large", 0, 0);
        reason = _refusalOfAmount(batch, leg, fair);
    }

    /// @dev Why the asset must not be bought now by anyone, or nothing.
    function _closure(Batch memory batch, Leg memory leg) private pure returns (bytes32) {
        (uint8 sold, uint8 bought) = (leg.sold, leg.bought);
        if (batch.quarantined.has(bought)) return "asset in quarantine";
        if (batch.offPeg.has(bought)) return "off its peg";
        // Turning ether in transit, or a holding, into the deposit coin or into transit is a sale.
        bool isSale = bought == CASH || (bought == TRANSIT && sold != CASH);
        return !isSale && batch.closed.has(bought) ? bytes32("closed for buying") : bytes32(0);
    }

    /// @dev Why the amount must not be sold or bought, or nothing.
    function _refusalOfAmount(Batch memory batch, Leg memory leg, uint256 fair) private view returns (bytes32) {
        Valuation.Book memory book = batch.book;
        (uint8 sold, uint8 bought) = (leg.sold, leg.bought);
        uint256 left = book.valueOf(sold, book.balance[sold] - leg.amount);
        if (!TargetBand.mayFallTo(left, batch.target[sold], batch.nav)) return "sells below target";
        if (bought == TRANSIT) {
            bool staysHere = batch.isExit && (batch.stable & ~batch.offPeg).has(sold);
            return staysHere ? bytes32("stablecoins stay in bear") : bytes32(0);
        }
        if (bought == CASH) return 0;
        // Ether in transit that becomes a stablecoin is the second half of a sale.
        bool isSale = sold == TRANSIT && batch.stable.has(bought);
        if (!isSale && block.timestamp > batch.deadline) return "only sells after the deadline";
        uint256 reached = book.valueOf(bought, book.balance[bought] + fair);
        return
            TargetBand.mayRiseTo(reached, batch.target[bought], batch.nav) ? bytes32(0) : bytes32("buys above target");
    }

    /// @dev {tok} of the asset bought that the amount sold is worth, rounded up: against the keeper. The amount is held,
    /// and so below 2^120; prices are below 2^100, and units below 2^90.
    function _fair(uint256 amount, uint256 quoteSold, uint256 quoteBought) private pure returns (uint256) {
        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        uint256 value = Math.ceilDiv(amount * Valuation.priceIn(quoteSold), Valuation.unitIn(quoteSold));
        // No trade is worth 300 billion billion dollars, and below that the next product fits.
        if (value > type(uint128).max) return type(uint256).max;
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.ceilDiv(value * Valuation.unitIn(quoteBought), Valuation.priceIn(quoteBought));
    }

    /// @dev A reason of at most 32 letters as the record wants it.
    function _words(bytes32 reason) private pure returns (string memory) {
        uint256 length = 0;
        while (length < 32 && reason[length] != 0) length++;
        bytes memory words = new bytes(length);
        for (uint256 i = 0; i < length; i++) words[i] = reason[i];
        return string(words);
    }

    /// @dev {s} When the rebalance under way was started.
    function _startedAt() internal view returns (uint256) {
        return _running.deadline - REBALANCE_TIME;
    }
}
