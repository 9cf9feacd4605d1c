// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIndexVault} from "../../../contracts/interfaces/IIndexVault.sol";
import {IVaultRecord} from "../../../contracts/interfaces/IVaultRecord.sol";
import {IRebalancer} from "../../../contracts/interfaces/IRebalancer.sol";
import {VM} from "../Vm.sol";
import {LawKeeper} from "./LawKeeper.sol";
import {LawRecord} from "./LawRecord.sol";
import {LawWorld} from "./LawWorld.sol";
import {LawFeed} from "./doubles/LawFeed.sol";

/// @title The eight laws of the contracts, checked after every action of random sequences.
/// @dev Hardhat reports no failed assertion of an invariant's handler, so that the sequences are driven from fuzz tests.
/// A failure names the law, the seed, the step and the action; `FUZZ_RUNS` makes the runs longer (32 cases of the other
/// fuzz tests weigh as much as one sequence).
contract LawsTest is LawKeeper, LawRecord {
    enum Action {
        RequestDeposit,
        RequestRedeem,
        Cancel,
        Claim,
        TransferShares,
        SetOperator,
        ActForOther,
        LeaveInKind,
        ClaimInKind,
        UseGateway,
        StrikeInStablecoins,
        Donate,
        Misbehave,
        BehaveAgain,
        Silence,
        SpeakAgain,
        MovePrice,
        Pass,
        Publish,
        PublishLevel,
        Veto,
        Agree,
        ExecuteHonestly,
        ExecuteInBadFaith,
        Sandwich,
        ExitAbandoned,
        Finish,
        Reach,
        Guard,
        Reopen,
        Probe,
        Seize,
        Sweep
    }

    uint256 private constant STEPS = 60;
    uint256 private constant KINDS = uint256(type(Action).max) + 1;

    /// @dev Lines of each kind in all sequences.
    uint256[7] private _total;

    /// @notice No sequence came to this line of the ledger; how often all of them did.
    error NeverHappened(uint256 line, uint256[7] counts);
    /// @notice A law is broken: in which sequence, at which step, by which action, and what the law's check says.
    error LawBroken(uint256 seed, uint256 step, Action action, bytes reason);
    /// @notice Law 2: an action of a depositor took something from the others. D18{USD} and {share}, before and after.
    error SharesDiluted(uint256 worth, uint256 supply, uint256 worthAfter, uint256 supplyAfter);
    /// @notice Law 1: claims of all are more than there is for them.
    error ClaimsAboveMoney(uint256 claims, uint256 there);
    /// @notice Law 1: the fund's value is not that of its holdings.
    error WorthWrong(uint256 expected, uint256 found);
    /// @notice Law 3: the same action has another outcome after a donation.
    error DonationCounts(bytes32 without, bytes32 with);
    /// @notice Law 3 and 5: more or less than the books say came or went.
    error SurplusChanged(uint8 asset, uint256 before, uint256 afterwards);
    /// @notice Law 4: a holder cannot leave, or gets less than the part of the holdings.
    error ExitBlocked(address person, bytes reason);
    error ExitTooSmall(address person, uint8 asset, uint256 expected, uint256 found);
    /// @notice Law 6: something changed and no line of the ledger says so.
    error ChangeNotRecorded();
    /// @notice Law 7: the same plan in two splits ends differently.
    error SplitCounts(bytes32 whole, bytes32 split);

    function setUp() public override(LawWorld, LawRecord) {
        LawRecord.setUp();
        // Half of the sequences begin with a fund that holds everything.
        _readLog();
    }

    /* SEQUENCES */

    /// @notice Everybody does what is allowed and what is not.
    /// hardhat-config: fuzz.runs = 4
    function testFuzz_LawsHoldWhateverAnybodyDoes(uint256 seed) external {
        _playAll(seed, 0);
    }

    /// @notice The keeper's key is stolen: most of what happens is its legs.
    /// hardhat-config: fuzz.runs = 4
    function testFuzz_LawsHoldUnderAStolenKeeperKey(uint256 seed) external {
        _playAll(seed, 1);
    }

    /// @notice The fund is in stablecoins: people come and go at any time.
    /// hardhat-config: fuzz.runs = 3
    function testFuzz_LawsHoldInStablecoins(uint256 seed) external {
        _playAll(seed, 2);
    }

    /// @notice The sequences are no idle ones: what they are about happens in them.
    function test_SequencesReachWhatTheyAreAbout() external {
        for (uint256 i = 0; i < 6; i++) {
            uint256 saved = VM.snapshotState();
            uint256[7] memory seen = this.count(i);
            VM.revertToStateAndDelete(saved);
            _forgetLog();
            for (uint256 j = 0; j < 7; j++) _total[j] += seen[j];
        }
        for (uint256 j = 0; j < 7; j++) require(_total[j] != 0, NeverHappened(j, _total));
    }

    /// @notice How many lines of each kind a sequence writes.
    function count(uint256 i) external returns (uint256[7] memory seen) {
        bytes32[7] memory topics = _topics();
        for (uint256 j = 0; j < 7; j++) seen[j] = _lines[topics[j]];
        _play(uint256(keccak256(abi.encode(i))), i % 3);
        for (uint256 j = 0; j < 7; j++) seen[j] = _lines[topics[j]] - seen[j];
    }

    function _topics() private pure returns (bytes32[7] memory) {
        return
            [
                IVaultRecord.LegExecuted.selector,
                IVaultRecord.LegSkipped.selector,
                IVaultRecord.RebalanceFinished.selector,
                IVaultRecord.RebalanceClosed.selector,
                IVaultRecord.DepositsStruck.selector,
                IVaultRecord.RedemptionsStruck.selector,
                IVaultRecord.RedeemedInKind.selector
            ];
    }

    function _playAll(uint256 seed, uint256 theme) private {
        uint256 sequences = Math.max(1, VM.envOr("FUZZ_RUNS", 256) / 256);
        uint256 start = VM.snapshotState();
        for (uint256 i = 0; i < sequences; i++) {
            if (i != 0) start = _again(start);
            _play(uint256(keccak256(abi.encode(seed, i))), theme);
        }
    }

    function _again(uint256 start) private returns (uint256) {
        VM.revertToStateAndDelete(start);
        _forgetLog();
        return VM.snapshotState();
    }

    function _play(uint256 seed, uint256 theme) private {
        this.enter(seed, theme != 2 && _draw(seed, 1, 4) != 0);
        for (uint256 i = 0; i < STEPS; i++) {
            uint256 roll = uint256(keccak256(abi.encode(seed, i)));
            Action action = _choose(roll, theme);
            try this.step(action, roll) {
                continue;
            } catch (bytes memory reason) {
                revert LawBroken(seed, i, action, reason);
            }
        }
    }

    function _choose(uint256 roll, uint256 theme) private pure returns (Action) {
        uint256 kind = _draw(roll, 70, 100);
        if (kind < 12) return Action.Pass;
        if (kind < 22) return Action.Publish;
        if (kind < 38) return Action.ExecuteHonestly;
        if (theme == 1 && kind < 54) return Action.ExecuteInBadFaith;
        if (theme == 1 && kind < 66) return Action.Sandwich;
        if (kind < [50, 75, 80][theme]) return _chooseOfDepositors(roll);
        return Action(_draw(roll, 71, KINDS));
    }

    function _chooseOfDepositors(uint256 roll) private pure returns (Action) {
        Action[10] memory some = [
            Action.RequestDeposit,
            Action.RequestRedeem,
            Action.Cancel,
            Action.Claim,
            Action.UseGateway,
            Action.StrikeInStablecoins,
            Action.LeaveInKind,
            Action.ClaimInKind,
            Action.Misbehave,
            Action.BehaveAgain
        ];
        return some[_draw(roll, 72, some.length)];
    }

    /// @notice Everybody deposits, and in most sequences the fund is brought into the market.
    function enter(uint256 seed, bool isBull) external {
        for (uint256 i = 0; i < 3; i++) {
            VM.prank(_people[i]);
            _requests.requestDeposit(500_000e6, _people[i], _people[i]);
        }
        _rebalancer.strikeInStablecoins();
        for (uint256 i = 0; i < 3; i++) {
            uint256 shares = _requests.maxMint(_people[i]);
            VM.prank(_people[i]);
            _requests.mint(shares, _people[i], _people[i]);
        }
        if (isBull) {
            _publish(IRebalancer.Regime.Bull, seed);
            VM.warp(block.timestamp + 12 hours);
            _readLog();
            _executeHonestly(1);
        }
        _readLog();
    }

    /// @notice One action, and every law after it.
    function step(Action action, uint256 roll) external {
        if (_draw(roll, 80, 6) == 0) _requireDonationIsNothing(action, roll);
        uint256 changes = _changes();
        uint256 sequence = _sequence;
        uint256[3] memory money = [_wealth(), _worth(_books()), _vault.depositsPending()];
        uint256[4] memory shares = _shareValue();
        uint256[] memory surplus = _surpluses();
        bool isDone = false;
        try this.act(action, roll) {
            isDone = true;
        } catch (bytes memory reason) {
            _requireOnlyRefused(reason);
            _forgetLog();
        }
        _creditAll();
        _readLog();
        if (_changes() != changes) {
            require(isDone && _sequence > sequence, ChangeNotRecorded());
        }
        if (_isTrade(action)) _charge(money[0], money[1], money[2]);
        if (action < Action.Donate) _requireUndiluted(shares);
        bool isGift = action == Action.Donate || action == Action.Seize || action == Action.Sweep;
        if (!isGift) _requireSameSurplus(surplus);
        require(_reentries == 0, Reentered());
        _requireMoneyThere();
        _requireWorth();
        if (_draw(roll, 81, 6) == 0) _requireExits();
    }

    function _isTrade(Action action) private pure returns (bool) {
        return action >= Action.ExecuteHonestly && action <= Action.Finish;
    }

    /// @dev What the laws themselves refuse goes on; whatever the fund refuses is its right.
    function _requireOnlyRefused(bytes memory reason) private pure {
        bytes4 selector = bytes4(reason);
        if (
            selector == StrangerActed.selector || selector == PowerGained.selector || selector == SplitCounts.selector
        ) {
            revert LawBrokenWithin(reason);
        }
    }

    /// @notice Law 4: a call from within a transfer passed.
    error Reentered();
    /// @notice A law is broken within an action.
    error LawBrokenWithin(bytes reason);

    /// @notice One action, which may be refused.
    function act(Action action, uint256 roll) external {
        if (action == Action.RequestDeposit) _requestDeposit(roll);
        else if (action == Action.RequestRedeem) _requestRedeem(roll);
        else if (action == Action.Cancel) _cancel(roll);
        else if (action == Action.Claim) _claim(roll);
        else if (action == Action.TransferShares) _transferShares(roll);
        else if (action == Action.SetOperator) _setOperator(roll);
        else if (action == Action.ActForOther) _actForOther(roll);
        else if (action == Action.LeaveInKind) _leaveInKind(roll);
        else _actOnMarket(action, roll);
    }

    function _actOnMarket(Action action, uint256 roll) private {
        if (action == Action.ClaimInKind) _claimInKind(roll);
        else if (action == Action.UseGateway) _useGateway(roll);
        else if (action == Action.StrikeInStablecoins) _strikeInStablecoins();
        else if (action == Action.Donate) _donate(roll);
        else if (action == Action.Misbehave) _misbehave(roll);
        else if (action == Action.BehaveAgain) _behaveAgain();
        else if (action == Action.Silence) _silence(roll);
        else if (action == Action.SpeakAgain) _speakAgain();
        else _actAsOperator(action, roll);
    }

    function _actAsOperator(Action action, uint256 roll) private {
        if (action == Action.MovePrice) _movePrice(roll);
        else if (action == Action.Pass) _pass(roll);
        else if (action == Action.Publish) _publishAny(roll);
        else if (action == Action.PublishLevel) _publishLevel(roll);
        else if (action == Action.Veto) _veto();
        else if (action == Action.Agree) _agree();
        else _trade(action, roll);
    }

    function _trade(Action action, uint256 roll) private {
        if (action == Action.ExecuteHonestly) {
            if (_draw(roll, 82, 2) == 0) _requireSplitIsNothing(roll);
            _executeHonestly(roll);
        } else if (action == Action.ExecuteInBadFaith) _executeInBadFaith(roll);
        else if (action == Action.Sandwich) _sandwich(roll);
        else if (action == Action.ExitAbandoned) _exitAbandoned(roll);
        else if (action == Action.Finish) _finish();
        else _actOnRules(action, roll);
    }

    function _actOnRules(Action action, uint256 roll) private {
        if (action == Action.Reach) _reach(roll);
        else if (action == Action.Guard) _guard(roll);
        else if (action == Action.Reopen) _reopen(roll);
        else if (action == Action.Probe) _probe(roll);
        else if (action == Action.Seize) _seize(roll);
        else _sweep(roll);
    }

    /* LAW 1 */

    /// @dev All claims are covered, by coins and by shares.
    function _requireMoneyThere() private view {
        uint256 coins = 0;
        uint256 shares = 0;
        for (uint256 i = 0; i <= _people.length; i++) {
            address person = i == _people.length ? address(_gateway) : _people[i];
            coins += _requests.maxWithdraw(person);
            shares += _requests.maxMint(person);
        }
        require(coins <= _vault.setAside(), ClaimsAboveMoney(coins, _vault.setAside()));
        require(
            shares + _vault.sharesDue() <= _share.balanceOf(address(_vault)),
            ClaimsAboveMoney(shares, _share.balanceOf(address(_vault)))
        );
    }

    /// @dev NAV is the holdings at the sources' prices: nothing pending, nothing set aside.
    function _requireWorth() private view {
        if (_silent != 0) return;
        uint256 expected = _worth(_books());
        uint256 found = _vault.nav();
        // Up to the digits that the oracle spares with the largest amounts.
        uint256 slack = expected / 1e9 + ASSETS;
        require(found <= expected + slack && expected <= found + slack, WorthWrong(expected, found));
    }

    /* LAW 2 */

    /// @dev D18{USD} of all holdings, {share} in all, and D18{USD} that rounding may take.
    function _shareValue() private view returns (uint256[4] memory) {
        uint256[] memory balance = _books();
        uint256 dust = 300;
        for (uint256 i = 0; i < ASSETS; i++) dust += _price[i] / _unitOf(i) + 1;
        return [_worth(balance), _share.totalSupply(), dust, _share.balanceOf(_recipient)];
    }

    function _requireUndiluted(uint256[4] memory before) private view {
        // What has no fresh price goes by older ones, which this cannot know.
        if (_silent != 0) return;
        uint256[4] memory now_ = _shareValue();
        // The fee is no depositor's doing: it comes first.
        before[1] += now_[3] - before[3];
        // Fewer shares than a thousandth of one are nobody's.
        if (before[1] < 1e15 || now_[1] < 1e15) return;
        // worth' / supply' >= worth / supply, but for what a strike pays less than the last unit of each asset
        bool isFair = Math.mulDiv(now_[0] + now_[2], before[1], now_[1]) >= before[0];
        require(isFair, SharesDiluted(before[0], before[1], now_[0], now_[1]));
    }

    /* LAW 3 */

    function _surpluses() private view returns (uint256[] memory surplus) {
        uint256[] memory balance = _books();
        surplus = new uint256[](ASSETS);
        for (uint8 i = 0; i < ASSETS; i++) surplus[i] = _surplusOf(balance, i);
    }

    /// @dev What came or went is what the books say: nothing leaves beside them.
    function _requireSameSurplus(uint256[] memory before) private view {
        uint256[] memory now_ = _surpluses();
        for (uint8 i = 0; i < ASSETS; i++) require(now_[i] == before[i], SurplusChanged(i, before[i], now_[i]));
    }

    function _requireDonationIsNothing(Action action, uint256 roll) private {
        if ((action >= Action.Donate && action <= Action.Pass) || action >= Action.Seize) return;
        bytes32 without = this.outcome(action, roll, false);
        bytes32 with = this.outcome(action, roll, true);
        require(without == with, DonationCounts(without, with));
    }

    /// @notice The state after an action, with or without a donation before it. Takes everything back.
    function outcome(Action action, uint256 roll, bool isDonated) external returns (bytes32 digest) {
        uint256 saved = VM.snapshotState();
        if (isDonated) {
            for (uint8 i = 0; i < ASSETS; i++) _mint(i, address(_vault), 1 + (_draw(roll, i, 2) * _unitOf(i)) / 3);
        }
        try this.act(action, roll) {
            digest = keccak256(abi.encode(_digest(), true));
        } catch (bytes memory) {
            digest = keccak256(abi.encode(_digest(), false));
        }
        VM.revertToStateAndDelete(saved);
        _forgetLog();
    }

    /* LAW 4 */

    /// @dev Everybody leaves, with the owner closing everything and all sources broken; then it is taken back.
    function _requireExits() private {
        uint256 saved = VM.snapshotState();
        VM.prank(_guardian);
        _vault.lowerFees(0, 0);
        _manager.setTargetClosed(address(_vault), true);
        _manager.setTargetClosed(address(_venue), true);
        _manager.setTargetClosed(address(_rebalancer), true);
        _manager.setTargetClosed(address(_oracle), true);
        for (uint8 i = 0; i < ASSETS; i++) if (_isFed(i)) _kinds[i].feed.breakDown(LawFeed.Fault.Reverts);
        for (uint256 i = 0; i < _people.length; i++) this.leave(_people[i]);
        VM.revertToStateAndDelete(saved);
        _forgetLog();
    }

    /// @notice A person takes all claims and leaves in kind.
    function leave(address person) external {
        _takeMoney(person);
        uint256 shares = _share.balanceOf(person);
        if (shares == 0) return;
        uint256 supply = _share.totalSupply();
        uint256[] memory balance = _books();
        uint256[] memory owned = _ownedBy(person);
        VM.prank(person);
        try
            _vault.redeemInKind{gas: TRANSACTION_GAS}(
                shares,
                person,
                person,
                new uint8[](0),
                new IIndexVault.Minimum[](0)
            )
        {
            for (uint8 i = 0; i < ASSETS; i++) {
                uint256 part = balance[i] <= 1 ? 0 : Math.mulDiv(balance[i], shares, supply);
                if (i == ETHER && balance[TRANSIT] > 1) part += Math.mulDiv(balance[TRANSIT], shares, supply);
                uint256 got = IERC20(_tokenOf(i)).balanceOf(person) + _claimsOf(person, i) - owned[i];
                require(got == part, ExitTooSmall(person, i, part, got));
            }
        } catch (bytes memory reason) {
            revert ExitBlocked(person, reason);
        }
    }

    function _takeMoney(address person) private {
        if ((_misbehaving >> CASH) & 1 == 1) return;
        uint256 coins = _requests.maxWithdraw(person);
        uint256 shares = _requests.maxMint(person);
        uint256 before = IERC20(_tokenOf(CASH)).balanceOf(person);
        if (shares != 0) {
            VM.prank(person);
            _requests.mint(shares, person, person);
        }
        if (coins == 0) return;
        VM.prank(person);
        _requests.withdraw(coins, person, person);
        uint256 got = IERC20(_tokenOf(CASH)).balanceOf(person) - before;
        require(got == coins, ExitTooSmall(person, CASH, coins, got));
    }

    function _ownedBy(address person) private view returns (uint256[] memory owned) {
        owned = new uint256[](ASSETS);
        for (uint8 i = 0; i < ASSETS; i++) {
            owned[i] = IERC20(_tokenOf(i)).balanceOf(person) + _claimsOf(person, i);
        }
    }

    /* LAW 6 */

    /// @dev What a line of the ledger must stand for.
    function _changes() private view returns (uint256) {
        bytes memory money = abi.encode(_books(), _vault.setAside(), _vault.depositsPending(), _share.totalSupply());
        return uint256(keccak256(abi.encode(money, _registry.regime(), _vault.listedSet())));
    }

    function _digest() private view returns (bytes32) {
        (uint256 sequence, bytes26 head) = _vault.ledger();
        return keccak256(abi.encode(_changes(), sequence, head));
    }

    /* LAW 7 */

    /// @dev The plan in one batch, and in several with time between them, from the same start.
    function _requireSplitIsNothing(uint256 roll) private {
        // From its start on, so that no rule that widens with time does so in between.
        if (_rebalancer.running().id == _target.id) return;
        bytes32 whole = this.run(1, 0);
        bytes32 split = this.run(2 + _draw(roll, 83, 4), _draw(roll, 84, 120));
        require(whole == split || whole == 0 || split == 0, SplitCounts(whole, split));
    }

    /// @notice The state after the plan was run in so many batches. Takes everything back.
    function run(uint256 batches, uint256 pause) external returns (bytes32 digest) {
        uint256 saved = VM.snapshotState();
        IRebalancer.Leg[] memory legs = _plan();
        uint256 done = 0;
        bool isDone = true;
        for (uint256 i = 0; i < batches && isDone; i++) {
            uint256 end = i + 1 == batches ? legs.length : (legs.length * (i + 1)) / batches;
            try this.runPart(legs, done, end) {
                done = end;
            } catch (bytes memory) {
                isDone = false;
            }
            VM.warp(block.timestamp + pause);
        }
        digest = isDone ? _digest() : bytes32(0);
        VM.revertToStateAndDelete(saved);
        _forgetLog();
    }

    /// @notice Runs the legs from one position of the plan to another.
    function runPart(IRebalancer.Leg[] calldata legs, uint256 from, uint256 to) external {
        VM.prank(_keeper);
        _rebalancer.execute(_target, _weights(), legs[from:to], from);
    }
}
