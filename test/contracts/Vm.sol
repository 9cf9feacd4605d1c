// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The cheatcodes that these tests use, at the address where Hardhat answers them.
interface IVm {
    /// @notice One event.
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    /// @notice Leaves out inputs that do not fit.
    function assume(bool condition) external pure;

    /// @notice The code that creates a contract of this project, its libraries linked.
    function getCode(string calldata name) external view returns (bytes memory code);

    /// @notice The next call comes from `sender`.
    function prank(address sender) external;

    /// @notice Sets the clock.
    function warp(uint256 time) external;

    /// @notice Keeps events from now on.
    function recordLogs() external;

    /// @notice The events since `recordLogs` or the last reading.
    function getRecordedLogs() external returns (Log[] memory logs);

    /// @notice Keeps the state under a number.
    function snapshotState() external returns (uint256 id);

    /// @notice Goes back to a kept state and forgets it.
    function revertToStateAndDelete(uint256 id) external returns (bool success);

    /// @notice Signs a digest.
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice The address of a key.
    function addr(uint256 key) external pure returns (address owner);

    /// @notice The address that a contract will have.
    function computeCreateAddress(address creator, uint256 nonce) external pure returns (address created);

    /// @notice How many contracts or transactions an account has made.
    function getNonce(address account) external view returns (uint64 nonce);

    /// @notice A number of the environment, or `otherwise` when it is not set.
    function envOr(string calldata name, uint256 otherwise) external view returns (uint256 value);
}

/// @dev keccak256("hevm cheat code"), cut to an address.
IVm constant VM = IVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
