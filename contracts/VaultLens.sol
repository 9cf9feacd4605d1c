// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";
import {ITargetRegistry} from "./interfaces/ITargetRegistry.sol";
import {IVenue} from "./interfaces/IVenue.sol";
import {AbandonedExit} from "./libraries/AbandonedExit.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {CASH, ETHER, FIRST_MONDAY, LEAST_REDEMPTION, PPM, TRANSIT, WEEK} from "./libraries/FundConstants.sol";
import {LossBudget} from "./libraries/LossBudget.sol";
import {Membership} from "./libraries/Membership.sol";
import {Valuation} from "./libraries/Valuation.sol";
import {Terms} from "./vault/Terms.sol";

/// @title What a person wants to know of the fund, in one call each. It has no power and holds nothing.
contract VaultLens {
    using AssetSet for uint256;
    using Valuation for Valuation.Book;

    /// @notice Where the fund stands.
    struct Status {
        string regime;
        uint64 regimeSince; // {s} zero before the fund first went into the market
        uint64 lastId; // of the last target that was started
        uint64 pendingId; // zero when there is none
        uint64 executableAt; // {s} of the pending target
        uint64 runningId; // zero when no rebalance is under way
        uint256 nav; // D18{USD} without the assets that have no fresh price
        uint256 unpriced; // held assets without a fresh price
        uint256 supply; // {share}
        uint256 depositsPending; // {tok} of the deposit coin
        uint256 sharesDue; // {share}
        uint256 setAside; // {tok} of the deposit coin
        uint256 sequence; // of the last line of the ledger
        bytes26 head;
        Moments moments;
        Budgets budgets;
    }

    /// @notice When something can happen next. Zero where nothing is waiting for it.
    struct Moments {
        uint64 cutoff; // {s} The end of the week, when the open epoch closes
        uint64 returnFrom; // {s} from then on the fund may go back into the market; long past when nothing hinders it
        uint64 validUntil; // {s} until then the pending target can be started
        uint64 deadline; // {s} of the rebalance under way; afterwards it only sells and the next start closes it
        uint64 anyoneFrom; // {s} from then on anyone may carry out the exit that is pending or under way
        uint64 extraOpensAt; // {s} from then on the exit under way may use the extra budget, if not agreed before
    }

    /// @notice What trading may lose, and has lost, each as D18{1} of the value before.
    struct Budgets {
        uint256 rebalanceLimit;
        uint256 rebalanceUsed; // by the rebalance under way, unless it is an exit
        uint256 windowLimit; // of all rebalances but exits in 30 days
        uint256 windowUsed;
        uint256 exitLimit; // without the extra part
        uint256 exitExtra; // what the extra part adds
        uint256 exitUsed; // by the exit under way
        bool isExtraOpen;
    }

    /// @notice What is known on chain of a rebalance. All but the first three fields are zero unless it is under way.
    struct RebalanceInfo {
        string state; // unknown, pending, expired, running, late, last, past
        uint64 executableAt; // {s} while it is pending
        uint64 validUntil; // {s} while it is pending
        uint64 deadline; // {s}
        uint32 position; // of the next leg
        uint32 executed; // legs
        uint32 skipped; // legs
        uint256 exceptions; // one bit an asset whose last leg was skipped
        uint256 navBefore; // D18{USD} with the deposits struck at the start
        uint256 cost; // D18{USD}
    }

    /// @notice Every cost that a depositor bears, and what a request must keep to. Gas comes on top.
    struct Costs {
        uint256 depositSwing; // {bps} that a deposit requested now leaves to the fund
        uint256 redemptionSwing; // {bps} that a redemption requested now leaves to the fund
        uint256 leastSwing; // {bps} the least that a new epoch can have in the present regime
        uint256 mostSwing; // {bps} the most that an epoch can ever have
        uint256 fee; // {bps} a year of the shares that are charged now
        uint256 bullFee; // {bps} a year in the market
        uint256 bearFee; // {bps} a year in stablecoins
        uint256 mostBullFee; // {bps} a year; no owner can go above
        uint256 mostBearFee; // {bps} a year; no owner can go above
        address feeRecipient;
        uint256 depositCap; // D18{USD}; 2^96 - 1 is none
        uint256 depositCapUsed; // D18{USD} the last known NAV and the deposits that wait, a coin as a dollar
        uint256 depositRoom; // {tok} of the deposit coin up to the cap, paused or not; 2^256 - 1 without a cap
        uint64 depositsPausedUntil; // {s} zero when they are not paused
        uint256 leastDeposit; // {tok} of the deposit coin
        uint256 leastRedemption; // {share} unless it is all that the owner has
    }

    /// @notice What keeps the fund from trading. Sets have one bit an asset.
    struct Guards {
        uint64 buyingPausedUntil; // {s} zero when buying is not paused
        uint256 closed; // assets that the guardian closed for buying
        uint256 unmovable; // in quarantine because the token does not move
        uint256 unsold; // in quarantine because three exits could not sell it
        uint64 abandonedFrom; // {s} from then on anyone may sell towards stablecoins; zero when not in the market
    }

    /// @notice Where an asset's price comes from, and how old it is.
    struct PriceAge {
        uint8 asset;
        address token;
        address source; // a feed, or a pool that is averaged to this moment
        bool isFeed;
        bool isFresh; // it has a price now
        uint64 age; // {s} since the feed's last answer
        uint32 heartbeat; // {s} after which an answer counts no more
    }

    IIndexVault public immutable VAULT;
    IRebalancer public immutable REBALANCER;
    IPriceOracle public immutable ORACLE;

    constructor(IIndexVault vault, IRebalancer rebalancer, IPriceOracle oracle) {
        (VAULT, REBALANCER, ORACLE) = (vault, rebalancer, oracle);
    }

    /// @notice Where the fund stands now.
    function status() external view returns (Status memory now_) {
        uint256 held = VAULT.heldSet();
        (uint256 nav, uint256 missing) = Valuation.read(VAULT, ORACLE, held).total(held);
        ITargetRegistry registry = REBALANCER.registry();
        ITargetRegistry.Pending memory pending = registry.pending();
        IRebalancer.Running memory running = REBALANCER.running();
        now_.regimeSince = registry.regimeSince();
        now_.regime = REBALANCER.regime() == IRebalancer.Regime.Bull ? "bull" : "bear";
        now_.lastId = REBALANCER.lastId();
        (now_.pendingId, now_.executableAt, now_.runningId) = (pending.id, pending.executableAt, running.id);
        (now_.nav, now_.unpriced) = (nav, missing.size());
        now_.supply = IERC20(address(VAULT)).totalSupply();
        now_.depositsPending = VAULT.depositsPending();
        now_.sharesDue = VAULT.sharesDue();
        now_.setAside = VAULT.setAside();
        (now_.sequence, now_.head) = VAULT.ledger();
        now_.moments = _moments(pending, running);
        now_.budgets = _budgets(running);
    }

    /// @notice What a deposit will cost, before it is requested. The mean measured cost of the last four rebalances, from
    /// which the swing is made, is in the ledger's lines.
    function costs() external view returns (Costs memory costs_) {
        IIndexVault.Conditions memory terms = VAULT.conditions();
        bool isBull = _isTermsBull();
        (costs_.depositSwing, costs_.redemptionSwing) = (terms.depositSwing, terms.redemptionSwing);
        (costs_.leastSwing, costs_.mostSwing) = (isBull ? Terms.LEAST_BULL_SWING : 0, Terms.MOST_SWING);
        costs_.fee = isBull ? terms.bullFee : terms.bearFee;
        (costs_.bullFee, costs_.bearFee, costs_.feeRecipient) = (terms.bullFee, terms.bearFee, terms.recipient);
        (costs_.mostBullFee, costs_.mostBearFee) = (Terms.MOST_BULL_FEE, Terms.MOST_BEAR_FEE);
        costs_.depositCap = terms.depositCap;
        (costs_.depositCapUsed, costs_.depositRoom) = _room(terms);
        // Safe because times fit into 64 bits.
        costs_.depositsPausedUntil = block.timestamp < terms.pausedUntil ? uint64(terms.pausedUntil) : 0;
        (costs_.leastDeposit, costs_.leastRedemption) = (_coinUnit(), LEAST_REDEMPTION);
    }

    /// @notice What keeps the fund from trading now, and from when on others may act in the keeper's place.
    function guards() external view returns (Guards memory guards_) {
        IVenue venue = VAULT.VENUE();
        uint64 until = venue.buyingPausedUntil();
        guards_.buyingPausedUntil = block.timestamp < until ? until : 0;
        guards_.closed = venue.closedSet();
        (guards_.unmovable, guards_.unsold) = REBALANCER.quarantined();
        bool isBull = REBALANCER.regime() == IRebalancer.Regime.Bull;
        // Safe because times fit into 64 bits.
        guards_.abandonedFrom = isBull ? uint64(REBALANCER.abandonedFrom()) : 0;
    }

    /// @notice What is known on chain of a rebalance. The ledger's lines tell the rest.
    function rebalanceInfo(uint64 id) external view returns (RebalanceInfo memory info) {
        ITargetRegistry.Pending memory pending = REBALANCER.registry().pending();
        IRebalancer.Running memory running = REBALANCER.running();
        uint64 last = REBALANCER.lastId();
        if (id == 0) {
            info.state = "unknown";
        } else if (id == pending.id) {
            info.state = block.timestamp > pending.validUntil ? "expired" : "pending";
            (info.executableAt, info.validUntil) = (pending.executableAt, pending.validUntil);
        } else if (id == running.id) {
            info.state = block.timestamp > running.deadline ? "late" : "running";
            (info.deadline, info.position) = (running.deadline, running.position);
            (info.executed, info.skipped, info.exceptions) = (running.executed, running.skipped, running.exceptions);
            (info.navBefore, info.cost) = (running.navBefore, running.cost);
        } else if (id == last) {
            info.state = "last";
        } else {
            info.state = id < last ? "past" : "unknown";
        }
    }

    /// @notice Every listed asset's price source, in the order of the asset indexes.
    function priceAges() external view returns (PriceAge[] memory ages) {
        uint256 listed = VAULT.listedSet();
        (uint256[256] memory price, ) = ORACLE.prices(listed);
        ages = new PriceAge[](listed.size());
        for (uint256 i = 0; i < ages.length; i++) {
            uint8 index = listed.lowest();
            listed = listed.rest();
            ages[i] = _priceAge(index, price[index] != 0);
        }
    }

    /// @notice Whether a coin was in the index of a week, at its place, with this rank, cap and reason.
    /// @param count How many members the index had.
    function provesMember(uint64 week, uint256 count, Membership.Proof calldata proof) external view returns (bool) {
        return Membership.contains(REBALANCER.registry().rootOf(week), count, proof);
    }

    /// @notice Whether a coin was not in the index of a week.
    /// @param neighbours The members between which it would stand; one when it would be first or last.
    function provesAbsence(
        uint64 week,
        uint256 count,
        string calldata coinId,
        Membership.Proof[] calldata neighbours
    ) external view returns (bool) {
        return Membership.lacks(REBALANCER.registry().rootOf(week), count, coinId, neighbours);
    }

    /// @notice Everything that is held: parallel arrays in the order of the asset indexes.
    /// @return tokens The token of each holding; wrapped ether in transit stands apart from wrapped ether held.
    /// @return amounts {tok}
    /// @return prices D18{USD/wholeTok} Zero where there is no fresh price.
    /// @return values D18{USD}
    /// @return weights {ppm} of the NAV, rounded down.
    function holdings()
        external
        view
        returns (
            address[] memory tokens,
            uint256[] memory amounts,
            uint256[] memory prices,
            uint256[] memory values,
            uint256[] memory weights
        )
    {
        uint256 held = VAULT.heldSet();
        Valuation.Book memory book = Valuation.read(VAULT, ORACLE, held);
        (uint256 nav, ) = book.total(held);
        uint256 count = held.size();
        (tokens, amounts, prices) = (new address[](count), new uint256[](count), new uint256[](count));
        (values, weights) = (new uint256[](count), new uint256[](count));
        for (uint256 i = 0; i < count; i++) {
            uint8 index = held.lowest();
            held = held.rest();
            tokens[i] = VAULT.assetAt(index == TRANSIT ? ETHER : index).token;
            (amounts[i], prices[i]) = (book.balance[index], book.priceOf(index));
            values[i] = book.valueOf(index, amounts[i]);
            weights[i] = nav == 0 ? 0 : Math.mulDiv(values[i], PPM, nav);
        }
    }

    /* INTERNALS */

    /// @dev An exit without a target changes the terms, but not the regime of the last target.
    function _isTermsBull() private view returns (bool) {
        return REBALANCER.regime() == IRebalancer.Regime.Bull && REBALANCER.running().id != AbandonedExit.ID;
    }

    /// @dev As the vault reckons when a deposit is requested.
    /// @return used D18{USD}
    /// @return room {tok}
    function _room(IIndexVault.Conditions memory terms) private view returns (uint256 used, uint256 room) {
        (uint256 pending, uint256 unit) = (VAULT.depositsPending(), _coinUnit());
        // D18{USD} = D18{USD} + {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        used = terms.lastNav + Math.mulDiv(pending, 1e18, unit, Math.Rounding.Ceil);
        if (terms.depositCap == type(uint96).max) return (used, type(uint256).max);
        if (used >= terms.depositCap) return (used, 0);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok} - {tok}
        room = Math.mulDiv(terms.depositCap - terms.lastNav, unit, 1e18) - pending;
    }

    /// @dev {tok/wholeTok}
    function _coinUnit() private view returns (uint256) {
        return 10 ** uint256(VAULT.assetAt(CASH).decimals);
    }

    function _moments(
        ITargetRegistry.Pending memory pending,
        IRebalancer.Running memory running
    ) private view returns (Moments memory moments) {
        // Safe because times fit into 64 bits.
        moments.cutoff = uint64(FIRST_MONDAY + ((block.timestamp - FIRST_MONDAY) / WEEK + 1) * WEEK);
        moments.returnFrom = REBALANCER.registry().returnFrom();
        moments.validUntil = pending.validUntil;
        moments.deadline = running.deadline;
        if (running.id != 0 && running.regime == IRebalancer.Regime.Bear) {
            uint64 startedAt = running.deadline - REBALANCER.REBALANCE_TIME();
            moments.anyoneFrom = startedAt + REBALANCER.KEEPER_TIME();
            // Safe because times fit into 64 bits.
            moments.extraOpensAt = startedAt + uint64(LossBudget.EXTRA_OPENS_AFTER);
        } else if (pending.id != 0 && pending.regime == IRebalancer.Regime.Bear) {
            moments.anyoneFrom = pending.executableAt + REBALANCER.KEEPER_TIME();
        }
    }

    function _budgets(IRebalancer.Running memory running) private view returns (Budgets memory budgets) {
        bool isExit = running.id != 0 && running.regime == IRebalancer.Regime.Bear;
        budgets.rebalanceLimit = LossBudget.PER_REBALANCE;
        budgets.windowLimit = LossBudget.PER_WINDOW;
        budgets.windowUsed = REBALANCER.lossInWindow();
        budgets.exitLimit = LossBudget.PER_EXIT;
        budgets.exitExtra = LossBudget.EXIT_EXTRA;
        if (!isExit) {
            budgets.rebalanceUsed = running.spent;
            return budgets;
        }
        budgets.exitUsed = running.spent;
        uint256 startedAt = running.deadline - REBALANCER.REBALANCE_TIME();
        budgets.isExtraOpen = running.isExtraAgreed || block.timestamp >= startedAt + LossBudget.EXTRA_OPENS_AFTER;
    }

    function _priceAge(uint8 index, bool isFresh) private view returns (PriceAge memory) {
        (address feed, uint32 heartbeat, uint256 updatedAt, address pool) = ORACLE.source(index);
        return
            PriceAge({
                asset: index,
                token: VAULT.assetAt(index).token,
                source: feed == address(0) ? pool : feed,
                isFeed: feed != address(0),
                isFresh: isFresh,
                // Safe because times fit into 64 bits, and an answer of the future counts as none.
                age: updatedAt == 0 ? 0 : uint64(block.timestamp - updatedAt),
                heartbeat: heartbeat
            });
    }
}
