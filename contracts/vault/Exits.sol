// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {AssetSet} from "../libraries/AssetSet.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {Listings} from "./Listings.sol";
import {Record} from "./Record.sol";

/// @title How a part of every holding leaves, and what could not be delivered.
/// @dev A library with code of its own, called by delegation, for the size of the vault.
library Exits {
    using AssetSet for uint256;
    using Listings for Listings.Books;
    using Record for LedgerHead.State;
    using SafeERC20 for IERC20;

    /// @dev What one strike of redemptions could not price, as far as it is not credited to anybody.
    struct Part {
        uint128 due; // {share} of the accounts that were not credited yet
        uint256 assets; // one bit an asset
        mapping(uint256 asset => uint256 amount) left; // {tok}
    }

    /// @dev What exits could not deliver, and what strikes of redemptions could not price.
    struct Claims {
        mapping(address owner => mapping(uint8 asset => uint256 amount)) owed; // {tok}
        mapping(uint8 asset => uint256 amount) total; // {tok} of all owners, credited or not
        mapping(uint256 strike => Part part) parts;
    }

    /// @dev Who leaves with what.
    struct Leaver {
        address owner;
        address receiver;
        uint256 shares; // {share}
        uint256 supply; // {share} before they were burnt
    }

    /// @dev {gas} For one transfer out; the most expensive tokens known take less than half.
    uint256 private constant SEND_GAS = 400_000;

    /// @dev Books out and sends a part of every holding for shares that are burnt already.
    function leave(
        Claims storage self,
        Listings.Books storage books,
        LedgerHead.State storage ledger,
        Leaver memory leaver,
        uint8[] calldata skipped,
        IIndexVault.Minimum[] calldata minimums
    ) public {
        uint256 set = books.held;
        for (uint256 i = 0; i < skipped.length; i++) set = set.without(skipped[i]);

        Record.Exit memory exit = bookOut(books, set, leaver);
        requireMinimums(exit, minimums);
        deliver(self, exit, leaver);
        ledger.redeemedInKind(leaver.owner, leaver.receiver, leaver.shares, exit);
    }

    /// @dev Sends what an exit of the caller could not deliver.
    function claim(
        Claims storage self,
        Listings.Books storage books,
        LedgerHead.State storage ledger,
        uint8 index,
        address receiver
    ) public {
        uint256 amount = self.owed[msg.sender][index];
        require(amount != 0, IIndexVault.NothingToClaim(msg.sender, index));
        address token = books.tokenOf(index);

        delete self.owed[msg.sender][index];
        self.total[index] -= amount;
        ledger.inKindClaimed(msg.sender, receiver, token, amount);
        require(IERC20(token).trySafeTransfer(receiver, amount), IIndexVault.TransferStillFails(token));
    }

    function bookOut(
        Listings.Books storage books,
        uint256 set,
        Leaver memory leaver
    ) private returns (Record.Exit memory exit) {
        uint256 count = set.size();
        exit = Record.Exit(new uint8[](count), new address[](count), new uint256[](count), new bool[](count));
        for (uint256 i = 0; set != 0; set = set.rest()) {
            uint8 index = set.lowest();
            uint256 balance = books.balanceOf(index);
            // {tok} = {tok} * {share} / {share}
            uint256 amount = Math.mulDiv(balance, leaver.shares, leaver.supply);
            books.setBalance(index, balance - amount);
            (exit.assets[i], exit.tokens[i], exit.amounts[i]) = (index, books.tokenOf(index), amount);
            i++;
        }
    }

    function requireMinimums(Record.Exit memory exit, IIndexVault.Minimum[] calldata minimums) private pure {
        for (uint256 i = 0; i < minimums.length; i++) {
            uint256 amount = 0;
            for (uint256 j = 0; j < exit.assets.length; j++) {
                if (exit.assets[j] == minimums[i].asset) amount = exit.amounts[j];
            }
            require(
                amount >= minimums[i].amount,
                IIndexVault.InKindBelowMinimum(minimums[i].asset, amount, minimums[i].amount)
            );
        }
    }

    function deliver(Claims storage self, Record.Exit memory exit, Leaver memory leaver) private {
        for (uint256 i = 0; i < exit.tokens.length; i++) {
            if (exit.amounts[i] == 0) {
                exit.delivered[i] = true;
                continue;
            }
            // The whole allowance must be there: an exit that runs out of gas fails as a whole and can be repeated.
            require(gasleft() > (SEND_GAS * 64) / 63, IIndexVault.GasShort(gasleft()));
            // By delegation this is still the vault.
            try
                IIndexVault(address(this)).sendOut{gas: SEND_GAS}(exit.tokens[i], leaver.receiver, exit.amounts[i])
            returns (bool sent) {
                exit.delivered[i] = sent;
            } catch {
                exit.delivered[i] = false;
            }
            if (!exit.delivered[i]) bookClaim(self, leaver.owner, exit.assets[i], exit.amounts[i]);
        }
    }

    function bookClaim(Claims storage self, address owner, uint8 index, uint256 amount) private {
        self.owed[owner][index] += amount;
        self.total[index] += amount;
    }
}
