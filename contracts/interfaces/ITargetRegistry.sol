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

    /// @notice The signature is not by a holder of the signer role.
    error SignerUnknown(address recovered);
    /// @notice Ids only go up, and a used id never runs again.
    error TargetIdUsed(uint64 id, uint64 lastId);
    /// @notice The id does not belong to the present week.
    error TargetOfOtherWeek(uint64 id, uint64 week);
    /// @notice The target's time has passed, or never comes.
    error TargetExpired(uint64 id, uint64 validUntil);
    /// @notice The target waits for its veto delay.
    error TargetNotExecutableYet(uint64 id, uint64 executableAt);
    /// @notice Neither pending nor under way.
    error TargetUnknown(uint64 id);
    /// @notice Only a target that leads out of stablecoins can be vetoed, and only while it is pending.
    error TargetNotVetoable(uint64 id);
    /// @notice The weights do not sum to 1,000,000.
    error WeightsSumWrong(uint256 sum);
    /// @notice An asset that is not listed, not in ascending order or not allowed in this regime.
    error WeightNotAllowed(uint8 asset);
    /// @notice The part is more than an asset of its tier may be. All in parts per million.
    error PartAboveCap(uint8 asset, uint256 part, uint256 cap);
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

    /// @notice Withdraws a pending target that would lead out of stablecoins.
    function veto(uint64 id) external;

    /// @notice Takes the pending target for a start that happens now; it is pending no longer, and its id is used.
    function take(IRebalancer.Target calldata target) external;

    /// @return The pending target; id zero when there is none.
    function pending() external view returns (Pending memory);

    /// @return The regime of the last target that was started.
    function regime() external view returns (IRebalancer.Regime);

    /// @return The id of the last target that was started.
    function lastId() external view returns (uint64);

    /// @return The hash that the signer signs (EIP-712).
    function digestOf(IRebalancer.Target calldata target) external view returns (bytes32);

    /// @return The vault that records what happens here.
    function vault() external view returns (address);

    /// @return The only contract that starts targets.
    function rebalancer() external view returns (address);
}
