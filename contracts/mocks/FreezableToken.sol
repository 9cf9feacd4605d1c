// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {MockToken} from "./MockToken.sol";

/// @title A token whose transfers revert while it is frozen; minting goes on.
/// @dev Adds its storage behind that of MockToken, so that a MockToken can be given this code while it is in use.
contract FreezableToken is MockToken {
    /// @notice True while no transfer passes.
    bool public frozen;

    /// @notice The token does not move at present.
    error TokenFrozen();

    constructor(string memory name_, string memory symbol_, uint8 decimals_) MockToken(name_, symbol_, decimals_) {}

    /// @notice Stops every transfer.
    function freeze() external {
        frozen = true;
    }

    /// @notice Lets transfers pass again.
    function thaw() external {
        frozen = false;
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 amount) public override returns (bool) {
        require(!frozen, TokenFrozen());
        return super.transfer(to, amount);
    }

    /// @inheritdoc ERC20
    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        require(!frozen, TokenFrozen());
        return super.transferFrom(from, to, amount);
    }
}
