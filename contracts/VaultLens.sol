// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";
import {ITargetRegistry} from "./interfaces/ITargetRegistry.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {ETHER, PPM, TRANSIT} from "./libraries/FundConstants.sol";
import {Membership} from "./libraries/Membership.sol";
import {Valuation} from "./libraries/Valuation.sol";

/// @title What a person wants to know of the fund, in one call each. It has no power and holds nothing.
contract VaultLens {
    using AssetSet for uint256;
    using Valuation for Valuation.Book;

    /// @notice Where the fund stands.
    struct Status {
        string regime;
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
        ITargetRegistry.Pending memory pending = REBALANCER.registry().pending();
        now_.regime = REBALANCER.regime() == IRebalancer.Regime.Bull ? "bull" : "bear";
        now_.lastId = REBALANCER.lastId();
        (now_.pendingId, now_.executableAt) = (pending.id, pending.executableAt);
        now_.runningId = REBALANCER.running().id;
        (now_.nav, now_.unpriced) = (nav, missing.size());
        now_.supply = IERC20(address(VAULT)).totalSupply();
        now_.depositsPending = VAULT.depositsPending();
        now_.sharesDue = VAULT.sharesDue();
        now_.setAside = VAULT.setAside();
        (now_.sequence, now_.head) = VAULT.ledger();
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
            (amounts[i], prices[i]) = (book.balance[index], book.price[index]);
            values[i] = book.valueOf(index, amounts[i]);
            weights[i] = nav == 0 ? 0 : Math.mulDiv(values[i], PPM, nav);
        }
    }
}
