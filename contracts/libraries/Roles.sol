// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";

/// @title Roles read from the AccessManager directly, so that a closed manager target stops none of them.
library Roles {
    /// @dev Reverts unless the account holds the role.
    function requireHeld(address manager, uint64 role, address account) internal view {
        require(isHeld(manager, role, account), IRebalancer.RoleMissing(account, role));
    }

    function isHeld(address manager, uint64 role, address account) internal view returns (bool isMember) {
        (isMember, ) = IAccessManager(manager).hasRole(role, account);
    }
}
