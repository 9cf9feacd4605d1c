// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {IIndexVault} from "./IIndexVault.sol";
import {ITradeRules} from "./ITradeRules.sol";

/// @title Where the vault trades: swaps on listed pools and holds nothing.
interface IVenue is ITradeRules {
    /// @notice What a swap must keep to, beside its amount.
    struct Terms {
        bool isExit; // may use pools that are closed for everything else
        uint256 maxMove; // {bps} that the pool's price may move against the swap
        uint256 spotMinimum; // {tok} that the amount must be worth at the price before the swap; zero asks nothing
    }

    /// @notice The caller is not the vault.
    error OnlyVault(address caller);
    /// @notice The pool is not on the list.
    error PoolNotListed(address pool);
    /// @notice The factory does not know this pool.
    error PoolNotOfFactory(address pool);
    /// @notice The pool does not trade these two tokens.
    error PoolOfOtherTokens(address pool, address tokenSold, address tokenBought);
    /// @notice The pool is closed for all but exits, or is not closed.
    error PoolClosed(address pool, bool isClosed);
    /// @notice The pool stands worse for the fund than the reference, by more than its limit. Both {tok}.
    error SpotTooFar(uint256 output, uint256 minimum);
    /// @notice A callback from an address that is not the pool of the running swap.
    error CallbackNotExpected(address caller);

    /// @notice Swaps exactly `amount` of `tokenSold` on `pool`; the output goes to the vault, which also pays.
    /// What would move the pool further than the terms allow is not swapped.
    /// @param amount {tok} of the token sold.
    function swapExact(
        address pool,
        address tokenSold,
        address tokenBought,
        uint256 amount,
        Terms calldata terms
    ) external;

    /// @notice Puts a pool on the list after asking the factory for it. For the owner.
    function listPool(address pool) external;

    /// @notice Takes a pool off the list. For the owner.
    function removePool(address pool) external;

    /// @notice Leaves a pool to the legs of exits, until the owner reopens it. For the guardian.
    function closePool(address pool) external;

    /// @notice Lets every leg use a pool again. For the owner.
    function reopenPool(address pool) external;

    /// @return {tok} What an amount is worth at the mean price of the pool over the last five minutes, before its fee.
    /// Reverts when the pool is not listed for the two tokens or its observations do not reach back that far.
    function meanOutput(
        address pool,
        address tokenSold,
        address tokenBought,
        uint256 amount
    ) external view returns (uint256);

    /// @notice Looks at the pool of a swap that has failed. Reverts for a lack of gas alone.
    /// @return floor {tok} What the pool's mean over the last five minutes gives for the amount, less the limit of the
    /// terms; more than any output when there is no such mean, or the swap was none of an exit.
    /// @return capacity {tok} About what can be sold within the terms' move, as far as the liquidity at the present price
    /// reaches; zero when the pool is not listed for the two tokens.
    function secondLook(IIndexVault.Order calldata order) external view returns (uint256 floor, uint256 capacity);

    /// @return True when the pool is left to the legs of exits.
    function isClosed(address pool) external view returns (bool);

    /// @return True when the vault may trade on the pool.
    function isListed(address pool) external view returns (bool);

    /// @return The main pool of two tokens: the first of them that was listed and is listed still; zero when none is.
    function poolOf(address tokenA, address tokenB) external view returns (address);

    /// @return The only address that may swap here, and whose money moves.
    function vault() external view returns (address);
}
