// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev Index of the deposit coin.
uint8 constant CASH = 0;
/// @dev Index of wrapped ether as a holding.
uint8 constant ETHER = 1;
/// @dev Index under which wrapped ether on its way between two tokens is booked.
uint8 constant TRANSIT = 255;

/// @dev {bps} The whole.
uint256 constant BPS = 10_000;
/// @dev {ppm} The whole.
uint256 constant PPM = 1_000_000;

/// @dev {share} The least that a redemption request may be, unless it is all that the owner has: one whole share.
uint256 constant LEAST_REDEMPTION = 1e18;

/// @dev {s} 1970-01-05, the first Monday.
uint256 constant FIRST_MONDAY = 345_600;
/// @dev {s}
uint256 constant WEEK = 604_800;

/// @dev Roles in the AccessManager; the admin role is 0.
uint64 constant KEEPER_ROLE = 1;
/// @dev May veto, and pause what goes out of stablecoins.
uint64 constant GUARDIAN_ROLE = 2;
/// @dev Signs targets; sends nothing.
uint64 constant SIGNER_ROLE = 3;
