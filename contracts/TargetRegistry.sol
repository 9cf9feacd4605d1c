// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";
import {ITargetRegistry} from "./interfaces/ITargetRegistry.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {FIRST_MONDAY, GUARDIAN_ROLE, PPM, SIGNER_ROLE, TRANSIT, WEEK} from "./libraries/FundConstants.sol";
import {LegLimits} from "./libraries/LegLimits.sol";
import {ReturnLimits} from "./libraries/ReturnLimits.sol";
import {TargetCaps} from "./libraries/TargetCaps.sol";

/// @title Signed targets, from their publication to the start of the rebalance that carries them out.
/// @dev TARGETS publish -> (veto delay) -> taken by the rebalancer at its start. A target that leads to stablecoins waits
/// for nothing and takes the place of whatever is pending. A return to the market waits for dwell and flips as well.
/// MEMBERS one root a week, from the weekly target or from a level, which is a week without a rebalance.
/// ROLES the signer names targets and sends nothing; the guardian withdraws a pending target that leads out of
/// stablecoins. Roles are read from the AccessManager directly, so that a closed manager target cannot stop a way to
/// safety.
/// ODDITIES the vault, not this contract, emits every event.
contract TargetRegistry is ITargetRegistry, AccessManaged, EIP712 {
    using AssetSet for uint256;
    using ReturnLimits for ReturnLimits.Turns;
    using SafeCast for uint256;
    using TargetCaps for TargetCaps.Tiers;

    /// @dev {s} Between publication and the start of a target that leads out of stablecoins.
    uint64 public constant VETO_DELAY = 11 hours;
    /// @dev {s} The longest that a target may stay valid.
    uint64 public constant LONGEST_VALIDITY = 7 days;

    bytes32 private constant TARGET_TYPEHASH = keccak256(
        "Target(uint64 id,uint8 regime,bytes32 weightsHash,bytes32 decisionHash,bytes32 membershipRoot,"
        "uint256 twinLevel,uint64 validFrom,uint64 validUntil)"
    );

    bytes32 private constant LEVEL_TYPEHASH = keccak256(
        "Level(uint64 week,uint8 regime,bytes32 decisionHash,bytes32 membershipRoot,uint256 twinLevel)"
    );
    /// @dev Ids of one week: n = 0 is the weekly target, and only that leads into the market.
    uint64 private constant IDS_A_WEEK = 8;

    /// @inheritdoc ITargetRegistry
    address public immutable vault;
    /// @inheritdoc ITargetRegistry
    address public immutable rebalancer;
    IPriceOracle public immutable ORACLE;

    /// @inheritdoc ITargetRegistry
    IRebalancer.Regime public regime;
    /// @inheritdoc ITargetRegistry
    uint64 public lastId;
    /// @dev The week of the last level.
    uint32 private _levelWeek;
    /// @dev The pending target, in one slot with all above; none when its id is zero. The rest stays then, so that the
    /// next target pays for no new slot.
    uint64 private _pendingId;
    uint40 private _pendingFrom; // {s}
    uint40 private _pendingUntil; // {s}
    IRebalancer.Regime private _pendingRegime;
    bytes32 private _pendingHash;
    ReturnLimits.Turns private _turns;
    /// @inheritdoc ITargetRegistry
    mapping(uint64 week => bytes32 root) public rootOf;

    constructor(
        address authority,
        address vault_,
        address rebalancer_,
        IPriceOracle oracle
    ) AccessManaged(authority) EIP712("TM Global 100", "1") {
        (vault, rebalancer, ORACLE) = (vault_, rebalancer_, oracle);
    }

    /* VIEWS */

    /// @inheritdoc ITargetRegistry
    function pending() public view returns (Pending memory) {
        if (_pendingId == 0) return Pending(0, 0, 0, IRebalancer.Regime.Bear, 0);
        return Pending(_pendingId, _pendingFrom, _pendingUntil, _pendingRegime, _pendingHash);
    }

    /// @inheritdoc ITargetRegistry
    function regimeSince() external view returns (uint64) {
        return _turns.latest();
    }

    /// @inheritdoc ITargetRegistry
    function returnFrom() public view returns (uint64) {
        return _turns.earliest();
    }

    /// @inheritdoc ITargetRegistry
    function levelDigestOf(Level calldata level) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(LEVEL_TYPEHASH, level)));
    }

    /// @inheritdoc ITargetRegistry
    function digestOf(IRebalancer.Target calldata target) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(TARGET_TYPEHASH, target)));
    }

    /* SIGNER */

    /// @inheritdoc ITargetRegistry
    function publish(
        IRebalancer.Target calldata target,
        IRebalancer.Weights calldata weights,
        bytes calldata signature
    ) external {
        _requireSigner(digestOf(target), signature);
        _requireInTime(target);
        _requireSigned(target, weights);
        _requireAllowed(target.regime, weights.assets, weights.parts);

        uint64 executableAt = _executableAt(target);
        if (target.id % IDS_A_WEEK == 0) _setRoot(target.id / IDS_A_WEEK, target.membershipRoot);
        // Safe because no target ends later than a week from now, and all start before they end.
        (_pendingFrom, _pendingUntil) = (uint40(executableAt), uint40(target.validUntil));
        (_pendingId, _pendingRegime) = (target.id, target.regime);
        _pendingHash = keccak256(abi.encode(target));
        IIndexVault(vault).recordTarget(target, weights, executableAt);
    }

    /// @inheritdoc ITargetRegistry
    function publishLevel(Level calldata level, bytes calldata signature) external {
        _requireSigner(levelDigestOf(level), signature);
        uint64 week = _week();
        require(level.week == week, LevelOfOtherWeek(level.week, week));
        require(level.regime == regime, LevelOfOtherRegime(regime));
        require(rootOf[week] == 0, WeekPublished(week));
        _setRoot(week, level.membershipRoot);
        _levelWeek = uint256(week).toUint32();
        IIndexVault(vault).recordLevel(level);
    }

    /* GUARDIAN */

    /// @inheritdoc ITargetRegistry
    function veto(uint64 id) external {
        require(_hasRole(GUARDIAN_ROLE, msg.sender), IRebalancer.RoleMissing(msg.sender, GUARDIAN_ROLE));
        bool isVetoable = id != 0 && _pendingId == id && _pendingRegime == IRebalancer.Regime.Bull;
        require(isVetoable, TargetNotVetoable(id));
        _pendingId = 0;
        IIndexVault(vault).recordVeto(id, msg.sender);
    }

    /* REBALANCER */

    /// @inheritdoc ITargetRegistry
    function take(IRebalancer.Target calldata target) external returns (IRebalancer.Regime before) {
        require(msg.sender == rebalancer, CallerNotRebalancer(msg.sender));
        Pending memory next = pending();
        bool isPending = next.id == target.id && next.targetHash == keccak256(abi.encode(target));
        require(isPending, TargetUnknown(target.id));
        require(block.timestamp >= next.executableAt, TargetNotExecutableYet(next.id, next.executableAt));
        require(block.timestamp <= next.validUntil, TargetExpired(next.id, next.validUntil));
        _pendingId = 0;
        before = regime;
        (lastId, regime) = (target.id, target.regime);
        if (before == target.regime) return before;
        if (target.regime == IRebalancer.Regime.Bear) _turns.noteExit();
        else _turns.noteReturn();
    }

    /* INTERNALS */

    function _requireInTime(IRebalancer.Target calldata target) private view {
        uint64 newest = lastId > _pendingId ? lastId : _pendingId;
        require(target.id > newest, TargetIdUsed(target.id, newest));
        uint64 week = _week();
        require(target.id / IDS_A_WEEK == week, TargetOfOtherWeek(target.id, week));
        bool isWeekly = target.id % IDS_A_WEEK == 0;
        require(isWeekly || target.regime == IRebalancer.Regime.Bear, BullTargetNotWeekly(target.id));
        require(!isWeekly || _levelWeek != week, WeekPublished(week));
        require(
            block.timestamp < target.validUntil && target.validUntil <= block.timestamp + LONGEST_VALIDITY,
            TargetExpired(target.id, target.validUntil)
        );
    }

    /// @dev {s} The earliest start. While a bull target is pending, the regime cannot change without replacing it, so
    /// that the limits on a return need no second look at the start.
    function _executableAt(IRebalancer.Target calldata target) private view returns (uint64 at) {
        at = block.timestamp.toUint64();
        if (target.validFrom > at) at = target.validFrom;
        if (target.regime == IRebalancer.Regime.Bull) {
            uint64 vetoUntil = block.timestamp.toUint64() + VETO_DELAY;
            if (vetoUntil > at) at = vetoUntil;
            uint64 from = regime == IRebalancer.Regime.Bear ? returnFrom() : 0;
            if (from > at) {
                require(from <= target.validUntil, ReturnTooEarly(target.validUntil, from));
                at = from;
            }
        }
        require(at <= target.validUntil, TargetNeverExecutable(target.id, at, target.validUntil));
    }

    /// @dev A target that was vetoed may be published again, and then its root counts.
    function _setRoot(uint64 week, bytes32 root) private {
        require(root != 0, MembershipRootMissing());
        rootOf[week] = root;
    }

    function _week() private view returns (uint64) {
        return ((block.timestamp - FIRST_MONDAY) / WEEK).toUint64();
    }

    function _requireSigner(bytes32 digest, bytes calldata signature) private view {
        address signer = ECDSA.recover(digest, signature);
        require(_hasRole(SIGNER_ROLE, signer), SignerUnknown(signer));
    }

    function _requireSigned(IRebalancer.Target calldata target, IRebalancer.Weights calldata weights) private pure {
        bytes32 found = keccak256(abi.encode(weights.assets, weights.parts));
        require(found == target.weightsHash, IRebalancer.WeightsNotSigned(target.weightsHash, found));
    }

    /// @dev One walk, which also gives the bounds that the types of the arrays do not.
    function _requireAllowed(
        IRebalancer.Regime next,
        uint256[] calldata assets,
        uint256[] calldata parts
    ) private view {
        (uint256 allowed, TargetCaps.Tiers memory tiers) = _tiersFor(next);
        uint256 pooled = tiers.pooled();
        uint256 sum = 0;
        uint256 pooledSum = 0;
        uint256 least = 0;
        require(assets.length == parts.length, WeightNotAllowed(TRANSIT));
        for (uint256 i = 0; i < assets.length; i++) {
            (uint256 asset, uint256 part) = (assets[i], parts[i]);
            // Strictly ascending; a set has no member above 255.
            require(asset >= least && allowed.has(asset), WeightNotAllowed(asset));
            if (part > TargetCaps.SMALLEST_CAP) {
                uint256 cap = tiers.capOf(asset);
                require(part <= cap, PartAboveCap(asset, part, cap));
            }
            unchecked {
                // Safe because an index is below 256, and no cap is above a million.
                least = asset + 1;
                sum += part;
                if (pooled.has(asset)) pooledSum += part;
            }
        }
        require(sum == PPM, WeightsSumWrong(sum));
        require(pooledSum <= TargetCaps.POOLS_CAP, PartsWithoutFeedAboveCap(pooledSum, TargetCaps.POOLS_CAP));
    }

    /// @dev The assets that a target may name, and the tiers that its caps go by.
    function _tiersFor(IRebalancer.Regime next) private view returns (uint256 allowed, TargetCaps.Tiers memory tiers) {
        (allowed, tiers.stable, tiers.young, tiers.bitcoin) = IIndexVault(vault).tiers();
        if (next == IRebalancer.Regime.Bull) {
            tiers.fed = ORACLE.fedSet();
            tiers.inBull();
        } else {
            allowed = tiers.stable;
            tiers.inBear(_onPeg(tiers.stable));
        }
    }

    /// @dev The stablecoins whose fresh price is near a dollar.
    function _onPeg(uint256 stable) private view returns (uint256 set) {
        (uint256[256] memory price, ) = ORACLE.prices(stable);
        for (; stable != 0; stable = stable.rest()) {
            uint8 index = stable.lowest();
            if (LegLimits.isOnPeg(price[index])) set = set.with(index);
        }
    }

    function _hasRole(uint64 role, address account) private view returns (bool isMember) {
        (isMember, ) = IAccessManager(authority()).hasRole(role, account);
    }
}
