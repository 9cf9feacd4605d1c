// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Numbers kept in 16 bits: the eight leading binary digits, and how many follow them.
library CoarseNumber {
    /// @dev Rounded down by less than one part in 128. Numbers below 256 are kept exactly.
    function pack(uint256 value) internal pure returns (uint16) {
        uint256 length = Math.log2(value | 1) + 1;
        uint256 shift = length > 8 ? length - 8 : 0;
        // Safe because the shift is at most 248 and what is left of the value at most 255.
        return uint16((shift << 8) | (value >> shift));
    }

    /// @dev The number that was packed, as far as it was kept.
    function unpack(uint16 packed) internal pure returns (uint256) {
        return uint256(packed & 0xff) << (packed >> 8);
    }
}
