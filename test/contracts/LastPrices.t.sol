// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LastPrices} from "../../contracts/libraries/LastPrices.sol";

/// @title Any price in 32 bits.
contract LastPricesTest {
    using LastPrices for LastPrices.Table;

    LastPrices.Table private _table;

    error PriceLost(uint256 price, uint256 kept);
    error StepTooWide(uint256 last, uint256 next);

    function testFuzz_keptPriceIsNoLessAndHardlyMore(uint256 price) external pure {
        price = price % 1e30;
        uint256 kept = LastPrices.unpack(LastPrices.pack(price));
        if (kept < price || kept - price > price / 2 ** 23) revert PriceLost(price, kept);
        if (LastPrices.pack(price) > type(uint32).max) revert PriceLost(price, kept);
    }

    function testFuzz_poolPriceMovesByAQuarterAtMost(uint256 last, uint256 next, uint8 asset) external {
        last = LastPrices.unpack(LastPrices.pack((last % 1e30) + 1000));
        next = (next % 1e30) + 1;
        uint256 set = 1 << asset;
        uint256[] memory price = new uint256[](1);
        _table.put(asset, last);
        price[0] = next;

        _table.keep(set, price, set, 0);

        uint256 kept = _table.read(set)[asset];
        // Rounding up of the packed number comes on top.
        uint256 most = (last * 5) / 4;
        if (kept * 4 < last * 3 || kept > most + most / 2 ** 23 + 1) revert StepTooWide(last, kept);
    }

    function testFuzz_neighborsStay(uint8 asset, uint256 price) external {
        uint256 all = type(uint256).max;
        uint256[] memory prices = new uint256[](256);
        for (uint256 i = 0; i < 256; i++) prices[i] = i + 1;
        _table.keep(all, prices, all, all);
        price = price % 1e30;

        _table.put(asset, price);

        uint256[256] memory kept = _table.read(all);
        for (uint256 i = 0; i < 256; i++) {
            if (i != asset && kept[i] != i + 1) revert PriceLost(i + 1, kept[i]);
        }
    }
}
