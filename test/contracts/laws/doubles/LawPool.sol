// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {IUniswapV3PoolView} from "../../../../contracts/interfaces/IUniswapV3PoolView.sol";

/// @title A token that anyone may mint.
interface IMintable {
    /// @notice Creates `amount` {tok} out of nothing.
    function mint(address to, uint256 amount) external;
}

/// @title Who pays a pool in the middle of a swap.
interface ISwapCallback {
    /// @notice Uniswap's callback.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external;
}

/// @title A pool with fee and price impact (x * y = k over virtual reserves) that mints what it pays.
/// @dev Stands for Uniswap's pools where a hundred of them are moved many times; the real ones are tested elsewhere.
contract LawPool is IUniswapV3PoolView {
    address public immutable token0;
    address public immutable token1;
    uint24 public immutable fee; // {1e-6}

    uint256 public reserve0; // {tok}
    uint256 public reserve1; // {tok}
    int24 public meanTick;

    /// @notice The payer did not pay.
    error LawPoolUnpaid(uint256 owed, uint256 paid);

    constructor(address token0_, address token1_, uint24 fee_) {
        (token0, token1, fee) = (token0_, token1_, fee_);
    }

    /// @notice The pool stands here and has always stood here.
    function set(uint256 newReserve0, uint256 newReserve1) external {
        (reserve0, reserve1) = (newReserve0, newReserve1);
        meanTick = tick();
    }

    /// @notice The pool is moved by `bps` of token 0's price, up or down, for this block; its mean stays.
    function push(uint256 bps, bool isUp) external {
        if (isUp) reserve1 = (reserve1 * (10_000 + bps)) / 10_000;
        else reserve1 = (reserve1 * 10_000) / (10_000 + bps);
    }

    /// @notice The pool goes back to where it was.
    function restore(uint256 oldReserve0, uint256 oldReserve1) external {
        (reserve0, reserve1) = (oldReserve0, oldReserve1);
    }

    /// @inheritdoc IUniswapV3PoolView
    function swap(
        address recipient,
        bool zeroForOne,
        int256 amountSpecified,
        uint160 sqrtPriceLimitX96,
        bytes calldata data
    ) external returns (int256 amount0, int256 amount1) {
        // Safe because only exact inputs are asked for.
        uint256 amount = uint256(amountSpecified);
        (uint256 old0, uint256 old1) = (reserve0, reserve1);
        uint256 out = _move(zeroForOne, amount);
        if (zeroForOne ? sqrtPrice() < sqrtPriceLimitX96 : sqrtPrice() > sqrtPriceLimitX96) {
            // Uniswap's pools stop at the limit; how far before it does not matter to who wants all or nothing.
            (reserve0, reserve1, amount) = (old0, old1, amount / 64);
            out = _move(zeroForOne, amount);
        }
        (address paid, address bought) = zeroForOne ? (token0, token1) : (token1, token0);
        (amount0, amount1) = zeroForOne ? (int256(amount), -int256(out)) : (-int256(out), int256(amount));
        IMintable(bought).mint(recipient, out);
        uint256 before = IERC20(paid).balanceOf(address(this));
        ISwapCallback(msg.sender).uniswapV3SwapCallback(amount0, amount1, data);
        uint256 received = IERC20(paid).balanceOf(address(this)) - before;
        require(received >= amount, LawPoolUnpaid(amount, received));
    }

    /// @inheritdoc IUniswapV3PoolView
    function observe(uint32[] calldata secondsAgos) external view returns (int56[] memory ticks, uint160[] memory) {
        ticks = new int56[](secondsAgos.length);
        for (uint256 i = 0; i < secondsAgos.length; i++) ticks[i] = -int56(uint56(secondsAgos[i])) * meanTick;
        return (ticks, new uint160[](secondsAgos.length));
    }

    /// @notice As Uniswap's: the price now, its tick, and a hundred observations.
    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool) {
        return (sqrtPrice(), tick(), 0, 100, 100, 0, true);
    }

    /// @notice As Uniswap's: the root of the product of the reserves.
    function liquidity() external view returns (uint128) {
        // Safe because reserves of the tests are below 2^128.
        return uint128(Math.sqrt(reserve0) * Math.sqrt(reserve1));
    }

    /// @notice {tok} that a swap of `amount` {tok} would bring now.
    function quote(bool zeroForOne, uint256 amount) public view returns (uint256) {
        (uint256 from, uint256 to) = zeroForOne ? (reserve0, reserve1) : (reserve1, reserve0);
        uint256 net = (amount * (1_000_000 - fee)) / 1_000_000;
        return Math.mulDiv(to, net, from + net);
    }

    function _move(bool zeroForOne, uint256 amount) private returns (uint256 out) {
        out = quote(zeroForOne, amount);
        (reserve0, reserve1) = zeroForOne ? (reserve0 + amount, reserve1 - out) : (reserve0 - out, reserve1 + amount);
    }

    /// @notice The present tick.
    function tick() public view returns (int24) {
        return TickMath.getTickAtSqrtPrice(sqrtPrice());
    }

    /// @notice The root of the present price with 96 binary digits.
    function sqrtPrice() public view returns (uint160) {
        // Safe because reserves of the tests give prices within Uniswap's range.
        if (reserve1 / (reserve0 + 1) < 1 << 60) return uint160(Math.sqrt(Math.mulDiv(reserve1, 1 << 192, reserve0)));
        return uint160(Math.sqrt(Math.mulDiv(reserve1, 1 << 128, reserve0)) << 32);
    }
}
