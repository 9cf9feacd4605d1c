// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The cheatcodes that these tests use, at the address where Hardhat answers them.
interface IVm {
    /// @notice Leaves out inputs that do not fit.
    function assume(bool condition) external pure;
}

/// @dev keccak256("hevm cheat code"), cut to an address.
IVm constant VM = IVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
