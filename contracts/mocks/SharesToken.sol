// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {MockToken} from "./MockToken.sol";

/// @title A token that holds shares, each worth eleven tenths of a unit: what is moved is rounded.
contract SharesToken is MockToken {
    constructor(string memory name_, string memory symbol_, uint8 decimals_) MockToken(name_, symbol_, decimals_) {}

    /// @inheritdoc ERC20
    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * 11) / 10;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, (amount * 10) / 11);
    }
}
