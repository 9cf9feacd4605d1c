// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LedgerHead} from "../../contracts/libraries/LedgerHead.sol";
import {RequestQueue} from "../../contracts/libraries/RequestQueue.sol";
import {Exits} from "../../contracts/vault/Exits.sol";
import {Listings} from "../../contracts/vault/Listings.sol";
import {RedeemedUnits} from "../../contracts/vault/RedeemedUnits.sol";
import {RequestBook} from "../../contracts/vault/RequestBook.sol";

/// @title Units of two strikes, the first of which pays a part, for six accounts that look in any order.
contract RedeemedUnitsTest {
    using Listings for Listings.Books;
    using RedeemedUnits for Exits.Claims;
    using RequestQueue for RequestQueue.Queue;

    uint8 private constant ASSET = 7;
    uint256 private constant SET = 1 << ASSET;

    Listings.Books private _books;
    RequestBook.Book private _requests;
    Exits.Claims private _claims;
    LedgerHead.State private _ledger;

    error CreditedMore(uint256 credited, uint256 setAside);
    error PartTooLarge(uint256 credited, uint256 fair);
    error UnitsLost(uint256 credited, uint256 setAside);

    function testFuzz_creditsAreWhatLeftTheBooks(
        uint64[6] memory given,
        uint8 cut,
        uint96 balance,
        uint8 early
    ) external {
        _books.assets[ASSET].token = address(this);
        _books.setBalance(ASSET, balance);
        uint256 due = 0;
        for (uint256 i = 0; i < 6; i++) {
            // From a millionth of a share up: the rests of much smaller ones may be part of what the last one takes.
            uint256 amount = uint256(given[i]) + 1e12;
            _requests.redemptions.add(actor(i), amount, 1);
            due += amount;
        }
        _requests.redemptions.closeNow();
        uint256 supply = due + 1e18;

        uint256 struck = (due * (uint256(cut) + 1)) / 256;
        _requests.redemptions.strike(struck, 0);
        _claims.bookOut(_books, _requests, _ledger, SET, supply);
        for (uint256 i = 0; i < 6; i++) if ((early >> i) & 1 == 1) credit(i);
        checkSum();
        if (due != struck) {
            _requests.redemptions.strike(due - struck, 0);
            _claims.bookOut(_books, _requests, _ledger, SET, supply - struck);
        }
        for (uint256 i = 6; i != 0; i--) credit(i - 1);

        uint256 credited = checkSum();
        if (credited != _claims.total[ASSET]) revert UnitsLost(credited, _claims.total[ASSET]);
        if (_claims.total[ASSET] + _books.balanceOf(ASSET) != balance) revert UnitsLost(credited, balance);
        for (uint256 i = 0; i < 6; i++) checkPart(i, given[i], due);
    }

    function credit(uint256 i) private {
        _claims.credit(_books, _requests.redemptions, _ledger, actor(i));
    }

    function checkSum() private view returns (uint256 credited) {
        for (uint256 i = 0; i < 6; i++) credited += _claims.owed[actor(i)][ASSET];
        if (credited > _claims.total[ASSET]) revert CreditedMore(credited, _claims.total[ASSET]);
    }

    /// @dev Two strikes, six roundings each, and the rests of the queue: a few units, and a millionth.
    function checkPart(uint256 i, uint256 given, uint256 due) private view {
        uint256 part = _claims.owed[actor(i)][ASSET];
        uint256 fair = (_claims.total[ASSET] * (given + 1e12)) / due;
        if (part > fair + fair / 1e4 + 24) revert PartTooLarge(part, fair);
    }

    function actor(uint256 i) private pure returns (address) {
        return address(uint160(0x1000 + i));
    }
}
