// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IVaultRecord} from "../interfaces/IVaultRecord.sol";
import {AssetSet} from "../libraries/AssetSet.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {RequestQueue} from "../libraries/RequestQueue.sol";
import {Exits} from "./Exits.sol";
import {Listings} from "./Listings.sol";
import {RequestBook} from "./RequestBook.sol";

/// @title The units that redemptions get of what a strike cannot price.
/// @dev At the strike the part of the struck shares leaves the books and is owed; each account is credited its own part
/// when it is next touched, and takes it as it takes what an exit in kind could not deliver. A library with code of its
/// own, called by delegation.
/// ROUNDING an account gets its part of what is left, rounded down, so that all credits together never exceed what left
/// the books; the last one takes the rest, so that nothing stays owed to nobody and the asset can be delisted.
library RedeemedUnits {
    using AssetSet for uint256;
    using Listings for Listings.Books;
    using LedgerHead for LedgerHead.State;
    using RequestQueue for RequestQueue.Queue;

    /// @dev Units of several assets: parallel arrays.
    struct Units {
        uint8[] assets;
        address[] tokens;
        uint256[] amounts; // {tok}
    }

    /// @dev {share} Less than this is what roundings of the queue leave of a strike, and no account's.
    uint256 private constant DUST = 1e6;

    /// @dev Takes the part of the newest strike out of the books.
    /// @param set The assets of which it gets units.
    /// @param supply {share} before the strike.
    function bookOut(
        Exits.Claims storage self,
        Listings.Books storage books,
        RequestBook.Book storage requests,
        LedgerHead.State storage ledger,
        uint256 set,
        uint256 supply
    ) public {
        uint256 number = requests.redemptions.strikes.length - 1;
        RequestQueue.Strike memory last = requests.redemptions.strikes[number];
        Exits.Part storage part = self.parts[number];
        // Safe because accounts count strikes with 32 bits.
        (part.due, part.assets, requests.unpriced) = (last.due, set, uint64(number + 1));
        Units memory units = empty(set.size());
        for (uint256 i = 0; set != 0; set = set.rest()) {
            uint8 index = set.lowest();
            uint256 balance = books.balanceOf(index);
            // {tok} = {tok} * {share} / {share}
            uint256 amount = Math.mulDiv(balance, last.struck, supply);
            books.setBalance(index, balance - amount);
            part.left[index] = amount;
            self.total[index] += amount;
            (units.assets[i], units.tokens[i], units.amounts[i]) = (index, books.tokenOf(index), amount);
            i++;
        }
        redeemedUnitsSetAside(ledger, last.epoch, last.struck, units);
    }

    /// @dev Gives an account its part of every strike that it has not seen, and brings it up to the last one.
    function credit(
        Exits.Claims storage self,
        Listings.Books storage books,
        RequestQueue.Queue storage queue,
        LedgerHead.State storage ledger,
        address controller
    ) public {
        RequestQueue.Account memory account = queue.stored(controller);
        uint256[256] memory amounts;
        uint256 set = passStrikes(self, queue, amounts, account.older, account.olderEpoch, account.olderSince);
        set |= passStrikes(self, queue, amounts, account.newer, account.newerEpoch, account.newerSince);
        if (set == 0) return;
        queue.put(controller, queue.settled(controller));
        Units memory units = empty(set.size());
        for (uint256 i = 0; set != 0; set = set.rest()) {
            uint8 index = set.lowest();
            self.owed[controller][index] += amounts[index];
            (units.assets[i], units.tokens[i], units.amounts[i]) = (index, books.tokenOf(index), amounts[index]);
            i++;
        }
        redeemedUnitsCredited(ledger, controller, units);
    }

    /// @dev Follows one part of an account through the strikes as the queue does, and adds up what it gets at each.
    function passStrikes(
        Exits.Claims storage self,
        RequestQueue.Queue storage queue,
        uint256[256] memory amounts,
        uint256 left,
        uint256 epoch,
        uint256 since
    ) private returns (uint256 set) {
        uint256 count = queue.strikes.length;
        for (uint256 number = since; number < count && left != 0; number++) {
            RequestQueue.Strike memory last = queue.strikes[number];
            if (last.epoch < epoch) continue;
            Exits.Part storage part = self.parts[number];
            if (part.assets != 0) set |= takeFrom(part, amounts, left);
            left = Math.mulDiv(left, last.due - last.struck, last.due);
        }
    }

    /// @dev Takes what `given` {share} get out of a strike's part.
    function takeFrom(
        Exits.Part storage part,
        uint256[256] memory amounts,
        uint256 given
    ) private returns (uint256 set) {
        set = part.assets;
        uint256 due = part.due;
        bool isLast = due - given < DUST;
        for (uint256 rest = set; rest != 0; rest = rest.rest()) {
            uint8 index = rest.lowest();
            uint256 left = part.left[index];
            // {tok} = {tok} * {share} / {share}
            uint256 amount = isLast ? left : Math.mulDiv(left, given, due);
            part.left[index] = left - amount;
            amounts[index] += amount;
        }
        // Safe because what is left of a strike is no more than what was due, which has 128 bits.
        part.due = uint128(due - given);
    }

    /// @dev Appends RedeemedUnitsSetAside.
    function redeemedUnitsSetAside(
        LedgerHead.State storage self,
        uint256 epoch,
        uint256 shares,
        Units memory units
    ) private {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(
                IVaultRecord.RedeemedUnitsSetAside.selector,
                epoch,
                shares,
                units.assets,
                units.tokens,
                units.amounts
            )
        );
        emit IVaultRecord.RedeemedUnitsSetAside(
            epoch,
            shares,
            units.assets,
            units.tokens,
            units.amounts,
            sequence,
            head
        );
    }

    /// @dev Appends RedeemedUnitsCredited.
    function redeemedUnitsCredited(LedgerHead.State storage self, address controller, Units memory units) private {
        (uint256 sequence, bytes26 head) = self.append(
            abi.encode(
                IVaultRecord.RedeemedUnitsCredited.selector,
                controller,
                units.assets,
                units.tokens,
                units.amounts
            )
        );
        emit IVaultRecord.RedeemedUnitsCredited(controller, units.assets, units.tokens, units.amounts, sequence, head);
    }

    function empty(uint256 count) private pure returns (Units memory) {
        return Units(new uint8[](count), new address[](count), new uint256[](count));
    }
}
