// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIndexVault} from "../../../contracts/interfaces/IIndexVault.sol";
import {IPriceOracle} from "../../../contracts/interfaces/IPriceOracle.sol";
import {IRebalancer} from "../../../contracts/interfaces/IRebalancer.sol";
import {ITargetRegistry} from "../../../contracts/interfaces/ITargetRegistry.sol";
import {IVenue} from "../../../contracts/interfaces/IVenue.sol";
import {VM} from "../Vm.sol";
import {LawPool} from "./doubles/LawPool.sol";
import {LawActions} from "./LawActions.sol";

/// @title What signer, keeper and guardian do, in good faith and bad, and what each of it costs.
abstract contract LawKeeper is LawActions {
    /// @dev What a rebalance lost, as the sources value it.
    struct Loss {
        uint256 at; // {s}
        uint256 part; // D18{1}
    }

    /// @dev The id of every exit without a target.
    uint64 private constant ABANDONED = 1;
    /// @dev D18{1} Rounding in the other direction than the fund's.
    uint256 private constant SLACK = 1e9;

    mapping(uint64 id => uint256 part) private _lossOf; // D18{1}
    mapping(uint64 id => uint256 time) private _startOf; // {s}
    mapping(uint64 id => bool isOpen) private _isExtraOpen;
    Loss[] private _losses;

    /// @notice Law 5: more is lost than the budgets allow. Both D18{1}.
    error LostTooMuch(uint64 id, uint256 lost, uint256 limit);
    /// @notice Law 8: somebody did what only the owner may do, after the owner's delay.
    error PowerGained(uint256 kind, address by);

    /* SIGNER AND GUARDIAN */

    function _publishAny(uint256 seed) internal {
        // Into the market leads only the weekly target.
        bool isBull = _draw(seed, 1, 3) != 0 && _newestId() < _weeklyId();
        _publish(isBull ? IRebalancer.Regime.Bull : IRebalancer.Regime.Bear, seed);
    }

    function _publishLevel(uint256 seed) internal {
        ITargetRegistry.Level memory level = ITargetRegistry.Level({
            week: uint64((block.timestamp - 345_600) / 604_800),
            regime: _registry.regime(),
            decisionHash: bytes32(seed),
            membershipRoot: keccak256(abi.encode(seed)),
            twinLevel: 1000e18
        });
        _registry.publishLevel(level, _sign(_registry.levelDigestOf(level)));
    }

    function _veto() internal {
        uint64 id = _registry.pending().id;
        VM.prank(_guardian);
        _registry.veto(id);
    }

    function _agree() internal {
        VM.prank(_guardian);
        _rebalancer.agreeToExtraExit();
        _isExtraOpen[_rebalancer.running().id] = true;
    }

    /* KEEPER */

    /// @dev Runs a batch and finishes if that is possible.
    function _executeHonestly(uint256 seed) internal {
        IRebalancer.Leg[] memory legs = _plan();
        uint256 position = _position();
        address caller = _draw(seed, 1, 20) == 0 ? _stranger : _keeper;
        VM.prank(caller);
        try _rebalancer.executeAndFinish{gas: TRANSACTION_GAS}(_target, _weights(), legs, position) {
            return;
        } catch (bytes memory) {
            _forgetLog();
            VM.prank(caller);
            _rebalancer.execute{gas: TRANSACTION_GAS}(_target, _weights(), legs, position);
        }
    }

    function _finish() internal {
        VM.prank(_keeper);
        _rebalancer.finish(_target, _weights());
    }

    /// @dev Legs of a stolen key: of wrong sizes and pairs, some of the plan, duplicates, and with pools pushed.
    function _executeInBadFaith(uint256 seed) internal {
        IRebalancer.Leg[] memory honest = _plan();
        IRebalancer.Leg[] memory legs = new IRebalancer.Leg[](1 + _draw(seed, 1, 12));
        uint256[] memory balance = _books();
        uint256 cursor = honest.length == 0 ? 0 : _draw(seed, 2, honest.length);
        for (uint256 i = 0; i < legs.length; i++) {
            uint256 roll = uint256(keccak256(abi.encode(seed, "leg", i)));
            if (honest.length != 0 && roll % 4 != 0) {
                if (_draw(roll, 1, 8) != 0) cursor = (cursor + 1) % honest.length;
                legs[i] = honest[cursor];
                if (_draw(roll, 2, 3) == 0) legs[i].amount = uint128((legs[i].amount * _draw(roll, 3, 400)) / 100);
            } else {
                legs[i] = _wildLeg(roll, balance);
            }
        }
        LawPool pushed = LawPool(legs[_draw(seed, 3, legs.length)].pool);
        (uint256 reserve0, uint256 reserve1) = (pushed.reserve0(), pushed.reserve1());
        pushed.push(_draw(seed, 4, 900), _draw(seed, 5, 2) == 0);
        uint256 gas = _draw(seed, 6, 3) == 0 ? 1_500_000 + _draw(seed, 7, 6_000_000) : TRANSACTION_GAS;
        uint256 position = _draw(seed, 8, 10) == 0 ? _draw(seed, 9, 50) : _position();
        VM.prank(_keeper);
        _rebalancer.execute{gas: gas}(_target, _weights(), legs, position);
        pushed.restore(reserve0, reserve1);
    }

    function _wildLeg(uint256 roll, uint256[] memory balance) private view returns (IRebalancer.Leg memory) {
        uint8 asset = uint8(1 + _draw(roll, 1, ASSETS - 1));
        uint8 quote = _kinds[asset].quote == ETHER ? [ETHER, TRANSIT][_draw(roll, 2, 2)] : CASH;
        (uint8 sold, uint8 bought) = _draw(roll, 3, 2) == 0 ? (asset, quote) : (quote, asset);
        if (_draw(roll, 4, 12) == 0) bought = uint8(_draw(roll, 5, 256));
        uint128 amount = uint128(_draw(roll, 6, balance[sold] + 2));
        return IRebalancer.Leg(sold, bought, address(_kinds[asset].pool), amount, 0);
    }

    /// @dev The keeper moves a pool by a twentieth, has the fund buy there, and moves it back: again and again.
    function _sandwich(uint256 seed) internal {
        IRebalancer.Leg[] memory honest = _plan();
        require(honest.length != 0, NotDone());
        IRebalancer.Leg[] memory legs = new IRebalancer.Leg[](Math.min(8, honest.length));
        uint256 first = _draw(seed, 1, honest.length);
        for (uint256 i = 0; i < legs.length; i++) {
            legs[i] = honest[(first + i) % honest.length];
            LawPool pool = LawPool(legs[i].pool);
            bool sellsToken0 = _tokenOf(legs[i].sold) < _tokenOf(legs[i].bought);
            // What is sold is worth less in the pool, or what is bought more.
            pool.push(100 + _draw(seed, 2, 350), !sellsToken0);
        }
        uint256 position = _position();
        VM.prank(_keeper);
        _rebalancer.execute{gas: TRANSACTION_GAS}(_target, _weights(), legs, position);
        _arbitrage();
    }

    function _position() internal view returns (uint256) {
        IRebalancer.Running memory running = _rebalancer.running();
        return running.id == _target.id ? running.position : 0;
    }

    /// @dev Anyone sells what a silent operator has left in the market.
    function _exitAbandoned(uint256 seed) internal {
        uint256 start = _draw(seed, 1, ASSETS);
        for (uint256 i = 0; i < ASSETS; i++) {
            uint256 asset = (start + i) % ASSETS;
            if (asset == CASH || (_vault.heldSet() >> asset) & 1 == 0) continue;
            VM.prank(_stranger);
            _rebalancer.exitAbandoned{gas: TRANSACTION_GAS}(_tokenOf(asset));
            return;
        }
    }

    function _probe(uint256 seed) internal {
        uint8 asset = uint8(_draw(seed, 1, ASSETS));
        for (uint8 i = 0; i < ASSETS && (_misbehaving >> asset) & 1 == 0; i++) asset = (asset + 1) % ASSETS;
        _rebalancer.probe{gas: TRANSACTION_GAS}(asset);
    }

    /* LAW 5 */

    /// @dev D18{USD} of everything that is in the vault, whosever it is.
    function _wealth() internal view returns (uint256 sum) {
        for (uint256 i = 0; i < ASSETS; i++) sum += _valueOf(i, IERC20(_kinds[i].token).balanceOf(address(_vault)));
    }

    /// @dev Adds what was lost since `before` to the account of the rebalance, and compares it with the budgets.
    function _charge(uint256 before, uint256 worthBefore, uint256 pendingBefore) internal {
        uint256 afterwards = _wealth();
        uint64 id = _nameLoss();
        if (afterwards >= before) return;
        // What the fund had to trade with: the deposits of this call are in it.
        uint256 base = worthBefore + _valueOf(CASH, pendingBefore - _vault.depositsPending());
        uint256 part = Math.mulDiv(before - afterwards, 1e18, base);
        _lossOf[id] += part;
        uint256 limit = 1e16;
        if (id == ABANDONED || _registry.regime() == IRebalancer.Regime.Bear) {
            limit = _isExtraOpen[id] || block.timestamp >= _startOf[id] + 24 hours ? 4.5e16 : 1.5e16;
        } else {
            _losses.push(Loss(block.timestamp, part));
            _requireWindow(id);
        }
        require(_lossOf[id] <= limit + SLACK, LostTooMuch(id, _lossOf[id], limit));
    }

    /// @dev The rebalance that a loss belongs to; exits without a target all have one id, and begin anew.
    function _nameLoss() private returns (uint64 id) {
        IRebalancer.Running memory running = _rebalancer.running();
        id = running.id == 0 ? _registry.lastId() : running.id;
        uint256 start = running.id == 0 ? block.timestamp : running.deadline - 24 hours;
        if (_startOf[id] == 0 || (id == ABANDONED && _startOf[id] != start)) {
            (_startOf[id], _lossOf[id], _isExtraOpen[id]) = (start, 0, false);
        }
    }

    function _requireWindow(uint64 id) private view {
        uint256 sum = 0;
        for (uint256 i = 0; i < _losses.length; i++) {
            if (_losses[i].at + 30 days > block.timestamp) sum += _losses[i].part;
        }
        require(sum <= 1.5e16 + SLACK, LostTooMuch(id, sum, 1.5e16));
    }

    /* LAW 8 */

    /// @dev Keeper, guardian, signer and stranger try what only the owner or a part of the fund may do.
    function _reach(uint256 seed) internal {
        address by = [_keeper, _guardian, _signer, _stranger][_draw(seed, 1, 4)];
        address[] memory targets = new address[](26);
        bytes[] memory calls = new bytes[](26);
        _nameOwnersCalls(targets, calls, by);
        _nameVaultsCalls(targets, calls);
        _nameLooseningCalls(targets, calls);
        uint256 kind = _draw(seed, 2, calls.length);
        VM.prank(by);
        // Safe because it is the attempt that counts: all that may be done to these calls is to refuse them.
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, ) = targets[kind].call(calls[kind]);
        require(!success, PowerGained(kind, by));
        revert NotDone();
    }

    function _nameOwnersCalls(address[] memory targets, bytes[] memory calls, address by) private view {
        address pool = address(_kinds[BITCOIN].pool);
        IPriceOracle.Bounds memory bounds = IPriceOracle.Bounds(1, 1e30);
        for (uint256 i = 0; i < 3; i++) targets[i] = address(_manager);
        calls[0] = abi.encodeCall(_manager.grantRole, (0, by, 0));
        calls[1] = abi.encodeCall(_manager.grantRole, (3, by, 0));
        calls[2] = abi.encodeCall(_manager.setTargetClosed, (address(_vault), true));
        (targets[3], targets[4]) = (address(_oracle), address(_oracle));
        calls[3] = abi.encodeCall(_oracle.setFeed, (BITCOIN, address(_kinds[BITCOIN].feed), 2 days, bounds));
        calls[4] = abi.encodeCall(_oracle.setPool, (BITCOIN, pool, CASH));
        (targets[5], calls[5]) = (address(_oracle), abi.encodeCall(_oracle.forget, (BITCOIN)));
        (targets[6], calls[6]) = (address(_venue), abi.encodeCall(_venue.listPool, (pool)));
        address own = _kinds[CASH].token;
        IVenue.Terms memory terms = IVenue.Terms(true, 1000, 0);
        (targets[7], calls[7]) = (
            address(_venue),
            abi.encodeCall(_venue.swapExact, (pool, own, _tokenOf(BITCOIN), 1, terms))
        );
    }

    function _nameLooseningCalls(address[] memory targets, bytes[] memory calls) private view {
        address pool = address(_kinds[BITCOIN].pool);
        for (uint256 i = 18; i < 21; i++) targets[i] = address(_vault);
        calls[18] = abi.encodeCall(_vault.raiseFees, (200, 50, _stranger));
        calls[19] = abi.encodeCall(_vault.raiseDepositCap, (type(uint96).max));
        calls[20] = abi.encodeCall(_vault.payReward, (1, CASH, 1e6, _stranger));
        for (uint256 i = 21; i < 25; i++) targets[i] = address(_venue);
        calls[21] = abi.encodeCall(_venue.reopenPool, (pool));
        calls[22] = abi.encodeCall(_venue.removePool, (pool));
        calls[23] = abi.encodeCall(_venue.raiseLimit, (BITCOIN, 500));
        calls[24] = abi.encodeCall(_venue.reopenAsset, (BITCOIN));
        uint256[] memory none = new uint256[](1);
        (targets[25], calls[25]) = (address(_oracle), abi.encodeCall(_oracle.keep, (1 << BITCOIN, none)));
    }

    /// @dev The guardian does something that only the guardian may, with a random argument. Everything must be tighter.
    function _guard(uint256 seed) internal {
        uint256[5] memory before = _tightness(seed);
        uint8 asset = uint8(_draw(seed, 1, ASSETS));
        uint256 kind = _draw(seed, 2, 7);
        VM.prank(_guardian);
        if (kind == 0) _vault.pauseDeposits(_draw(seed, 3, 8 days));
        else if (kind == 1) _vault.lowerDepositCap(_draw(seed, 3, 1e25));
        else if (kind == 2) _vault.lowerFees(uint16(_draw(seed, 3, 300)), uint16(_draw(seed, 4, 100)));
        else if (kind == 3) _venue.closePool(address(_kinds[asset].pool));
        else if (kind == 4) _venue.closeAsset(asset);
        else if (kind == 5) _venue.lowerLimit(asset, uint16(_draw(seed, 3, 600)));
        else _venue.pauseBuying(uint64(block.timestamp + _draw(seed, 3, 8 days)));
        uint256[5] memory afterwards = _tightness(seed);
        for (uint256 i = 0; i < 5; i++) require(afterwards[i] <= before[i], PowerGained(100 + i, _guardian));
    }

    /// @dev What the guardian may make smaller and never larger.
    function _tightness(uint256 seed) private view returns (uint256[5] memory) {
        IIndexVault.Conditions memory terms = _vault.conditions();
        (uint256 closed, ) = _venue.rules();
        uint256 limit = _venue.priceLimit(uint8(_draw(seed, 1, ASSETS)));
        return [terms.depositCap, terms.bullFee, terms.bearFee, limit, ~closed];
    }

    /// @dev The owner undoes what the guardian closed, so that the fund goes on.
    function _reopen(uint256 seed) internal {
        uint256 kind = _draw(seed, 1, 3);
        if (kind == 0) _vault.raiseDepositCap(type(uint96).max);
        else if (kind == 1) _vault.raiseFees(200, 50, _recipient);
        else {
            (uint256 closed, ) = _venue.rules();
            for (uint8 i = 0; i < ASSETS; i++) {
                if ((closed >> i) & 1 == 1) _venue.reopenAsset(i);
                if (i != CASH && _venue.isClosed(address(_kinds[i].pool))) _venue.reopenPool(address(_kinds[i].pool));
            }
        }
    }

    function _nameVaultsCalls(address[] memory targets, bytes[] memory calls) private view {
        for (uint256 i = 8; i < 18; i++) targets[i] = address(_vault);
        calls[8] = abi.encodeCall(_vault.listAsset, (address(this), "worthless", true));
        calls[9] = abi.encodeCall(_vault.nameBitcoin, (BITCOIN + 2));
        calls[10] = abi.encodeCall(_vault.payLeg, (address(_kinds[BITCOIN].pool), 1));
        calls[11] = abi.encodeCall(_vault.strikeDeposits, (1, 1e18));
        calls[12] = abi.encodeCall(_vault.strikeRedemptions, (1e40, 1e18, 0));
        calls[13] = abi.encodeCall(_vault.strikeAllRedemptions, (1e40, 1e18, 0));
        calls[14] = abi.encodeCall(_vault.closeEpochsNow, ());
        calls[15] = abi.encodeCall(_vault.recordClose, (1, "never", 0));
        IIndexVault.Order memory order;
        (order.bought, order.pool, order.amount) = (BITCOIN, address(_kinds[BITCOIN].pool), 1);
        calls[16] = abi.encodeCall(_vault.swapOrder, (order));
        calls[17] = abi.encodeCall(_vault.closeEpochsOfPastWeeks, ());
    }
}
