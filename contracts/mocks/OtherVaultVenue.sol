// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A venue that belongs to a vault of the deployer's choice.
contract OtherVaultVenue {
    address public immutable vault;

    constructor(address vault_) {
        vault = vault_;
    }
}
