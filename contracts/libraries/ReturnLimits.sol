// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title How soon, and how often, the fund may go back into the market. `src/regime/parameters.ts` has the same numbers.
/// @dev Only returns are limited: nothing here is asked on the way out. A turn counts from the start of its rebalance.
library ReturnLimits {
    using SafeCast for uint256;

    /// @dev {s} Between a turn to bear and the return.
    uint256 internal constant DWELL = 14 days;
    /// @dev {s} Within any time of this length there are at most three returns.
    uint256 internal constant WINDOW = 90 days;

    /// @dev {s} When the fund last turned to bear, and its last three returns, oldest first; zero before there were any.
    struct Turns {
        uint64 exited;
        uint64 thirdLast;
        uint64 secondLast;
        uint64 last;
    }

    /// @dev Takes note of a turn to bear that happens now.
    function noteExit(Turns storage self) internal {
        self.exited = block.timestamp.toUint64();
    }

    /// @dev Takes note of a return that happens now.
    function noteReturn(Turns storage self) internal {
        (self.thirdLast, self.secondLast, self.last) = (self.secondLast, self.last, block.timestamp.toUint64());
    }

    /// @dev {s} When the fund last turned, to bear or back; zero before it ever did.
    function latest(Turns storage self) internal view returns (uint64) {
        return self.last > self.exited ? self.last : self.exited;
    }

    /// @dev {s} The earliest moment of the next return; long past when nothing is in its way.
    function earliest(Turns storage self) internal view returns (uint64) {
        return Math.max(self.exited + DWELL, self.thirdLast + WINDOW).toUint64();
    }
}
