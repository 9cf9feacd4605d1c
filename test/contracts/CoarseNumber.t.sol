// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CoarseNumber} from "../../contracts/libraries/CoarseNumber.sol";

contract CoarseNumberTest {
    function testFuzz_loses_less_than_one_part_in_128(uint256 value) external pure {
        uint256 kept = CoarseNumber.unpack(CoarseNumber.pack(value));

        assert(kept <= value);
        assert(value - kept <= value / 128);
    }

    function testFuzz_keeps_the_order(uint256 smaller, uint256 larger) external pure {
        if (smaller > larger) (smaller, larger) = (larger, smaller);

        assert(CoarseNumber.unpack(CoarseNumber.pack(smaller)) <= CoarseNumber.unpack(CoarseNumber.pack(larger)));
    }

    function test_keeps_what_has_eight_digits() external pure {
        assert(CoarseNumber.unpack(CoarseNumber.pack(0)) == 0);
        assert(CoarseNumber.unpack(CoarseNumber.pack(255)) == 255);
        assert(CoarseNumber.unpack(CoarseNumber.pack(1 << 255)) == 1 << 255);
        assert(CoarseNumber.unpack(CoarseNumber.pack(511)) == 510);
    }
}
