// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {MockToken} from "./MockToken.sol";

/// @title A token whose transfers burn all gas that they are given.
/// @dev Has the storage of MockToken, so that a MockToken can be given this code while it is in use.
contract GasBurningToken is MockToken {
    constructor(string memory name_, string memory symbol_, uint8 decimals_) MockToken(name_, symbol_, decimals_) {}

    /// @inheritdoc ERC20
    function transfer(address, uint256) public pure override returns (bool) {
        // Without end, so that the gas is.
        uint256 turns = 0;
        while (turns < type(uint256).max) turns++;
        return true;
    }
}
