// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ITargetRegistry} from "./ITargetRegistry.sol";

/// @title The state machine of a rebalance, and what every trade must satisfy.
interface IRebalancer {
    /// @notice What the fund is in, or moving to.
    enum Regime {
        Bear,
        Bull
    }

    /// @notice A decision, as its signer hands it to the chain. Everything else follows from it.
    struct Target {
        uint64 id; // week * 8 + n, n = 0 for the weekly target, 1 to 7 for an exit on that day
        Regime regime;
        bytes32 weightsHash; // keccak256(abi.encode(assets, parts))
        bytes32 decisionHash; // keccak256 of the decision as canonical JSON
        bytes32 membershipRoot; // Merkle root of the index members
        uint256 twinLevel; // D18{1} level of the twin that never switches
        uint64 validFrom; // {s}
        uint64 validUntil; // {s}
    }

    /// @notice The weights behind a target's hash: parallel arrays, assets strictly ascending. Whole words, because smaller
    /// ones would be checked one by one at every reading; the registry checks them once.
    struct Weights {
        uint256[] assets; // indexes, below 256
        uint256[] parts; // {ppm} sum 1,000,000
    }

    /// @notice One trade, with the amount that the plan says.
    struct Leg {
        uint8 sold; // asset index
        uint8 bought; // asset index
        address pool;
        uint128 amount; // {tok} of the asset sold
        uint128 minimum; // {tok} of the asset bought
    }

    /// @notice The rebalance that is under way; id zero when there is none.
    struct Running {
        uint64 id;
        uint64 deadline; // {s}
        uint32 position; // of the next leg
        uint32 executed; // legs
        uint32 skipped; // legs
        Regime regime;
        bytes32 targetHash; // keccak256(abi.encode(target))
        uint256 exceptions; // one bit an asset whose last leg was skipped by no fault of its own
        uint128 navBefore; // D18{USD} with the deposits struck at the start
        uint128 cost; // D18{USD} value before minus after, added up over the batches
        uint64 spent; // D18{1} the same as a part of the value before, rounded up
        bool isExtraAgreed; // the guardian agreed to the extra part of the exit budget
        uint256 outside; // one bit an asset that was outside its band after the last batch
    }

    /// @notice The caller lacks the role.
    error RoleMissing(address caller, uint64 role);
    /// @notice The weights are not those that were signed.
    error WeightsNotSigned(bytes32 expected, bytes32 found);
    /// @notice Another rebalance is under way and its deadline has not passed.
    error RebalanceUnderWay(uint64 id, uint64 deadline);
    /// @notice No rebalance is under way with this target.
    error NoRebalanceUnderWay(uint64 id);
    /// @notice The batch does not continue where the last one ended.
    error PositionNotExpected(uint256 expected, uint256 found);
    /// @notice Wrapped ether in transit must be sold or spent before the end.
    error TransitLeft(uint256 amount);
    /// @notice An asset is outside its band and no skipped leg explains it.
    error AssetOutsideBand(uint8 asset, uint256 value, uint256 target);
    /// @notice An asset has no fresh price, so that nothing can be struck now.
    error PriceMissing(uint8 asset);
    /// @notice More than a fiftieth of the fund has no fresh price, so that nothing can be struck now. Both are D18{USD}
    /// with what has no fresh price at its last good one.
    error TooMuchUnpriced(uint256 unpriced, uint256 value);
    /// @notice In stablecoins anyone could buy in and out around a sweep at no risk.
    error SweepOutsideMarket();
    /// @notice Only the vault says that an asset is gone.
    error OnlyVault(address caller);
    /// @notice Strikes at any time are for a fund that is wholly in stablecoins.
    error NotInStablecoins();

    /// @notice The rebalance, with this batch, loses more than it may. Both are D18{1} of the value before.
    error LossAboveBudget(uint256 spent, uint256 limit);
    /// @notice All rebalances of the last 30 days, with this batch, lose more than they may. Both are D18{1}.
    error LossAboveWindow(uint256 loss, uint256 left);
    /// @notice There is no exit under way to which the guardian could agree.
    error NoExitUnderWay();

    /// @notice A keeper is at work, or may come back until then. In seconds since 1970.
    error NotAbandoned(uint256 abandonedFrom);
    /// @notice The token is a stablecoin, or no more than one unit of it is held.
    error NothingToSell(address token);
    /// @notice The token has no main pool with a stablecoin inside its peg band, nor with wrapped ether.
    error NoWayOut(address token);

    /// @notice Opens the extra part of the exit budget for the exit under way, which the keeper then uses.
    function agreeToExtraExit() external;

    /// @notice Starts the target if it is pending, then runs legs from the expected position on.
    /// @param firstPosition Position in the plan of the first leg given.
    function execute(
        Target calldata target,
        Weights calldata weights,
        Leg[] calldata legs,
        uint256 firstPosition
    ) external;

    /// @notice As `execute`, then as `finish`, at the same prices. What cannot end yet stays open, with what its legs have done.
    /// @return isFinished False when it stays open: `finish` says why.
    function executeAndFinish(
        Target calldata target,
        Weights calldata weights,
        Leg[] calldata legs,
        uint256 firstPosition
    ) external returns (bool isFinished);

    /// @notice Ends the rebalance and strikes the redemptions, as far as the deposit coin on hand reaches.
    function finish(Target calldata target, Weights calldata weights) external;

    /// @notice Strikes all requests at once while the fund is wholly in stablecoins; reverts when the deposit coin on
    /// hand does not pay all redemptions. Anyone may call.
    function strikeInStablecoins() external;

    /// @notice Sells all of a token but one unit towards stablecoins, when the fund is in the market and no rebalance has
    /// finished for 21 days. Anyone may call, and gets 0.1 % of the stablecoins that come in, at most 50 USD a sale. What is
    /// traded against wrapped ether becomes wrapped ether in transit; naming that sells both what is in transit and what
    /// is held. From the first call on nothing but stablecoins is bought until a signed target starts.
    function exitAbandoned(address token) external;

    /// @return {s} From when on anyone may carry out an exit without a target, if the fund is in the market.
    function abandonedFrom() external view returns (uint256);

    /// @notice Lets the vault try to move one unit of an asset. An asset whose token does not move, twice at least an hour
    /// apart, is in quarantine until it does. Anyone may call.
    function probe(uint8 asset) external;

    /// @notice Adds to the books of a held asset what its token has more than they say and what is owed: while the fund is
    /// in the market, no rebalance is under way and no request is due. Anyone may call.
    function sweep(uint8 asset) external;

    /// @notice Ends every quarantine of an asset that is delisted.
    function forget(uint8 asset) external;

    /// @return unmovable One bit an asset whose token does not move.
    /// @return unsold One bit an asset that three exits could not sell.
    function quarantined() external view returns (uint256 unmovable, uint256 unsold);

    /// @return {s} When the first of the last failed probes of an asset was; zero when there was none since it moved.
    function probeFailedAt(uint8 asset) external view returns (uint64);

    /// @return {s} A rebalance may be worked on for this long; then the next start closes it.
    function REBALANCE_TIME() external view returns (uint64);

    /// @return {s} After this anyone may carry out an exit that the keeper leaves alone.
    function KEEPER_TIME() external view returns (uint64);

    /// @return Where targets come from.
    function registry() external view returns (ITargetRegistry);

    /// @return The rebalance under way; id zero when there is none.
    function running() external view returns (Running memory);

    /// @return The regime of the last target that was started.
    function regime() external view returns (Regime);

    /// @return The id of the last target that was started.
    function lastId() external view returns (uint64);

    /// @return D18{1} What rebalances other than exits have lost in the last 30 days.
    function lossInWindow() external view returns (uint256);
}
