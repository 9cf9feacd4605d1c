// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A pool of two tokens that has always stood at one tick.
/// @dev Keeps nothing in storage, so that any contract can be given its code.
contract TickPool {
    address public immutable token0;
    address public immutable token1;
    int24 public immutable TICK;

    constructor(address token0_, address token1_, int24 tick_) {
        (token0, token1, TICK) = (token0_, token1_, tick_);
    }

    /// @notice As a pool gives it, with all observations that there can be.
    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool) {
        return (0, TICK, 0, type(uint16).max, type(uint16).max, 0, true);
    }

    /// @notice Cumulative ticks as a pool gives them.
    function observe(
        uint32[] calldata secondsAgos
    ) external view returns (int56[] memory tickCumulatives, uint160[] memory secondsPerLiquidityCumulativeX128s) {
        tickCumulatives = new int56[](secondsAgos.length);
        secondsPerLiquidityCumulativeX128s = new uint160[](secondsAgos.length);
        for (uint256 i = 0; i < secondsAgos.length; i++) {
            // Safe because ago is 32 bits: the window's start is as many ticks back as it is seconds ago.
            tickCumulatives[i] = -int56(uint56(secondsAgos[i])) * TICK;
        }
    }
}
