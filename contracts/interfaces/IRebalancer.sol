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

    /// @notice The weights behind a target's hash: parallel arrays, assets strictly ascending.
    struct Weights {
        uint8[] assets;
        uint24[] parts; // {ppm} sum 1,000,000
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
        uint256 exceptions; // one bit an asset whose last leg was skipped
        uint128 navBefore; // D18{USD} with the deposits struck at the start
        uint128 cost; // D18{USD} value before minus after, added up over the batches
        uint64 spent; // D18{1} the same as a part of the value before, rounded up
        bool isExtraAgreed; // the guardian agreed to the extra part of the exit budget
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
    /// @notice Strikes at any time are for a fund that is wholly in stablecoins.
    error NotInStablecoins();

    /// @notice The rebalance, with this batch, loses more than it may. Both are D18{1} of the value before.
    error LossAboveBudget(uint256 spent, uint256 limit);
    /// @notice All rebalances of the last 30 days, with this batch, lose more than they may. Both are D18{1}.
    error LossAboveWindow(uint256 loss, uint256 left);
    /// @notice There is no exit under way to which the guardian could agree.
    error NoExitUnderWay();

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

    /// @notice As `execute`, then as `finish`, at the same prices.
    function executeAndFinish(
        Target calldata target,
        Weights calldata weights,
        Leg[] calldata legs,
        uint256 firstPosition
    ) external;

    /// @notice Ends the rebalance and strikes the redemptions, as far as the deposit coin on hand reaches.
    function finish(Target calldata target, Weights calldata weights) external;

    /// @notice Strikes all requests at once while the fund is wholly in stablecoins; reverts when the deposit coin on
    /// hand does not pay all redemptions. Anyone may call.
    function strikeInStablecoins() external;

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
