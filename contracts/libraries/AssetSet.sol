// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Sets of assets as one bit an asset.
library AssetSet {
    /// @dev True when the asset is in the set.
    function has(uint256 set, uint256 asset) internal pure returns (bool) {
        return (set >> asset) & 1 == 1;
    }

    /// @dev The set with the asset.
    function with(uint256 set, uint256 asset) internal pure returns (uint256) {
        return set | (1 << asset);
    }

    /// @dev The set without the asset.
    function without(uint256 set, uint256 asset) internal pure returns (uint256) {
        return set & ~(1 << asset);
    }

    /// @dev The set without its member with the smallest index. Zero stays zero.
    function rest(uint256 set) internal pure returns (uint256) {
        unchecked {
            // Safe because zero wraps to all ones, and the conjunction with zero is zero.
            return set & (set - 1);
        }
    }

    /// @dev The smallest member of a set that is not empty.
    function lowest(uint256 set) internal pure returns (uint8) {
        // Safe because the position of a bit in a word is below 256.
        return uint8(Math.log2(set & (~set + 1)));
    }

    /// @dev The smallest member at or above `from`; 256 when there is none. Cheap where members stand close together.
    function next(uint256 set, uint256 from) internal pure returns (uint256) {
        uint256 above = set >> from;
        if (above & 1 == 1) return from;
        if (above == 0) return 256;
        unchecked {
            // Safe because both are below 256.
            return from + lowest(above);
        }
    }

    /// @dev How many members the set has.
    function size(uint256 set) internal pure returns (uint256 count) {
        for (; set != 0; set = rest(set)) count++;
    }
}
