// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RequestQueue} from "../../contracts/libraries/RequestQueue.sol";
import {VM} from "./Vm.sol";

/// @title Laws of strikes that pay only a part of what is due, several in a row, whenever the accounts look.
contract RequestQueuePartialTest {
    using RequestQueue for RequestQueue.Queue;

    uint256 private constant PEOPLE = 4;
    uint256 private constant ROUNDS = 5;

    /// @dev One strike: what is requested before it, the part of what is due that it prices, and at how much.
    struct Round {
        uint96[PEOPLE] amounts;
        uint32 part; // of 2^32 of what is due
        uint96 received;
        uint8 lookers; // one bit a person who settles after it, the higher ones first when the top bit is set
    }

    RequestQueue.Queue private _queue;
    RequestQueue.Queue private _eager;
    mapping(address account => uint256 amount) private _given;
    uint256 private _received;

    /// @notice Whatever partial strikes follow each other and whoever settles when: claims stay below what was struck,
    /// what accounts still wait for stays below what is still due, and nothing that was given is lost or doubled.
    function testFuzz_NeitherClaimsNorRestsExceedTheQueue(Round[ROUNDS] calldata rounds) external {
        for (uint256 i = 0; i < ROUNDS; i++) {
            _request(_queue, rounds[i], i + 1);
            _queue.closePastWeeks(i + 2);
            _strike(_queue, rounds[i]);
            _look(_queue, rounds[i].lookers);
            _requireBounded();
        }
    }

    /// @notice An account that settles after every strike has what one has that never did before the end.
    function testFuzz_LookingChangesNothing(Round[ROUNDS] calldata rounds) external {
        for (uint256 i = 0; i < ROUNDS; i++) {
            _request(_queue, rounds[i], i + 1);
            _request(_eager, rounds[i], i + 1);
            _queue.closePastWeeks(i + 2);
            _eager.closePastWeeks(i + 2);
            _strike(_queue, rounds[i]);
            _strike(_eager, rounds[i]);
            _look(_eager, type(uint8).max);
        }
        for (uint256 i = 0; i < PEOPLE; i++) {
            RequestQueue.Account memory late = _queue.settled(_person(i));
            RequestQueue.Account memory early = _eager.settled(_person(i));
            assert(late.given == early.given && late.receivable == early.receivable);
            assert(late.newer == early.newer && late.older == early.older);
        }
    }

    /// @notice One partial strike takes the same part of each request, rounded up, and nobody gets a better price.
    function testFuzz_APartialStrikeIsProRata(uint96[PEOPLE] calldata amounts, uint96 part, uint96 received) external {
        for (uint256 i = 0; i < PEOPLE; i++) {
            if (amounts[i] != 0) _queue.add(_person(i), amounts[i], 1);
        }
        _queue.closeNow();
        uint256 due = _queue.due;
        VM.assume(due != 0);
        uint256 struck = 1 + (part % due);
        _queue.strike(struck, received);

        for (uint256 i = 0; i < PEOPLE; i++) {
            RequestQueue.Account memory account = _queue.settled(_person(i));
            uint256 used = account.given;
            // used = amounts[i] * struck / due, rounded up
            assert(used * due >= amounts[i] * struck && used * due < amounts[i] * struck + due);
            // receivable / received <= amounts[i] / due, and receivable / used <= received / struck
            assert(account.receivable * due <= uint256(amounts[i]) * received);
            assert(account.receivable * struck <= used * received);
            assert(_queue.pending(1, _person(i)) + _queue.claimable(1, _person(i)) == amounts[i]);
        }
    }

    /// @notice A strike of everything ends the walk: later strikes of others change nothing, and cost nothing to pass.
    function testFuzz_AFullStrikeEndsTheWalk(uint96[3] calldata amounts, uint96[3] calldata received) external {
        VM.assume(amounts[0] > 1 && amounts[1] != 0 && amounts[2] != 0);
        _queue.add(_person(0), amounts[0], 1);
        _queue.closeNow();
        _queue.strike(amounts[0] / 2, received[0]);
        _queue.strike(_queue.due, received[1]);
        _queue.add(_person(1), amounts[1], 1);
        _queue.closeNow();
        _queue.strike(_queue.due, received[2]);

        RequestQueue.Account memory account = _queue.settled(_person(0));
        assert(account.given == amounts[0] && account.newer == 0);
        assert(account.receivable == uint256(received[0]) + received[1]);
        assert(account.newerSince == 2);
    }

    /// @notice A request of the open epoch has no part in a strike of the epochs before it.
    function testFuzz_TheOpenEpochIsNotStruck(uint96[2] calldata amounts, uint96 part, uint96 received) external {
        VM.assume(amounts[0] != 0 && amounts[1] != 0);
        _queue.add(_person(0), amounts[0], 1);
        _queue.add(_person(0), amounts[1], 2);
        uint256 struck = 1 + (part % amounts[0]);
        _queue.strike(struck, received);

        assert(_queue.pending(1, _person(0)) == amounts[0] - struck);
        assert(_queue.pending(2, _person(0)) == amounts[1]);
        assert(_queue.claimable(1, _person(0)) == struck);
        assert(_queue.settled(_person(0)).receivable == received);
    }

    function _request(RequestQueue.Queue storage queue, Round calldata round, uint256 week) private {
        for (uint256 i = 0; i < PEOPLE; i++) {
            if (round.amounts[i] == 0) continue;
            queue.add(_person(i), round.amounts[i], week);
            _given[_person(i)] += round.amounts[i];
        }
    }

    function _strike(RequestQueue.Queue storage queue, Round calldata round) private {
        uint256 struck = (queue.due * (uint256(round.part) + 1)) >> 32;
        if (struck == 0) return;
        queue.strike(struck, round.received);
        _received += round.received;
    }

    function _look(RequestQueue.Queue storage queue, uint8 lookers) private {
        for (uint256 i = 0; i < PEOPLE; i++) {
            uint256 number = lookers >> 7 == 0 ? i : PEOPLE - 1 - i;
            if ((lookers >> number) & 1 == 1) queue.claimGiven(_person(number), 0);
        }
    }

    function _requireBounded() private view {
        uint256 receivable = 0;
        uint256 left = 0;
        for (uint256 i = 0; i < PEOPLE; i++) {
            RequestQueue.Account memory account = _queue.settled(_person(i));
            uint256 waiting = uint256(account.newer) + account.older;
            assert(waiting + account.given == _given[_person(i)]);
            receivable += account.receivable;
            left += waiting;
        }
        assert(receivable <= _received);
        assert(left <= uint256(_queue.due) + _queue.open);
    }

    function _person(uint256 number) private pure returns (address) {
        // Safe because the remainder is a small number.
        return address(uint160(0x1000 + (number % PEOPLE)));
    }
}
