// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {IVenue} from "../interfaces/IVenue.sol";
import {AssetSet} from "./AssetSet.sol";
import {BPS, ETHER, TRANSIT} from "./FundConstants.sol";
import {LegLimits} from "./LegLimits.sol";
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

    /// @dev Under this id the ledger keeps the exit; no target has it, because it belongs to January 1970.
    uint64 internal constant ID = 1;
    /// @dev {s} So long after the last finish the fund counts as abandoned.
    uint256 internal constant SILENCE = 21 days;
    /// @dev {bps} Of the stablecoins that a call brings in: 0.1%.
    uint256 internal constant REWARD = 10;
    /// @dev D18{USD} The most that one sale is rewarded with: 50 USD.
    uint256 internal constant MOST_REWARD = 50e18;
    /// @dev One sale that somebody has asked for.
    struct Sale {
        uint8 sold;
        uint32 position; // in the exit's legs
        uint256 limit; // {bps} that the output may be below what the oracle says
        address caller;
    }

    /// @dev Sells all of an asset but one unit, or as much as moves the pool no further than the limit, and pays the reward.
    /// What fails reverts the whole call: there is nobody to skip it for.
    /// @return coin What it was sold for.
    /// @return amount {tok} that was sold.
    /// @return received {tok} What the holdings gained of it.
    function sell(
        IIndexVault vault,
        IVenue venue,
        Valuation.Book memory book,
        Sale memory sale
    ) external returns (uint8 coin, uint256 amount, uint256 received) {
        uint8 sold = sale.sold;
        if (book.price[sold] == 0) revert IRebalancer.PriceMissing(sold);
        address pool;
        (coin, pool) = routeOf(vault, venue, book, sold);
        if (book.price[coin] == 0) revert IRebalancer.PriceMissing(coin);
        IIndexVault.Order memory order = orderOf(book, sale, coin, pool);
        (, uint256 capacity) = venue.secondLook(order);
        // Half of it, because beyond the next tick there may be less: what remains is for the next call.
        if (order.amount > capacity / 2) priceOrder(book, order, sale.limit, capacity / 2);
        (amount, received) = (order.amount, vault.swap(order));
        if (coin == TRANSIT) return (coin, amount, received);
        uint256 reward = rewardOf(book, coin, received);
        if (reward != 0) vault.payReward(ID, coin, reward, sale.caller);
        received -= reward;
    }

    /// @dev The sale of everything but one unit.
    function orderOf(
        Valuation.Book memory book,
        Sale memory sale,
        uint8 coin,
        address pool
    ) private pure returns (IIndexVault.Order memory order) {
        (order.id, order.position, order.sold, order.bought) = (ID, sale.position, sale.sold, coin);
        order.pool = pool;
        // Safe because a limit is at most 1,000 bps.
        order.terms = IVenue.Terms(true, uint16(sale.limit), 0);
        priceOrder(book, order, sale.limit, book.balance[sale.sold] - 1);
    }

    /// @dev Sets how much is sold, what that is worth, and the least that it must bring.
    function priceOrder(
        Valuation.Book memory book,
        IIndexVault.Order memory order,
        uint256 limit,
        uint256 amount
    ) private pure {
        uint256 fair = fairOf(book, order.sold, order.bought, amount);
        order.amount = amount.toUint128();
        order.minimum = LegLimits.floorOf(fair, limit).toUint128();
        order.fair = fair.toUint128();
    }

    /// @dev What an asset is sold for, and on which pool. Reverts when there is no way.
    function routeOf(
        IIndexVault vault,
        IVenue venue,
        Valuation.Book memory book,
        uint8 sold
    ) private view returns (uint8 bought, address pool) {
        bool isEther = sold == ETHER || sold == TRANSIT;
        address weth = vault.assetAt(ETHER).token;
        address token = isEther ? weth : vault.assetAt(sold).token;
        for (uint256 coins = vault.stableSet(); coins != 0; coins = coins.rest()) {
            bought = coins.lowest();
            if (!LegLimits.isOnPeg(book.price[bought])) continue;
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
        uint256 value = Math.mulDiv(amount, book.price[sold], book.unit[sold], Math.Rounding.Ceil);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.mulDiv(value, book.unit[bought], book.price[bought], Math.Rounding.Ceil);
    }

    /// @dev {tok} What the caller gets of the stablecoins that came in.
    function rewardOf(Valuation.Book memory book, uint8 coin, uint256 amount) private pure returns (uint256) {
        // {tok} = {tok} * {bps} / {bps}
        uint256 part = Math.mulDiv(amount, REWARD, BPS);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.min(part, Math.mulDiv(MOST_REWARD, book.unit[coin], book.price[coin]));
    }
}
