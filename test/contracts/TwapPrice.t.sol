// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IUniswapV3PoolView} from "../../contracts/interfaces/IUniswapV3PoolView.sol";
import {TwapPrice} from "../../contracts/libraries/TwapPrice.sol";

/// @title Laws of mean prices, for any tick that two listed tokens can have.
/// @dev The test is its own pool: `observe` answers what the test sets.
contract TwapPriceTest {
    /// @dev e^50 in price, 21 digits both ways: beyond it one unit of a token is worth less than the other can show.
    int24 private constant FARTHEST = 500_000;
    uint256 private constant AMOUNT = 1 << 126; // {tok}

    int56 private _change; // of the cumulative tick over the window

    /// @notice What Uniswap's pools answer.
    function observe(uint32[] calldata ago) external view returns (int56[] memory cumulative, uint160[] memory other) {
        assert(ago.length == 2 && ago[0] == 600 && ago[1] == 0);
        cumulative = new int56[](2);
        other = new uint160[](2);
        cumulative[0] = 1_000_000;
        cumulative[1] = 1_000_000 + _change;
    }

    /// @notice The mean tick is rounded towards minus infinity.
    function testFuzz_MeanTickIsRoundedDown(int24 tick, uint16 beyond) external {
        tick = _bound(tick);
        _change = int56(tick) * 600 + int56(uint56(beyond % 600));
        assert(TwapPrice.meanTick(IUniswapV3PoolView(address(this)), 600) == tick);
    }

    /// @notice A tick more is 1.0001 times the price of token 0.
    function testFuzz_TickRaisesToken0(int24 tick) external pure {
        tick = _bound(tick);
        uint256 below = TwapPrice.quoteAt(tick, AMOUNT, true);
        uint256 above = TwapPrice.quoteAt(tick + 1, AMOUNT, true);
        _requireNear(above * 10_000, below * 10_001);
    }

    /// @notice A tick more is 1.0001 times less for token 1.
    function testFuzz_TickLowersToken1(int24 tick) external pure {
        tick = _bound(tick);
        uint256 above = TwapPrice.quoteAt(tick, AMOUNT, false);
        uint256 below = TwapPrice.quoteAt(tick + 1, AMOUNT, false);
        _requireNear(above * 10_000, below * 10_001);
    }

    /// @notice A tick and its negative are each other's price, though one side is worked out in the other arithmetic.
    function testFuzz_TickMirrorsItsNegative(int24 tick) external pure {
        tick = _bound(tick);
        _requireNear(TwapPrice.quoteAt(tick, AMOUNT, true), TwapPrice.quoteAt(-tick, AMOUNT, false));
    }

    /// @notice One way and back gives no more than there was, and no less than the rounding explains.
    function testFuzz_ThereAndBackNeverGains(int24 tick, uint96 amount) external pure {
        tick = _bound(tick);
        uint256 there = TwapPrice.quoteAt(tick, amount, true);
        if (there > 1 << 127) return;
        uint256 back = TwapPrice.quoteAt(tick, there, false);
        assert(back <= amount);
        // What one unit of the other token is worth, and one unit, were rounded away; 2^-90 is the arithmetic's own.
        uint256 unit = TwapPrice.quoteAt(tick, 1, false);
        assert(back + unit + 2 + (uint256(amount) >> 90) >= amount);
    }

    /// @notice Splitting an amount gives no more, and at most one unit less.
    function testFuzz_SplitLosesAtMostOneUnit(int24 tick, uint96 one, uint96 other, bool isToken0) external pure {
        tick = _bound(tick);
        uint256 apart = TwapPrice.quoteAt(tick, one, isToken0) + TwapPrice.quoteAt(tick, other, isToken0);
        uint256 together = TwapPrice.quoteAt(tick, uint256(one) + other, isToken0);
        assert(apart <= together && together <= apart + 1);
    }

    /// @notice At tick 0 both tokens are worth the same.
    function testFuzz_TickZeroIsPar(uint96 amount, bool isToken0) external pure {
        assert(TwapPrice.quoteAt(0, amount, isToken0) == amount);
    }

    /// @notice At tick 6931 a token 0 is worth 1.0001^6931 = 1.99983626 tokens 1.
    function test_KnownTickHasItsKnownPrice() external pure {
        // ln 1.0001 = 0.0000999950003333; times 6931 is 0.6930653473; e to its power is 1.99983633.
        uint256 quoted = TwapPrice.quoteAt(6931, 1e18, true);
        assert(quoted > 1.999836e18 && quoted < 1.999837e18);
    }

    function _bound(int24 tick) private pure returns (int24) {
        return tick % FARTHEST;
    }

    /// @dev Equal up to a millionth of a millionth and the rounding of both.
    function _requireNear(uint256 one, uint256 other) private pure {
        uint256 slack = other / 1e12 + 20_002;
        assert(one <= other + slack && other <= one + slack);
    }
}
