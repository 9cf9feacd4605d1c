// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {IUncheckedSource} from "../interfaces/IUncheckedSource.sol";

/// @title Asks a price source, whatever it does.
/// @dev A source without code, that reverts, burns its gas, or answers with another number of bytes than a sound one
/// does, gives no answer and costs no more than its allowance. Nothing of such an answer is copied. The caller makes
/// sure that the whole allowance is there.
library SourceReading {
    /// @dev A round has five words.
    uint256 private constant ROUND_SIZE = 160;
    /// @dev Two places, two lengths, and two words of each kind.
    uint256 private constant OBSERVATION_SIZE = 256;
    /// @dev Where the first of two arrays begins behind their places.
    uint256 private constant FIRST_ARRAY = 64;

    /// @dev All five words of a feed's newest round; zeros when it does not answer. No word is checked.
    /// @param allowance {gas}
    function newestRound(
        address feed,
        uint256 allowance
    ) internal view returns (uint256 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint256 answeredIn) {
        // A call without declared answer to an address without code would revert here.
        if (feed.code.length == 0) return (0, 0, 0, 0, 0);
        try IUncheckedSource(feed).latestRoundData{gas: allowance}() {
            if (LowLevelCall.returnDataSize() != ROUND_SIZE) return (0, 0, 0, 0, 0);
            return abi.decode(LowLevelCall.returnData(), (uint256, int256, uint256, uint256, uint256));
        } catch {
            return (0, 0, 0, 0, 0);
        }
    }

    /// @dev The mean tick over the window that ends now, rounded towards minus infinity. Not answered when the pool's
    /// observations do not reach back far enough.
    /// @param window {s}
    /// @param allowance {gas}
    function meanTick(
        address pool,
        uint32 window,
        uint256 allowance
    ) internal view returns (bool isAnswered, int24 tick) {
        if (pool.code.length == 0) return (false, 0);
        uint32[] memory ago = new uint32[](2);
        ago[0] = window;
        try IUncheckedSource(pool).observe{gas: allowance}(ago) {
            if (LowLevelCall.returnDataSize() != OBSERVATION_SIZE) return (false, 0);
            return _meanOf(LowLevelCall.returnData(), int256(uint256(window)));
        } catch {
            return (false, 0);
        }
    }

    function _meanOf(bytes memory answer, int256 window) private pure returns (bool, int24) {
        (uint256 place, , uint256 count, int256 before, int256 afterwards) = abi.decode(
            answer,
            (uint256, uint256, uint256, int256, int256)
        );
        if (place != FIRST_ARRAY || count != 2) return (false, 0);
        unchecked {
            // Safe because what wraps is of a pool that lies, and the mean of every pool is checked below.
            int256 change = afterwards - before;
            int256 mean = change / window;
            if (change < 0 && change % window != 0) mean--;
            if (mean < TickMath.MIN_TICK || mean > TickMath.MAX_TICK) return (false, 0);
            // Safe because a tick has 24 bits.
            return (true, int24(mean));
        }
    }
}
