// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RateLimiter} from "@openzeppelin/contracts/utils/RateLimiter.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";

/// @title What trading may cost, however many legs and batches it takes.
/// @dev A loss is value before less value after within one batch, both at that batch's prices, over the value before. It
/// is never negative: a gain in one batch pays for no loss in another. Deposits, redemptions and prices change none.
library LossBudget {
    using RateLimiter for RateLimiter.SlidingWindow;
    using SafeCast for uint256;

    /// @dev D18{1} The most that one rebalance out of stablecoins, or within the market, may lose: 1%.
    uint256 internal constant PER_REBALANCE = 1e16;
    /// @dev D18{1} The most that all of them together may lose in any 30 days: 1.5%.
    uint208 internal constant PER_WINDOW = 1.5e16;
    /// @dev {s}
    uint48 internal constant WINDOW = 30 days;
    /// @dev D18{1} The most that one exit may lose: 1.5%.
    uint256 internal constant PER_EXIT = 1.5e16;
    /// @dev D18{1} What an exit may lose more, once it is opened: 3%.
    uint256 internal constant EXIT_EXTRA = 3e16;
    /// @dev {s} After this the extra part opens by itself.
    uint256 internal constant EXTRA_OPENS_AFTER = 24 hours;

    /// @dev Key of the only entry of the window.
    bytes32 private constant ALL = bytes32(0);

    /// @dev Fixes length and limit of the window; called once.
    function configure(RateLimiter.SlidingWindow storage window) internal {
        window.updateSettings(WINDOW, PER_WINDOW);
    }

    /// @dev D18{1} What a batch lost, rounded up: against the keeper.
    function lossOf(uint256 valueBefore, uint256 valueAfter) internal pure returns (uint64) {
        if (valueAfter >= valueBefore) return 0;
        // D18{1} = D18{USD} * D18 / D18{USD}
        return Math.mulDiv(valueBefore - valueAfter, 1e18, valueBefore, Math.Rounding.Ceil).toUint64();
    }

    /// @dev Reverts when a rebalance has lost more than it may, alone or with those of the last 30 days.
    /// @param spent D18{1} of the whole rebalance, `loss` included.
    function charge(RateLimiter.SlidingWindow storage window, uint256 spent, uint256 loss) internal {
        require(spent <= PER_REBALANCE, IRebalancer.LossAboveBudget(spent, PER_REBALANCE));
        uint256 left = window.available(ALL);
        require(window.tryConsume(ALL, loss), IRebalancer.LossAboveWindow(loss, left));
    }

    /// @dev Reverts when an exit has lost more than it may.
    function chargeExit(uint256 spent, bool isExtraOpen) internal pure {
        uint256 limit = isExtraOpen ? PER_EXIT + EXIT_EXTRA : PER_EXIT;
        require(spent <= limit, IRebalancer.LossAboveBudget(spent, limit));
    }

    /// @dev D18{1} What rebalances have lost in the last 30 days.
    function spentInWindow(RateLimiter.SlidingWindow storage window) internal view returns (uint256) {
        return window.used(ALL);
    }
}
