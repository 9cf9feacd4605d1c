// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {IVenue} from "../interfaces/IVenue.sol";
import {AssetSet} from "./AssetSet.sol";
import {BPS, ETHER, TRANSIT} from "./FundConstants.sol";
import {LegLimits} from "./LegLimits.sol";
import {LossBudget} from "./LossBudget.sol";
import {Valuation} from "./Valuation.sol";

/// @title The way out that needs neither signer nor keeper: where a holding goes, and what whoever sends it gets.
/// @dev ROUTE the caller names a token and nothing else. It is sold for the first stablecoin inside its peg band with
/// which it has a main pool, or else for wrapped ether in transit.
/// REWARD a part of the stablecoins that came in, so that dust is worth dust and nothing comes of a call that sells
/// nothing. It is charged to the exit budget, which bounds all rewards of one exit together.
/// SIZE called by delegation, so that the rebalancer stays under the limit of a contract's size.
library AbandonedExit {
    using AssetSet for uint256;
    using SafeCast for uint256;
    using Valuation for Valuation.Book;

    /// @dev Under this id the ledger keeps the exit; no target has it, because it belongs to January 1970.
    uint64 internal constant ID = 1;
    /// @dev {s} So long after the last finish the fund counts as abandoned.
    uint256 internal constant SILENCE = 21 days;
    /// @dev {s} An exit without a target has no end of its own; its time counts only for the limits that widen.
    uint64 private constant TIME = 24 hours;
    /// @dev {bps} Of the stablecoins that a call brings in: 0.1%.
    uint256 internal constant REWARD = 10;
    /// @dev D18{USD} The most that one sale is rewarded with: 50 USD.
    uint256 internal constant MOST_REWARD = 50e18;

    /// @dev Where the money, the prices and the pools are.
    struct Parts {
        IIndexVault vault;
        IPriceOracle oracle;
        IVenue venue;
    }

    /// @dev One sale that somebody has asked for.
    struct Sale {
        uint8 sold;
        uint32 position; // in the exit's legs
        uint256 limit; // {bps} that the output may be below what the oracle says
    }

    /// @dev Sells a token for whoever calls, and begins the exit with the first sale.
    function run(IRebalancer.Running storage running, Parts memory parts, address token) external {
        uint8 asset = parts.vault.indexOf(token);
        uint256 stable = parts.vault.stableSet();
        uint256 set = (parts.vault.heldSet() | stable).with(ETHER).with(TRANSIT);
        Valuation.Book memory book = Valuation.read(parts.vault, parts.oracle, set);
        (uint256 before, ) = book.total(set);
        if (running.id != ID) begin(running, parts.vault, before);

        bool isSold = !stable.has(asset) && sell(running, parts, book, asset);
        if (asset == ETHER && sell(running, parts, book, TRANSIT)) isSold = true;
        require(isSold, IRebalancer.NothingToSell(token));
        (uint256 afterwards, ) = book.total(set);
        if (afterwards < before) charge(running, before, afterwards);
    }

    /// @dev A rebalance whose deadline has not passed goes first.
    function begin(IRebalancer.Running storage running, IIndexVault vault, uint256 nav) private {
        if (running.id != 0) {
            bool isLate = block.timestamp > running.deadline;
            require(isLate, IRebalancer.RebalanceUnderWay(running.id, running.deadline));
            vault.recordClose(running.id, "deadline passed", running.outside);
        }
        IRebalancer.Target memory none;
        (none.id, none.regime) = (ID, IRebalancer.Regime.Bear);
        (running.id, running.regime) = (ID, IRebalancer.Regime.Bear);
        running.deadline = (block.timestamp + TIME).toUint64();
        (running.position, running.executed, running.skipped) = (0, 0, 0);
        (running.targetHash, running.exceptions, running.outside) = (0, 0, 0);
        // Safe because of the minimum.
        running.navBefore = uint128(Math.min(nav, type(uint128).max));
        (running.cost, running.spent, running.isExtraAgreed) = (0, 0, false);
        vault.recordStart(none, nav);
    }

    /// @dev Adds what a call lost to what the exit has lost, and stops where it may lose no more.
    function charge(IRebalancer.Running storage running, uint256 before, uint256 afterwards) private {
        uint64 spent = running.spent + LossBudget.lossOf(before, afterwards);
        // Safe because of the minimum.
        running.cost = uint128(Math.min(running.cost + (before - afterwards), type(uint128).max));
        running.spent = spent;
        bool isLate = block.timestamp >= startedAt(running) + LossBudget.EXTRA_OPENS_AFTER;
        LossBudget.chargeExit(spent, running.isExtraAgreed || isLate);
    }

    /// @dev {s}
    function startedAt(IRebalancer.Running storage running) private view returns (uint256) {
        return running.deadline - TIME;
    }

    /// @dev Sells all of an asset but one unit, or as much as moves the pool no further than the limit, and pays the reward.
    /// What fails reverts the whole call: there is nobody to skip it for. False when there is no more than one unit.
    function sell(
        IRebalancer.Running storage running,
        Parts memory parts,
        Valuation.Book memory book,
        uint8 sold
    ) private returns (bool) {
        if (book.balance[sold] <= 1) return false;
        uint256 limit = LegLimits.ofExit(LegLimits.DEFAULT, block.timestamp - startedAt(running));
        IIndexVault.Order memory order = orderOf(parts, book, Sale(sold, running.position, limit));
        uint256 received = parts.vault.swapOrder(order);
        (running.position, running.executed) = (running.position + 1, running.executed + 1);
        if (order.bought != TRANSIT) {
            uint256 reward = rewardOf(book, order.bought, received);
            if (reward != 0) parts.vault.payReward(ID, order.bought, reward, msg.sender);
            received -= reward;
        }
        book.balance[sold] -= order.amount;
        book.balance[order.bought] += received;
        return true;
    }

    /// @dev The sale of everything but one unit, or of what the pool takes.
    function orderOf(
        Parts memory parts,
        Valuation.Book memory book,
        Sale memory sale
    ) private view returns (IIndexVault.Order memory order) {
        if (book.priceOf(sale.sold) == 0) revert IRebalancer.PriceMissing(sale.sold);
        (uint8 coin, address pool) = routeOf(parts, book, sale.sold);
        if (book.priceOf(coin) == 0) revert IRebalancer.PriceMissing(coin);
        (order.id, order.position, order.sold, order.bought) = (ID, sale.position, sale.sold, coin);
        order.pool = pool;
        order.terms = IVenue.Terms(true, sale.limit, 0);
        priceOrder(book, order, sale.limit, book.balance[sale.sold] - 1);
        (, uint256 capacity) = parts.venue.secondLook(order);
        // Half of it, because beyond the next tick there may be less: what remains is for the next call.
        if (order.amount > capacity / 2) priceOrder(book, order, sale.limit, capacity / 2);
    }

    /// @dev Sets how much is sold, what that is worth, and the least that it must bring.
    function priceOrder(
        Valuation.Book memory book,
        IIndexVault.Order memory order,
        uint256 limit,
        uint256 amount
    ) private pure {
        order.amount = amount;
        order.fair = fairOf(book, order.sold, order.bought, amount);
        order.minimum = LegLimits.floorOf(order.fair, limit);
    }

    /// @dev What an asset is sold for, and on which pool. Reverts when there is no way.
    function routeOf(
        Parts memory parts,
        Valuation.Book memory book,
        uint8 sold
    ) private view returns (uint8 bought, address pool) {
        (IIndexVault vault, IVenue venue) = (parts.vault, parts.venue);
        bool isEther = sold == ETHER || sold == TRANSIT;
        address weth = vault.assetAt(ETHER).token;
        address token = isEther ? weth : vault.assetAt(sold).token;
        for (uint256 coins = vault.stableSet(); coins != 0; coins = coins.rest()) {
            bought = coins.lowest();
            if (!LegLimits.isOnPeg(book.priceOf(bought))) continue;
            pool = venue.poolOf(token, vault.assetAt(bought).token);
            if (pool != address(0)) return (bought, pool);
        }
        if (!isEther) pool = venue.poolOf(token, weth);
        require(pool != address(0), IRebalancer.NoWayOut(token));
        return (TRANSIT, pool);
    }

    /// @dev {tok} of the asset bought that an amount is worth, rounded up: against the caller.
    function fairOf(
        Valuation.Book memory book,
        uint8 sold,
        uint8 bought,
        uint256 amount
    ) private pure returns (uint256) {
        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        uint256 value = Math.mulDiv(amount, book.priceOf(sold), book.unitOf(sold), Math.Rounding.Ceil);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.mulDiv(value, book.unitOf(bought), book.priceOf(bought), Math.Rounding.Ceil);
    }

    /// @dev {tok} What the caller gets of the stablecoins that came in.
    function rewardOf(Valuation.Book memory book, uint8 coin, uint256 amount) private pure returns (uint256) {
        // {tok} = {tok} * {bps} / {bps}
        uint256 part = Math.mulDiv(amount, REWARD, BPS);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.min(part, Math.mulDiv(MOST_REWARD, book.unitOf(coin), book.priceOf(coin)));
    }
}
