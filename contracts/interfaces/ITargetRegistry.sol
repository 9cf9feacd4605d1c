// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IRebalancer} from "./IRebalancer.sol";

/// @title Signed targets, from their publication to the start of the rebalance that carries them out.
interface ITargetRegistry {
    /// @notice The published target that has not been started yet.
    struct Pending {
        uint64 id;
        uint64 executableAt; // {s}
        uint64 validUntil; // {s}
        IRebalancer.Regime regime;
        bytes32 targetHash; // keccak256(abi.encode(target))
    }

    /// @notice A week's decision that trades nothing, as its signer hands it to the chain.
    struct Level {
        uint64 week;
        IRebalancer.Regime regime; // that is held
        bytes32 decisionHash; // keccak256 of the decision as canonical JSON
        bytes32 membershipRoot; // Merkle root of the index members
        uint256 twinLevel; // D18{1} level of the twin that never switches
    }

    /// @notice The signature is not by a holder of the signer role.
    error SignerUnknown(address recovered);
    /// @notice Ids only go up, and a used id never runs again.
    error TargetIdUsed(uint64 id, uint64 lastId);
    /// @notice The id does not belong to the present week.
    error TargetOfOtherWeek(uint64 id, uint64 week);
    /// @notice Only the weekly target, n = 0, leads into the market or trades in it.
    error BullTargetNotWeekly(uint64 id);
    /// @notice The target's time has passed, or never comes.
    error TargetExpired(uint64 id, uint64 validUntil);
    /// @notice The target waits for its veto delay.
    error TargetNotExecutableYet(uint64 id, uint64 executableAt);
    /// @notice Its earliest start is after its end.
    error TargetNeverExecutable(uint64 id, uint64 executableAt, uint64 validUntil);
    /// @notice The target would end before the fund may go back into the market: 14 days after it left, and not a fourth
    /// time within 90 days. Both in seconds since 1970.
    error ReturnTooEarly(uint64 validUntil, uint64 returnFrom);
    /// @notice The week has its one target or level.
    error WeekPublished(uint64 week);
    /// @notice The level does not belong to the present week.
    error LevelOfOtherWeek(uint64 levelWeek, uint64 week);
    /// @notice A level changes no regime.
    error LevelOfOtherRegime(IRebalancer.Regime held);
    /// @notice A week's publication names the root of its members.
    error MembershipRootMissing();
    /// @notice Neither pending nor under way.
    error TargetUnknown(uint64 id);
    /// @notice Only a target that leads out of stablecoins can be vetoed, and only while it is pending.
    error TargetNotVetoable(uint64 id);
    /// @notice The weights do not sum to 1,000,000.
    error WeightsSumWrong(uint256 sum);
    /// @notice An asset that is not listed, not in ascending order or not allowed in this regime.
    error WeightNotAllowed(uint256 asset);
    /// @notice The part is more than an asset of its tier may be. All in parts per million.
    error PartAboveCap(uint256 asset, uint256 part, uint256 cap);
    /// @notice The assets without a feed are more than they may be together. Both in parts per million.
    error PartsWithoutFeedAboveCap(uint256 parts, uint256 cap);
    /// @notice Only the rebalancer starts targets.
    error CallerNotRebalancer(address caller);

    /// @notice Makes a signed target pending. Anyone may send it.
    function publish(
        IRebalancer.Target calldata target,
        IRebalancer.Weights calldata weights,
        bytes calldata signature
    ) external;

    /// @notice Publishes a week in which the fund holds what it has: decision, members and level, without a rebalance.
    /// Anyone may send it.
    function publishLevel(Level calldata level, bytes calldata signature) external;

    /// @notice Withdraws a pending target that would lead out of stablecoins.
    function veto(uint64 id) external;

    /// @notice Takes the pending target for a start that happens now; it is pending no longer, and its id is used.
    /// @return before The regime that the fund was in.
    function take(IRebalancer.Target calldata target) external returns (IRebalancer.Regime before);

    /// @return The pending target; id zero when there is none.
    function pending() external view returns (Pending memory);

    /// @return The regime of the last target that was started.
    function regime() external view returns (IRebalancer.Regime);

    /// @return {s} Since when the regime has held; zero before the fund first went into the market.
    function regimeSince() external view returns (uint64);

    /// @return The id of the last target that was started.
    function lastId() external view returns (uint64);

    /// @return {s} From when on the fund may go back into the market; long past when nothing is in its way.
    function returnFrom() external view returns (uint64);

    /// @return Root of the index members that the week's target or level named; zero when there was neither.
    function rootOf(uint64 week) external view returns (bytes32);

    /// @return The hash of a level that the signer signs (EIP-712).
    function levelDigestOf(Level calldata level) external view returns (bytes32);

    /// @return The hash that the signer signs (EIP-712).
    function digestOf(IRebalancer.Target calldata target) external view returns (bytes32);

    /// @return The vault that records what happens here.
    function vault() external view returns (address);

    /// @return The only contract that starts targets.
    function rebalancer() external view returns (address);
}
