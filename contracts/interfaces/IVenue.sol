// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// @title Where the vault trades: swaps on listed pools and holds nothing.
interface IVenue {
    /// @notice The caller is not the vault.
    error OnlyVault(address caller);
    /// @notice The pool is not on the list.
    error PoolNotListed(address pool);
    /// @notice The factory does not know this pool.
    error PoolNotOfFactory(address pool);
    /// @notice The pool does not trade these two tokens.
    error PoolOfOtherTokens(address pool, address tokenSold, address tokenBought);
    /// @notice A callback from an address that is not the pool of the running swap.
    error CallbackNotExpected(address caller);

    /// @notice Swaps exactly `amount` of `tokenSold` on `pool`; the output goes to the vault, which also pays.
    /// @param amount {tok} of the token sold.
    function swap(address pool, address tokenSold, address tokenBought, uint256 amount) external;

    /// @notice Puts a pool on the list after asking the factory for it.
    function listPool(address pool) external;

    /// @notice Takes a pool off the list.
    function removePool(address pool) external;

    /// @return True when the vault may trade on the pool.
    function isListed(address pool) external view returns (bool);

    /// @return The main pool of two tokens: the first of them that was listed and is listed still; zero when none is.
    function poolOf(address tokenA, address tokenB) external view returns (address);

    /// @return The only address that may swap here, and whose money moves.
    function vault() external view returns (address);
}
