// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {IVaultRecord} from "../interfaces/IVaultRecord.sol";
import {AssetSet} from "../libraries/AssetSet.sol";
import {CASH, ETHER, TRANSIT} from "../libraries/FundConstants.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {Exits} from "./Exits.sol";
import {Listings} from "./Listings.sol";
import {RequestBook} from "./RequestBook.sol";

/// @title The books against what the tokens say: less is written down, more is swept in, and a unit is moved to see
/// whether a token moves at all.
/// @dev What is owed comes first: pending deposits, money set aside and claims in kind are no part of the books, and
/// nothing of them is ever written down. A library with code of its own, called by delegation.
library Custody {
    using AssetSet for uint256;
    using Listings for Listings.Books;
    using LedgerHead for LedgerHead.State;

    /// @dev {gas} For one transfer, as in an exit in kind.
    uint256 private constant SEND_GAS = 400_000;

    /// @dev Lowers the books of an asset by what its token lacks.
    function writeDown(
        Listings.Books storage books,
        RequestBook.Book storage requests,
        Exits.Claims storage claims,
        LedgerHead.State storage ledger,
        uint8 index
    ) public {
        address token = books.tokenOf(index);
        uint256 before = books.balanceOf(index);
        uint256 there = IERC20(token).balanceOf(address(this));
        uint256 wanted = bookedOf(books, index) + owedOf(requests, claims, index);
        require(before != 0 && there < wanted, IIndexVault.NothingToWriteDown(index, there, wanted));

        uint256 missing = wanted - there;
        uint256 left = before > missing ? before - missing : 0;
        books.setBalance(index, left);
        booksWrittenDown(ledger, index, token, before, left);
    }

    /// @dev Adds to the books what the token has more. Only of an asset that is held already: a gift must not bring one
    /// into the fund that nothing prices, nor wrapped ether into transit.
    function sweep(
        Listings.Books storage books,
        RequestBook.Book storage requests,
        Exits.Claims storage claims,
        LedgerHead.State storage ledger,
        uint8 index
    ) public {
        bool isQuiet = requests.deposits.due == 0 && requests.redemptions.due == 0;
        require(isQuiet && books.held.has(index), IIndexVault.SweepNotNow(index));
        address token = books.tokenOf(index);
        uint256 there = IERC20(token).balanceOf(address(this));
        uint256 wanted = bookedOf(books, index) + owedOf(requests, claims, index);
        require(there > wanted, IIndexVault.NothingToSweep(index, there, wanted));

        books.setBalance(index, books.balanceOf(index) + there - wanted);
        surplusSwept(ledger, index, token, there - wanted);
    }

    /// @dev True when the vault can move a unit of an asset. Nothing moves: the attempt is undone.
    function canMove(Listings.Books storage books, uint8 index, address receiver) public returns (bool) {
        address token = books.tokenOf(index);
        // Whatever the books say: also what is set aside must move, and anybody can give the unit to try it with.
        require(IERC20(token).balanceOf(address(this)) != 0, IIndexVault.HoldingTooSmall(index, 1, 0));
        // The whole allowance must be there: a lack of gas is never taken for a token that does not move.
        require(gasleft() > (SEND_GAS * 64) / 63 + 10_000, IIndexVault.GasShort(gasleft()));
        // By delegation this is still the vault. It never succeeds, and what it reverts with is its own, no token's.
        try IIndexVault(address(this)).tryToSend{gas: SEND_GAS}(token, receiver) {
            return true;
        } catch (bytes memory reason) {
            return bytes4(reason) == IIndexVault.TokenMoves.selector;
        }
    }

    /// @dev Appends AssetQuarantined or AssetReleased.
    function recordQuarantine(
        Listings.Books storage books,
        LedgerHead.State storage ledger,
        uint8 index,
        bool isQuarantined,
        string calldata reason
    ) public {
        address token = books.tokenOf(index);
        if (isQuarantined) assetQuarantined(ledger, index, token, reason);
        else assetReleased(ledger, index, token, reason);
    }

    /// @dev Appends AssetQuarantined.
    function assetQuarantined(LedgerHead.State storage self, uint8 asset, address token, string memory reason) private {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.AssetQuarantined.selector, asset, token, reason)
        );
        emit IVaultRecord.AssetQuarantined(asset, token, reason, sequence, head);
    }

    /// @dev Appends AssetReleased.
    function assetReleased(LedgerHead.State storage self, uint8 asset, address token, string memory reason) private {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.AssetReleased.selector, asset, token, reason)
        );
        emit IVaultRecord.AssetReleased(asset, token, reason, sequence, head);
    }

    /// @dev Appends BooksWrittenDown.
    function booksWrittenDown(
        LedgerHead.State storage self,
        uint8 asset,
        address token,
        uint256 booked,
        uint256 left
    ) private {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.BooksWrittenDown.selector, asset, token, booked, left)
        );
        emit IVaultRecord.BooksWrittenDown(asset, token, booked, left, sequence, head);
    }

    /// @dev Appends SurplusSwept.
    function surplusSwept(LedgerHead.State storage self, uint8 asset, address token, uint256 amount) private {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(IVaultRecord.SurplusSwept.selector, asset, token, amount)
        );
        emit IVaultRecord.SurplusSwept(asset, token, amount, sequence, head);
    }

    /// @dev {tok} In the books under the index, and under that of the same token in transit.
    function bookedOf(Listings.Books storage books, uint8 index) private view returns (uint256) {
        if (index != ETHER && index != TRANSIT) return books.balanceOf(index);
        return books.balanceOf(ETHER) + books.balanceOf(TRANSIT);
    }

    /// @dev {tok} That is in the vault and belongs to somebody.
    function owedOf(
        RequestBook.Book storage requests,
        Exits.Claims storage claims,
        uint8 index
    ) private view returns (uint256 owed) {
        if (index == ETHER || index == TRANSIT) return claims.total[ETHER] + claims.total[TRANSIT];
        owed = claims.total[index];
        if (index == CASH) owed += uint256(requests.setAside) + requests.deposits.due + requests.deposits.open;
    }
}
