// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";
import {ITargetRegistry} from "./interfaces/ITargetRegistry.sol";
import {Legs} from "./Legs.sol";
import {IVenue} from "./interfaces/IVenue.sol";
import {AbandonedExit} from "./libraries/AbandonedExit.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {BPS, CASH, ETHER, GUARDIAN_ROLE, KEEPER_ROLE, PPM, TRANSIT} from "./libraries/FundConstants.sol";
import {LossBudget} from "./libraries/LossBudget.sol";
import {Quarantine} from "./libraries/Quarantine.sol";
import {Roles} from "./libraries/Roles.sol";
import {StrikeValue} from "./libraries/StrikeValue.sol";
import {TargetBand} from "./libraries/TargetBand.sol";
import {RoundTrips} from "./libraries/RoundTrips.sol";
import {Valuation} from "./libraries/Valuation.sol";

/// @title The state machine of a rebalance, and what every trade must satisfy.
/// @dev REBALANCE start, which takes the pending target from the registry -> legs, in any number of batches -> finish. A
/// target that leads to stablecoins starts at once and takes the place of whatever is under way.
/// ROLES the keeper runs legs towards a signed target and can lose at most each leg's price limit. Roles are read from
/// the AccessManager directly, so that a closed manager target cannot stop a way to safety.
/// ORACLE prices are read once a batch. An asset without a fresh price is not traded; strikes wait when all such assets
/// are more than a fiftieth of the fund, and else go by {StrikeValue}.
/// LIVENESS anyone may carry out a signed exit that the keeper leaves alone for two hours, and an exit without a target
/// when in the market nothing has finished for 21 days. A leg that fails, or burns its gas, is recorded and left out; the others go on.
/// ODDITIES the vault, not this contract, emits every event. Donated tokens are not seen.
contract Rebalancer is Legs, AccessManaged, ReentrancyGuardTransient {
    using AssetSet for uint256;
    using LossBudget for RateLimiter.SlidingWindow;
    using Quarantine for Quarantine.State;
    using RoundTrips for RoundTrips.Exit;
    using SafeCast for uint256;
    using StrikeValue for StrikeValue.Sides;
    using Valuation for Valuation.Book;

    /// @inheritdoc IRebalancer
    uint64 public constant KEEPER_TIME = 2 hours;

    /// @inheritdoc IRebalancer
    ITargetRegistry public immutable registry;

    RoundTrips.Exit private _exit;
    /// @dev {s} When a rebalance last finished, or the fund last went into the market.
    uint64 private _aliveAt;
    RateLimiter.SlidingWindow private _losses;

    /// @param targets Its vault is the one that is traded for.
    constructor(
        address authority,
        ITargetRegistry targets,
        IPriceOracle oracle,
        IVenue venue
    ) AccessManaged(authority) Legs(IIndexVault(targets.vault()), oracle, venue) {
        registry = targets;
        _losses.configure();
    }

    /* VIEWS */

    /// @inheritdoc IRebalancer
    function regime() public view returns (Regime) {
        return registry.regime();
    }

    /// @inheritdoc IRebalancer
    function lastId() external view returns (uint64) {
        return registry.lastId();
    }

    /// @inheritdoc IRebalancer
    function running() external view returns (Running memory) {
        return _running;
    }

    /// @inheritdoc IRebalancer
    function lossInWindow() external view returns (uint256) {
        return _losses.spentInWindow();
    }

    /// @inheritdoc IRebalancer
    function abandonedFrom() public view returns (uint256) {
        return _aliveAt + AbandonedExit.SILENCE;
    }

    /// @inheritdoc IRebalancer
    function quarantined() external view returns (uint256, uint256) {
        return (_quarantine.unmovable, _quarantine.unsold);
    }

    /// @inheritdoc IRebalancer
    function probeFailedAt(uint8 asset) external view returns (uint64) {
        return _quarantine.failedAt[asset];
    }

    /* GUARDIAN */

    /// @inheritdoc IRebalancer
    function agreeToExtraExit() external {
        _requireRole(GUARDIAN_ROLE);
        require(_running.id != 0 && _running.regime == Regime.Bear, NoExitUnderWay());
        _running.isExtraAgreed = true;
        VAULT.recordExitBudget(_running.id, msg.sender);
    }

    /* KEEPER */

    /// @inheritdoc IRebalancer
    function execute(
        Target calldata target,
        Weights calldata weights,
        Leg[] calldata legs,
        uint256 firstPosition
    ) external nonReentrant {
        _requireMayExecute(target);
        Batch memory batch;
        _run(batch, target, weights, legs, firstPosition);
        // What a later start records if it has to close this rebalance.
        _running.outside = _outside(batch);
    }

    /// @inheritdoc IRebalancer
    function executeAndFinish(
        Target calldata target,
        Weights calldata weights,
        Leg[] calldata legs,
        uint256 firstPosition
    ) external nonReentrant returns (bool isFinished) {
        _requireMayExecute(target);
        Batch memory batch;
        _run(batch, target, weights, legs, firstPosition);
        isFinished = _finishIfDone(batch, target);
    }

    /// @inheritdoc IRebalancer
    function finish(Target calldata target, Weights calldata weights) external nonReentrant {
        _requireMayExecute(target);
        _requireSigned(target, weights);
        require(_running.id == target.id && _running.targetHash == _hashOf(target), NoRebalanceUnderWay(target.id));
        Batch memory batch;
        _read(batch, target, weights);
        _finish(batch, target);
    }

    /* ANYONE */

    /// @inheritdoc IRebalancer
    function strikeInStablecoins() external nonReentrant {
        uint256 held = VAULT.heldSet();
        ITargetRegistry.Pending memory next = registry.pending();
        bool isBullPending = next.regime == Regime.Bull && block.timestamp <= next.validUntil;
        uint256 risky = held & ~VAULT.stableSet() & ~_quarantine.quarantined();
        require(regime() == Regime.Bear && _running.id == 0 && !isBullPending && risky == 0, NotInStablecoins());
        Batch memory batch;
        _price(batch, held);
        StrikeValue.Sides memory sides = _sides(batch);
        _requirePriced(sides);
        VAULT.closeEpochsNow();
        if (sides.unknown == 0) _takeDeposits(batch, sides, batch.book.priceOf(CASH));
        else if (VAULT.depositsPending() != 0) revert PriceMissing(sides.unknown.lowest());
        VAULT.strikeAllRedemptions(sides.low, batch.book.priceOf(CASH), sides.inKind);
        _keepPrices(batch, held);
    }

    /// @inheritdoc IRebalancer
    function probe(uint8 asset) external nonReentrant {
        _quarantine.probe(VAULT, asset);
    }

    /// @inheritdoc IRebalancer
    function sweep(uint8 asset) external nonReentrant {
        require(regime() == Regime.Bull && _running.id == 0, SweepOutsideMarket());
        VAULT.sweep(asset);
    }

    /* VAULT */

    /// @inheritdoc IRebalancer
    function forget(uint8 asset) external {
        require(msg.sender == address(VAULT), OnlyVault(msg.sender));
        _quarantine.forget(asset);
    }

    /// @inheritdoc IRebalancer
    function exitAbandoned(address token) external nonReentrant {
        uint256 from = abandonedFrom();
        require(regime() == Regime.Bull && block.timestamp >= from, NotAbandoned(from));
        AbandonedExit.run(_running, AbandonedExit.Parts(VAULT, ORACLE, VENUE), token);
    }

    /* INTERNALS: TARGET */

    function _requireSigned(Target calldata target, Weights calldata weights) private pure {
        bytes32 found = keccak256(abi.encode(weights.assets, weights.parts));
        require(found == target.weightsHash, WeightsNotSigned(target.weightsHash, found));
    }

    function _hashOf(Target calldata target) private pure returns (bytes32) {
        return keccak256(abi.encode(target));
    }

    /* INTERNALS: BATCH */

    function _run(
        Batch memory batch,
        Target calldata target,
        Weights calldata weights,
        Leg[] calldata legs,
        uint256 firstPosition
    ) private {
        _requireSigned(target, weights);
        if (_running.id == target.id && _running.targetHash == _hashOf(target)) {
            _read(batch, target, weights);
        } else {
            _start(batch, target, weights);
        }
        require(_running.position == firstPosition, PositionNotExpected(_running.position, firstPosition));

        _readRules(batch);
        uint256 before = batch.nav;
        _runLegs(batch, legs);
        (uint256 afterwards, ) = batch.book.total(batch.set);
        batch.nav = afterwards;
        if (afterwards < before) _charge(before, afterwards);
    }

    /// @dev Adds a batch's loss to what the rebalance has lost, and stops where it may lose no more.
    function _charge(uint256 before, uint256 afterwards) private {
        uint64 loss = LossBudget.lossOf(before, afterwards);
        uint64 spent = _running.spent + loss;
        _running.cost = _bounded(_running.cost + (before - afterwards));
        _running.spent = spent;
        if (_running.regime == Regime.Bull) {
            _losses.charge(spent, loss);
        } else {
            bool isLate = block.timestamp >= _startedAt() + LossBudget.EXTRA_OPENS_AFTER;
            LossBudget.chargeExit(spent, _running.isExtraAgreed || isLate);
        }
    }

    function _start(Batch memory batch, Target calldata target, Weights calldata weights) private {
        Regime before = registry.take(target);
        _closeRunning(target.regime);

        VAULT.closeEpochsOfPastWeeks();
        delete _running;
        batch.id = target.id;
        _price(batch, VAULT.heldSet() | _setOf(weights));
        _running.id = target.id;
        _running.deadline = (block.timestamp + REBALANCE_TIME).toUint64();
        _running.regime = target.regime;
        _running.targetHash = _hashOf(target);
        VAULT.recordStart(target, batch.nav);
        if (before == Regime.Bear && target.regime == Regime.Bull) _aliveAt = block.timestamp.toUint64();
        if (before == Regime.Bull && target.regime == Regime.Bear) _exit.depart(target, batch.nav, _supply());
        bool isStruck = _strikeDeposits(batch);
        if (isStruck || target.regime == Regime.Bull) _keepPrices(batch, batch.set);
        _running.navBefore = _bounded(batch.nav);
        _aim(batch, weights);
    }

    function _closeRunning(Regime next) private {
        uint64 id = _running.id;
        if (id == 0) return;
        bool late = block.timestamp > _running.deadline;
        bool mayEnd = late || next == Regime.Bear || id == AbandonedExit.ID;
        require(mayEnd, RebalanceUnderWay(id, _running.deadline));
        VAULT.recordClose(id, late ? "deadline passed" : "superseded", _running.outside);
    }

    function _read(Batch memory batch, Target calldata target, Weights calldata weights) private view {
        batch.id = target.id;
        _price(batch, VAULT.heldSet() | _setOf(weights));
        _aim(batch, weights);
    }

    /// @dev Reads balances and prices of a set; the two coins that every route uses are always in it.
    function _price(Batch memory batch, uint256 set) private view {
        batch.set = set.with(CASH).with(ETHER).with(TRANSIT);
        (batch.nav, batch.missing) = batch.book.fill(VAULT, ORACLE, batch.set);
        batch.quarantined = _quarantine.quarantined();
    }

    /// @dev Sets what each asset should be worth. Redeeming shares are paid in cash, all others hold the weights.
    function _aim(Batch memory batch, Weights calldata weights) private view {
        uint256 supply = _supply();
        uint256 redeeming = VAULT.sharesDue();
        // D18{USD} = D18{USD} * {share} / {share}
        uint256 owed = supply == 0 ? 0 : Math.mulDiv(batch.nav, redeeming, supply, Math.Rounding.Ceil);
        uint256 shared = batch.nav - owed;
        (uint256[] calldata assets, uint256[] calldata parts) = (weights.assets, weights.parts);
        uint256[256] memory targets = batch.target;
        for (uint256 i = 0; i < assets.length; i++) {
            unchecked {
                // Safe because a value is below 2^238, and no part that was published is above a million.
                // D18{USD} = D18{USD} * {ppm} / {ppm}
                targets[assets[i]] = (shared * parts[i]) / PPM;
            }
        }
        batch.target[CASH] += owed;
    }

    /// @dev A value that no price could make too large for its slot: a rebalance towards safety must still start.
    function _bounded(uint256 value) private pure returns (uint128) {
        // Safe because of the minimum.
        return uint128(Math.min(value, type(uint128).max));
    }

    function _setOf(Weights calldata weights) private pure returns (uint256 set) {
        uint256[] calldata assets = weights.assets;
        for (uint256 i = 0; i < assets.length; i++) set = set.with(assets[i]);
    }

    /* INTERNALS: STRIKES AND END */

    /// @dev Strikes what is due of the deposits. While the holdings cannot be priced for that, they stay due, and the
    /// vault is told no price of the coin: it lets them be taken back.
    function _strikeDeposits(Batch memory batch) private returns (bool) {
        if (VAULT.depositsPending() == 0) return false;
        StrikeValue.Sides memory sides = _sides(batch);
        bool isPriced = sides.isCashPriced && sides.unknown == 0 && !sides.isTooUnpriced();
        return _takeDeposits(batch, sides, isPriced ? batch.book.priceOf(CASH) : 0);
    }

    function _takeDeposits(Batch memory batch, StrikeValue.Sides memory sides, uint256 price) private returns (bool) {
        uint256 assets = VAULT.strikeDeposits(sides.high, price);
        uint256 value = batch.book.valueOf(CASH, assets);
        batch.book.balance[CASH] += assets;
        batch.nav += value;
        sides.low += value;
        return assets != 0;
    }

    /// @dev Strikes what is due of the redemptions. False while too much cannot be priced for that; after the deadline
    /// they stay due then, and a dead feed does not stop the end of a rebalance.
    function _strikeRedemptions(Batch memory batch) private returns (bool) {
        bool isDue = VAULT.sharesDue() != 0;
        if (!isDue && batch.missing == 0) return true;
        StrikeValue.Sides memory sides = _sides(batch);
        if (!sides.isCashPriced || sides.isTooUnpriced()) return _isLate();
        if (!isDue) return true;
        VAULT.strikeRedemptions(sides.low, batch.book.priceOf(CASH), sides.inKind);
        _readAgain(batch, sides.inKind.with(CASH));
        return true;
    }

    /// @dev Takes over what a strike has left of a set.
    function _readAgain(Batch memory batch, uint256 set) private view {
        Valuation.Book memory book = batch.book;
        uint256[] memory left = VAULT.balances(set);
        (uint256 before, ) = book.total(set);
        uint256 index = set.next(0);
        for (uint256 i = 0; i < left.length; i++) {
            book.balance[index] = left[i];
            index = set.next(index + 1);
        }
        (uint256 afterwards, ) = book.total(set);
        batch.nav = batch.nav + afterwards - before;
    }

    /// @dev What the holdings count for at a strike, on both sides.
    function _sides(Batch memory batch) private view returns (StrikeValue.Sides memory) {
        StrikeValue.Facts memory facts = StrikeValue.Facts(ORACLE.kept(), batch.missing, batch.quarantined);
        return StrikeValue.sidesOf(batch.book, batch.set, batch.nav, facts);
    }

    /// @dev Keeps the prices of a set, but for those that were kept at the start: they are the same at the end.
    function _keepPrices(Batch memory batch, uint256 set) private {
        set = set.without(TRANSIT) & ~batch.quarantined & ~batch.kept;
        batch.kept |= set;
        Valuation.Book memory book = batch.book;
        uint256[] memory members = new uint256[](set.size());
        uint256 index = set.next(0);
        for (uint256 i = 0; i < members.length; i++) {
            members[i] = book.priceOf(index);
            index = set.next(index + 1);
        }
        ORACLE.keep(set, members);
    }

    function _finish(Batch memory batch, Target calldata target) private {
        uint256 transit = batch.book.balance[TRANSIT];
        require(transit <= 1, TransitLeft(transit));
        uint256 open = _requireOnTarget(batch);
        if (!_strikeRedemptions(batch)) _requirePriced(_sides(batch));
        _end(batch, target, open);
    }

    /// @dev A rebalance that cannot end yet stays open: what its legs have done is not taken back.
    function _finishIfDone(Batch memory batch, Target calldata target) private returns (bool isFinished) {
        bool isPriced = _isLate() || batch.book.priceOf(CASH) != 0;
        if (!isPriced || batch.book.balance[TRANSIT] > 1) return false;
        uint256 open = _offTarget(batch);
        if (_priced(batch, open) != 0) return false;
        isFinished = _strikeRedemptions(batch);
        if (isFinished) _end(batch, target, open);
    }

    /// @param unpriced What has no fresh price and was off its target before the redemptions: recorded as left out.
    function _end(Batch memory batch, Target calldata target, uint256 unpriced) private {
        for (; unpriced != 0; unpriced = unpriced.rest()) {
            uint8 index = unpriced.lowest();
            VAULT.recordSkip(batch.id, _running.position, index, index, "no fresh price");
        }
        _keepPrices(batch, VAULT.heldSet());
        if (target.regime == Regime.Bear) _countUnsold(batch);
        Running memory done = _running;
        delete _running;
        _aliveAt = block.timestamp.toUint64();
        // {bps} = D18{USD} * {bps} / D18{USD}
        uint256 costBps = done.navBefore == 0 ? 0 : Math.mulDiv(done.cost, BPS, done.navBefore, Math.Rounding.Ceil);
        VAULT.recordFinish(target, batch.nav, costBps, done.executed, done.skipped);
        if (target.regime == Regime.Bull && _exit.id != 0) {
            VAULT.recordRoundTrip(_exit.arrive(target, batch.nav, _supply()));
        }
    }

    /// @dev {share}
    function _supply() private view returns (uint256) {
        return IERC20(address(VAULT)).totalSupply();
    }

    function _requirePriced(StrikeValue.Sides memory sides) private pure {
        require(sides.isCashPriced, PriceMissing(CASH));
        require(!sides.isTooUnpriced(), TooMuchUnpriced(sides.unpriced, sides.high));
    }

    /// @dev An exit ends with an asset that should be gone and whose last leg was left out.
    function _countUnsold(Batch memory batch) private {
        uint256 unsold = 0;
        uint256 open = batch.set & _running.exceptions;
        for (uint256 index = open.next(0); index < 256; index = open.next(index + 1)) {
            if (batch.book.balance[index] > 1 && batch.target[index] == 0) unsold = unsold.with(index);
        }
        if (unsold != 0) _quarantine.afterExit(VAULT, unsold);
    }

    /// @dev Every asset is inside its band, or a skipped leg explains why not, or the deadline has passed.
    /// @return open What is off its target and has no fresh price.
    function _requireOnTarget(Batch memory batch) private view returns (uint256 open) {
        require(_isLate() || batch.book.priceOf(CASH) != 0, PriceMissing(CASH));
        open = _offTarget(batch);
        uint256 priced = _priced(batch, open);
        if (priced == 0) return open;
        uint8 index = priced.lowest();
        revert AssetOutsideBand(index, batch.book.valueOf(index, batch.book.balance[index]), batch.target[index]);
    }

    /// @dev The assets outside their band that no skipped leg explains; none after the deadline.
    function _offTarget(Batch memory batch) private view returns (uint256) {
        return _isLate() ? 0 : _outside(batch) & ~_running.exceptions;
    }

    /// @dev Those of a set for which a rebalance must go on. What has no fresh price cannot be traded.
    function _priced(Batch memory batch, uint256 set) private pure returns (uint256 priced) {
        Valuation.Book memory book = batch.book;
        for (uint256 index = set.next(0); index < 256; index = set.next(index + 1)) {
            if (book.priceOf(index) != 0) priced = priced.with(index);
        }
    }

    function _isLate() private view returns (bool) {
        return block.timestamp > _running.deadline;
    }

    /// @dev The assets outside their band. The deposit coin is never among them: it is what is left.
    function _outside(Batch memory batch) private pure returns (uint256 set) {
        uint256 open = batch.set.without(CASH);
        Valuation.Book memory book = batch.book;
        uint256[256] memory target = batch.target;
        uint256 nav = batch.nav;
        for (uint256 index = open.next(0); index < 256; index = open.next(index + 1)) {
            uint256 value = book.valueOf(index, book.balance[index]);
            if (!TargetBand.isFinished(value, target[index], nav)) set = set.with(index);
        }
    }

    /* INTERNALS: ROLES */

    /// @dev The keeper at any time; anyone for an exit that nobody has started, or ended, within {KEEPER_TIME}.
    function _requireMayExecute(Target calldata target) private view {
        if (_hasRole(KEEPER_ROLE, msg.sender)) return;
        uint256 since = _running.id == target.id ? _startedAt() : registry.pending().executableAt;
        bool isLeftAlone = block.timestamp >= since + KEEPER_TIME;
        require(target.regime == Regime.Bear && isLeftAlone, RoleMissing(msg.sender, KEEPER_ROLE));
    }

    function _requireRole(uint64 role) private view {
        Roles.requireHeld(authority(), role, msg.sender);
    }

    function _hasRole(uint64 role, address account) private view returns (bool) {
        return Roles.isHeld(authority(), role, account);
    }
}
