// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RequestQueue} from "../../contracts/libraries/RequestQueue.sol";
import {VM} from "./Vm.sol";

/// @title Laws of the queue of requests, for any amounts, prices, orders and splits.
contract RequestQueueTest {
    using RequestQueue for RequestQueue.Queue;

    uint256 private constant PEOPLE = 4;

    RequestQueue.Queue private _queue;
    mapping(address account => uint256 amount) private _given;
    mapping(address account => uint256 amount) private _received;

    /// @notice All claims together never exceed what was struck, and nobody gets more than pro rata.
    function testFuzz_ClaimsNeverExceedTheStrike(
        uint96[PEOPLE] calldata amounts,
        uint96 struck,
        uint96[12] calldata claims
    ) external {
        uint256 total = _requestAll(amounts, 1);
        VM.assume(total != 0);
        _queue.closeNow();
        _queue.strike(_queue.due, struck);

        _claimInSplits(claims);
        _claimEverything();

        uint256 sum = 0;
        for (uint256 i = 0; i < PEOPLE; i++) {
            uint256 received = _received[_person(i)];
            sum += received;
            // received / struck <= given / total
            assert(received * total <= uint256(amounts[i]) * struck);
        }
        assert(sum <= struck);
    }

    /// @notice Rounding takes at most one unit from each account.
    function testFuzz_RoundingTakesAtMostOneUnit(uint96[PEOPLE] calldata amounts, uint96 struck) external {
        uint256 total = _requestAll(amounts, 1);
        VM.assume(total != 0);
        _queue.closeNow();
        _queue.strike(_queue.due, struck);

        _claimEverything();

        for (uint256 i = 0; i < PEOPLE; i++) {
            assert((_received[_person(i)] + 1) * total >= uint256(amounts[i]) * struck);
        }
    }

    /// @notice Claims over two strikes, the first left unclaimed, stay below both strikes together.
    function testFuzz_TwoStrikesTogetherBoundTheClaims(
        uint96[PEOPLE] calldata first,
        uint96[PEOPLE] calldata second,
        uint96[2] calldata struck,
        uint96[12] calldata claims
    ) external {
        VM.assume(_requestAll(first, 1) != 0);
        _queue.closeNow();
        _queue.strike(_queue.due, struck[0]);
        VM.assume(_requestAll(second, 2) != 0);
        _queue.closeNow();
        _queue.strike(_queue.due, struck[1]);

        _claimInSplits(claims);
        _claimEverything();

        uint256 sum = 0;
        for (uint256 i = 0; i < PEOPLE; i++) sum += _received[_person(i)];
        assert(sum <= uint256(struck[0]) + struck[1]);
    }

    /// @notice A part of a claim is rounded against the one who claims, whichever way it is named.
    function testFuzz_PartIsNeverMoreThanProRata(uint96 amount, uint96 struck, uint96 part, bool byGiven) external {
        VM.assume(amount != 0 && struck != 0);
        _queue.add(_person(0), amount, 1);
        _queue.closeNow();
        _queue.strike(_queue.due, struck);

        uint256 given = part % (uint256(amount) + 1);
        uint256 received = part % (uint256(struck) + 1);
        if (byGiven) received = _queue.claimGiven(_person(0), given);
        else given = _queue.claimReceived(_person(0), received);

        // received / struck <= given / amount
        assert(received * amount <= given * struck);
    }

    /// @notice What was given is neither lost nor doubled: pending, claimable and used up add up to it.
    function testFuzz_GivenIsConserved(
        uint96[PEOPLE] calldata amounts,
        uint96 struck,
        uint96[12] calldata claims
    ) external {
        VM.assume(_requestAll(amounts, 1) != 0);
        _queue.closeNow();
        _queue.strike(_queue.due, struck);

        _claimInSplits(claims);

        for (uint256 i = 0; i < PEOPLE; i++) {
            RequestQueue.Account memory account = _queue.settled(_person(i));
            assert(account.newer == 0 && account.older == 0);
            assert(account.given + _given[_person(i)] == amounts[i]);
        }
    }

    /// @notice A request beside one that is due, and one beside two that are due, lose nothing: what is shown as pending
    /// adds up to what was given, epoch by epoch as long as there are two, and all of it is struck in the end.
    function testFuzz_RequestsOfThreeEpochsAddUp(uint96[3] calldata amounts, uint96[2] calldata struck) external {
        VM.assume(amounts[0] != 0 && amounts[1] != 0 && amounts[2] != 0);
        _queue.add(_person(0), amounts[0], 1);
        _queue.add(_person(0), amounts[1], 2);
        assert(_queue.pending(1, _person(0)) == amounts[0] && _queue.pending(2, _person(0)) == amounts[1]);

        _queue.add(_person(0), amounts[2], 3);
        uint256 due = uint256(amounts[0]) + amounts[1];
        assert(_queue.pending(2, _person(0)) == due && _queue.pending(3, _person(0)) == amounts[2]);

        _queue.strike(_queue.due, struck[0]);
        assert(_queue.pending(2, _person(0)) == 0 && _queue.pending(3, _person(0)) == amounts[2]);
        assert(_queue.claimable(2, _person(0)) == due && _queue.settled(_person(0)).receivable == struck[0]);

        _queue.closeNow();
        _queue.strike(_queue.due, struck[1]);
        assert(_queue.claimable(3, _person(0)) == due + amounts[2]);
        assert(_queue.settled(_person(0)).receivable == uint256(struck[0]) + struck[1]);
    }

    /// @notice What is cancelled comes back in full, once, and leaves the others and the same account's due part alone.
    function testFuzz_CancelGivesBackExactlyTheOpenRequest(uint96[3] calldata amounts, uint96 struck) external {
        VM.assume(amounts[0] != 0 && amounts[1] != 0 && amounts[2] != 0);
        _queue.add(_person(0), amounts[0], 1);
        _queue.add(_person(0), amounts[1], 2);
        _queue.add(_person(1), amounts[2], 2);

        assert(_queue.cancel(_person(0), 2, 2) == amounts[1]);

        assert(_queue.open == amounts[2] && _queue.due == amounts[0]);
        assert(_queue.pending(1, _person(0)) == amounts[0] && _queue.pending(2, _person(0)) == 0);
        assert(_queue.pending(2, _person(1)) == amounts[2]);
        _queue.strike(_queue.due, struck);
        assert(_queue.settled(_person(0)).receivable == struck);
    }

    /// @notice An epoch that everybody left is used again, also in a later week, and its new requests are struck whole.
    function testFuzz_AnEmptiedEpochIsUsedAgain(uint96[2] calldata amounts, uint96 struck) external {
        VM.assume(amounts[0] != 0 && amounts[1] != 0);
        _queue.add(_person(0), amounts[0], 1);
        _queue.cancel(_person(0), 1, 1);
        assert(_queue.add(_person(0), amounts[1], 2) == 1);

        _queue.closePastWeeks(3);
        _queue.strike(_queue.due, struck);

        assert(_queue.claimable(1, _person(0)) == amounts[1] && _queue.settled(_person(0)).receivable == struck);
    }

    /// @notice A request of this week is not due when the epochs of past weeks are closed; one of an earlier week is.
    function testFuzz_CutoffSplitsTheWeeks(uint96 amount, uint32 week, uint32 later) external {
        VM.assume(amount != 0 && week != 0);
        _queue.add(_person(0), amount, week);
        _queue.closePastWeeks(week);
        assert(_queue.due == 0 && _queue.open == amount);

        VM.assume(later > week);
        _queue.closePastWeeks(later);
        assert(_queue.due == amount && _queue.open == 0);
    }

    /// @notice What is due has the mean swing by amount, rounded up: never below that of the cheaper part, and what is
    /// taken of all is at least what is taken of both parts.
    function testFuzz_SwingOfWhatIsDueIsTheMeanRoundedUp(
        uint96[3] calldata amounts,
        uint8[3] calldata swings
    ) external {
        VM.assume(amounts[0] != 0 && amounts[1] != 0 && amounts[2] != 0);
        uint256 total = 0;
        uint256 taken = 0;
        for (uint256 i = 0; i < 3; i++) {
            _queue.swing = swings[i];
            _queue.add(_person(i), amounts[i], i + 1);
            assert(_queue.swingWith(0) == _queue.dueSwing || _queue.due == 0);
            uint256 next = _queue.swingWith(amounts[i]);
            taken = taken + uint256(amounts[i]) * swings[i];
            total += amounts[i];
            _queue.closePastWeeks(i + 2);
            assert(_queue.dueSwing == next);
            assert(next * total >= taken && next * total < taken + total);
            taken = next * total;
        }
    }

    /// @notice What a start passed by comes back in full, once; what is in the open epoch stays where it is.
    function testFuzz_ReleasedRequestsComeBackExactly(uint96[4] calldata amounts) external {
        VM.assume(amounts[0] != 0 && amounts[1] != 0 && amounts[2] != 0 && amounts[3] != 0);
        _queue.add(_person(0), amounts[0], 1);
        _queue.add(_person(1), amounts[1], 1);
        _queue.add(_person(0), amounts[2], 2);
        _queue.add(_person(0), amounts[3], 3);
        _queue.isReleased = true;

        // The two older requests are shown, and taken back, in the newer one's epoch.
        assert(_queue.cancel(_person(0), 2, 3) == uint256(amounts[0]) + amounts[2]);
        assert(_queue.due == amounts[1] && _queue.open == amounts[3]);
        assert(_queue.pending(3, _person(0)) == amounts[3] && _queue.isReleased);

        assert(_queue.cancel(_person(1), 1, 3) == amounts[1]);
        assert(_queue.due == 0 && !_queue.isReleased);
    }

    function _requestAll(uint96[PEOPLE] calldata amounts, uint256 week) private returns (uint256 total) {
        for (uint256 i = 0; i < PEOPLE; i++) {
            if (amounts[i] == 0) continue;
            _queue.add(_person(i), amounts[i], week);
            total += amounts[i];
        }
    }

    /// @dev Each number claims for a person it names, by what was given or by an exact amount.
    function _claimInSplits(uint96[12] calldata claims) private {
        for (uint256 i = 0; i < claims.length; i++) {
            address person = _person(claims[i]);
            RequestQueue.Account memory account = _queue.settled(person);
            if (i % 2 == 0) {
                uint256 given = account.given == 0 ? 0 : claims[i] % (uint256(account.given) + 1);
                _received[person] += _queue.claimGiven(person, given);
                _given[person] += given;
            } else {
                uint256 received = account.receivable == 0 ? 0 : claims[i] % (uint256(account.receivable) + 1);
                _given[person] += _queue.claimReceived(person, received);
                _received[person] += received;
            }
        }
    }

    function _claimEverything() private {
        for (uint256 i = 0; i < PEOPLE; i++) {
            address person = _person(i);
            uint256 given = _queue.settled(person).given;
            _received[person] += _queue.claimGiven(person, given);
            _given[person] += given;
        }
    }

    function _person(uint256 number) private pure returns (address) {
        // Safe because the remainder is a small number.
        return address(uint160(0x1000 + (number % PEOPLE)));
    }
}
