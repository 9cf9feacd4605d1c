// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";
import {ITargetRegistry} from "./interfaces/ITargetRegistry.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {BPS, CASH, ETHER, GUARDIAN_ROLE, KEEPER_ROLE, PPM, TRANSIT} from "./libraries/FundConstants.sol";
import {LossBudget} from "./libraries/LossBudget.sol";
import {TargetBand} from "./libraries/TargetBand.sol";
import {RoundTrips} from "./libraries/RoundTrips.sol";
import {Valuation} from "./libraries/Valuation.sol";

/// @title The state machine of a rebalance, and what every trade must satisfy.
/// @dev REBALANCE start, which takes the pending target from the registry -> legs, in any number of batches -> finish. A
/// target that leads to stablecoins starts at once and takes the place of whatever is under way.
/// ROLES the keeper runs legs towards a signed target and can lose at most each leg's price limit. Roles are read from
/// the AccessManager directly, so that a closed manager target cannot stop a way to safety.
/// ORACLE prices are read once a batch. An asset without a fresh price is not traded; strikes wait for it.
/// LIVENESS anyone may carry out a signed exit that the keeper leaves alone for two hours. A leg that fails, or burns its gas, is recorded and left out; the others go on.
/// ODDITIES the vault, not this contract, emits every event. Donated tokens are not seen.
contract Rebalancer is IRebalancer, AccessManaged, ReentrancyGuardTransient {
    using AssetSet for uint256;
    using LossBudget for RateLimiter.SlidingWindow;
    using RoundTrips for RoundTrips.Exit;
    using SafeCast for uint256;
    using Valuation for Valuation.Book;

    /// @dev Working memory of one call: what is held, at prices read once, and where it should go.
    struct Batch {
        uint64 id;
        uint256 set; // assets held, targeted or traded
        uint256 nav; // D18{USD}
        uint256 missing; // held assets without a fresh price
        Valuation.Book book;
        uint256[256] target; // D18{USD}
    }

    /// @dev {s} A rebalance may be worked on for this long; then the next start closes it.
    uint64 public constant REBALANCE_TIME = 24 hours;
    /// @dev {s} After this anyone may carry out an exit that the keeper leaves alone.
    uint64 public constant KEEPER_TIME = 2 hours;
    /// @dev {bps} A leg must bring at least the oracle's output less this: 5%.
    uint256 public constant LEG_LIMIT = 500;
    /// @dev {bps} The same for a sale of an exit that is under way for longer than {EXIT_PATIENCE}: 10%.
    uint256 public constant LATE_EXIT_LIMIT = 1_000;
    /// @dev {s} How long an exit tries at the narrower limit.
    uint64 public constant EXIT_PATIENCE = 1 hours;
    /// @dev {gas} For one leg, whatever the tokens do.
    uint256 private constant LEG_GAS = 700_000;
    /// @dev {gas} Kept for ending the batch after the last leg.
    uint256 private constant BATCH_RESERVE = 400_000;

    /// @inheritdoc IRebalancer
    ITargetRegistry public immutable registry;
    IIndexVault public immutable VAULT;
    IPriceOracle public immutable ORACLE;

    Running private _running;
    RoundTrips.Exit private _exit;
    RateLimiter.SlidingWindow private _losses;

    /// @param targets Its vault is the one that is traded for.
    constructor(address authority, ITargetRegistry targets, IPriceOracle oracle) AccessManaged(authority) {
        (registry, VAULT, ORACLE) = (targets, IIndexVault(targets.vault()), oracle);
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
        _run(target, weights, legs, firstPosition);
    }

    /// @inheritdoc IRebalancer
    function executeAndFinish(
        Target calldata target,
        Weights calldata weights,
        Leg[] calldata legs,
        uint256 firstPosition
    ) external nonReentrant {
        _requireMayExecute(target);
        Batch memory batch = _run(target, weights, legs, firstPosition);
        _finish(batch, target);
    }

    /// @inheritdoc IRebalancer
    function finish(Target calldata target, Weights calldata weights) external nonReentrant {
        _requireMayExecute(target);
        _requireSigned(target, weights);
        require(_running.id == target.id && _running.targetHash == _hashOf(target), NoRebalanceUnderWay(target.id));
        _finish(_batch(target, weights), target);
    }

    /* ANYONE */

    /// @inheritdoc IRebalancer
    function strikeInStablecoins() external nonReentrant {
        uint256 held = VAULT.heldSet();
        ITargetRegistry.Pending memory next = registry.pending();
        bool isBullPending = next.regime == Regime.Bull && block.timestamp <= next.validUntil;
        require(
            regime() == Regime.Bear && _running.id == 0 && !isBullPending && held & ~VAULT.stableSet() == 0,
            NotInStablecoins()
        );
        Batch memory batch;
        _price(batch, held.with(CASH));
        _requirePriced(batch);
        VAULT.closeEpochsNow();
        _strikeDeposits(batch);
        VAULT.strikeAllRedemptions(batch.nav, batch.book.price[CASH]);
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
        Target calldata target,
        Weights calldata weights,
        Leg[] calldata legs,
        uint256 firstPosition
    ) private returns (Batch memory batch) {
        _requireSigned(target, weights);
        if (_running.id == target.id && _running.targetHash == _hashOf(target)) {
            batch = _batch(target, weights);
        } else {
            batch = _start(target, weights);
        }
        require(_running.position == firstPosition, PositionNotExpected(_running.position, firstPosition));

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

    /// @dev {s} When the rebalance under way was started.
    function _startedAt() private view returns (uint256) {
        return _running.deadline - REBALANCE_TIME;
    }

    function _start(Target calldata target, Weights calldata weights) private returns (Batch memory batch) {
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
        if (before == Regime.Bull && target.regime == Regime.Bear) _exit.depart(target, batch.nav, _supply());
        if (batch.missing == 0) _strikeDeposits(batch);
        _running.navBefore = _bounded(batch.nav);
        _aim(batch, weights);
    }

    function _closeRunning(Regime next) private {
        uint64 id = _running.id;
        if (id == 0) return;
        bool late = block.timestamp > _running.deadline;
        require(late || next == Regime.Bear, RebalanceUnderWay(id, _running.deadline));
        VAULT.recordClose(id, late ? "deadline passed" : "superseded");
    }

    function _batch(Target calldata target, Weights calldata weights) private view returns (Batch memory batch) {
        batch.id = target.id;
        _price(batch, VAULT.heldSet() | _setOf(weights));
        _aim(batch, weights);
    }

    /// @dev Reads balances and prices of a set; the two coins that every route uses are always in it.
    function _price(Batch memory batch, uint256 set) private view {
        batch.set = set.with(CASH).with(ETHER).with(TRANSIT);
        batch.book = Valuation.read(VAULT, ORACLE, batch.set);
        (batch.nav, batch.missing) = batch.book.total(batch.set);
    }

    /// @dev Sets what each asset should be worth. Redeeming shares are paid in cash, all others hold the weights.
    function _aim(Batch memory batch, Weights calldata weights) private view {
        uint256 supply = _supply();
        uint256 redeeming = VAULT.sharesDue();
        // D18{USD} = D18{USD} * {share} / {share}
        uint256 owed = supply == 0 ? 0 : Math.mulDiv(batch.nav, redeeming, supply, Math.Rounding.Ceil);
        for (uint256 i = 0; i < weights.assets.length; i++) {
            // D18{USD} = D18{USD} * {ppm} / {ppm}
            batch.target[weights.assets[i]] = Math.mulDiv(batch.nav - owed, weights.parts[i], PPM);
        }
        batch.target[CASH] += owed;
    }

    /// @dev A value that no price could make too large for its slot: a rebalance towards safety must still start.
    function _bounded(uint256 value) private pure returns (uint128) {
        // Safe because of the minimum.
        return uint128(Math.min(value, type(uint128).max));
    }

    function _setOf(Weights calldata weights) private pure returns (uint256 set) {
        for (uint256 i = 0; i < weights.assets.length; i++) set = set.with(weights.assets[i]);
    }

    /* INTERNALS: LEGS */

    function _runLegs(Batch memory batch, Leg[] calldata legs) private {
        uint32 position = _running.position;
        uint256 exceptions = _running.exceptions;
        uint32 skips = 0;
        uint256 count = 0;
        for (; count < legs.length; count++) {
            // Out of gas is never a skip: without the full allowance the batch ends here and can be continued.
            if (gasleft() < (LEG_GAS * 64) / 63 + BATCH_RESERVE) break;
            Leg calldata leg = legs[count];
            string memory reason = _runLeg(batch, leg, position);
            if (bytes(reason).length == 0) {
                exceptions = exceptions.without(leg.sold).without(leg.bought);
            } else {
                exceptions = exceptions.with(leg.sold).with(leg.bought);
                VAULT.recordSkip(batch.id, position, leg.sold, leg.bought, reason);
                skips++;
            }
            position++;
        }
        _running.position = position;
        _running.exceptions = exceptions;
        // Safe because there are fewer legs than 2^32 in any calldata.
        _running.executed += uint32(count) - skips;
        _running.skipped += skips;
    }

    /// @dev Runs one leg. Returns why it was left out, or nothing when it was executed.
    function _runLeg(Batch memory batch, Leg calldata leg, uint32 position) private returns (string memory reason) {
        reason = _refusal(batch, leg);
        if (bytes(reason).length != 0) return reason;
        uint256 fair = _fair(batch, leg);
        // {tok} = {tok} * {bps} / {bps}
        uint256 floor = Math.mulDiv(fair, BPS - _legLimit(), BPS, Math.Rounding.Ceil);
        IIndexVault.Order memory order = IIndexVault.Order({
            id: batch.id,
            position: position,
            sold: leg.sold,
            bought: leg.bought,
            pool: leg.pool,
            amount: leg.amount,
            minimum: Math.max(floor, leg.minimum).toUint128(),
            fair: fair.toUint128()
        });
        // No returned data is copied on failure: a token cannot fill this call's memory.
        try VAULT.swap{gas: LEG_GAS}(order) returns (uint256 bought) {
            batch.book.balance[leg.sold] -= leg.amount;
            batch.book.balance[leg.bought] += bought;
        } catch {
            return "swap failed or below minimum";
        }
    }

    /// @dev {bps} An exit takes worse prices after a while: waiting in a falling market costs more.
    function _legLimit() private view returns (uint256) {
        bool isLateExit = _running.regime == Regime.Bear && block.timestamp >= _startedAt() + EXIT_PATIENCE;
        return isLateExit ? LATE_EXIT_LIMIT : LEG_LIMIT;
    }

    /// @dev Why a leg must not run, or nothing.
    function _refusal(Batch memory batch, Leg calldata leg) private view returns (string memory) {
        Valuation.Book memory book = batch.book;
        if (leg.sold == leg.bought || leg.amount == 0) return "nothing to trade";
        if (!batch.set.has(leg.sold) || !batch.set.has(leg.bought)) return "asset neither held nor targeted";
        if (book.price[leg.sold] == 0 || book.price[leg.bought] == 0) return "no fresh price";
        if (leg.amount >= book.balance[leg.sold]) return "more than is held";
        if (_fair(batch, leg) > type(uint128).max) return "output too large";
        uint256 left = book.valueOf(leg.sold, book.balance[leg.sold] - leg.amount);
        if (!TargetBand.mayFallTo(left, batch.target[leg.sold], batch.nav)) return "sells below target";
        if (_running.regime == Regime.Bear && leg.bought == TRANSIT && VAULT.stableSet().has(leg.sold)) {
            return "stablecoins stay in bear";
        }
        return _refusalToBuy(batch, leg);
    }

    /// @dev Why the asset bought must not be bought, or nothing.
    function _refusalToBuy(Batch memory batch, Leg calldata leg) private view returns (string memory) {
        if (leg.bought == TRANSIT || leg.bought == CASH) return "";
        if (block.timestamp > _running.deadline) return "only sells after the deadline";
        Valuation.Book memory book = batch.book;
        uint256 reached = book.valueOf(leg.bought, book.balance[leg.bought] + _fair(batch, leg));
        if (!TargetBand.mayRiseTo(reached, batch.target[leg.bought], batch.nav)) return "buys above target";
        return "";
    }

    /// @dev {tok} of the asset bought that the amount sold is worth, rounded up: against the keeper.
    function _fair(Batch memory batch, Leg calldata leg) private pure returns (uint256) {
        Valuation.Book memory book = batch.book;
        // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
        uint256 value = Math.mulDiv(leg.amount, book.price[leg.sold], book.unit[leg.sold], Math.Rounding.Ceil);
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        return Math.mulDiv(value, book.unit[leg.bought], book.price[leg.bought], Math.Rounding.Ceil);
    }

    /* INTERNALS: STRIKES AND END */

    function _strikeDeposits(Batch memory batch) private {
        uint256 assets = VAULT.strikeDeposits(batch.nav, batch.book.price[CASH]);
        batch.book.balance[CASH] += assets;
        batch.nav += batch.book.valueOf(CASH, assets);
    }

    function _strikeRedemptions(Batch memory batch) private {
        uint256 assets = VAULT.strikeRedemptions(batch.nav, batch.book.price[CASH]);
        batch.book.balance[CASH] -= assets;
        batch.nav -= batch.book.valueOf(CASH, assets);
    }

    function _finish(Batch memory batch, Target calldata target) private {
        uint256 transit = batch.book.balance[TRANSIT];
        require(transit <= 1, TransitLeft(transit));
        (, batch.missing) = batch.book.total(batch.set);
        _requirePriced(batch);
        _requireOnTarget(batch);

        _strikeRedemptions(batch);
        Running memory done = _running;
        delete _running;
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

    function _requirePriced(Batch memory batch) private pure {
        if (batch.book.price[CASH] == 0) revert PriceMissing(CASH);
        if (batch.missing != 0) revert PriceMissing(batch.missing.lowest());
    }

    /// @dev Every asset is inside its band, or a skipped leg explains why not, or the deadline has passed.
    function _requireOnTarget(Batch memory batch) private view {
        if (block.timestamp > _running.deadline) return;
        uint256 open = batch.set & ~_running.exceptions;
        for (; open != 0; open = open.rest()) {
            uint8 index = open.lowest();
            uint256 value = batch.book.valueOf(index, batch.book.balance[index]);
            require(
                index == CASH || TargetBand.isFinished(value, batch.target[index], batch.nav),
                AssetOutsideBand(index, value, batch.target[index])
            );
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
        require(_hasRole(role, msg.sender), RoleMissing(msg.sender, role));
    }

    function _hasRole(uint64 role, address account) private view returns (bool isMember) {
        (isMember, ) = IAccessManager(authority()).hasRole(role, account);
    }
}
