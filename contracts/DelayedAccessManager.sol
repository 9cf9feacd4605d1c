// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title OpenZeppelin's AccessManager, whose admins can never act at once.
/// @dev ROLES an admin's delay holds for every `restricted` function of the fund and for the manager's own functions,
/// which are without any delay as OpenZeppelin ships them. With them alone an admin could, after waiting once, name
/// another admin without a delay, give a restricted function to a role without one, or move a contract to another
/// manager: here none of the three is possible. Only the deployer has no delay, until it renounces its role.
/// LIVENESS nobody but an admin and the one who scheduled an operation can cancel it: a guardian who could would keep
/// itself and a stolen keeper in their roles for ever. Any holder of a role can renounce it at once.
contract DelayedAccessManager is AccessManager {
    /// @notice {s} At least so long is between the announcement of what an admin does and its execution: nine days,
    /// longer than from any moment to the next strike.
    uint32 public constant ADMIN_DELAY = 9 days;

    /// @notice Who sets the fund up, as its only admin without a delay.
    address public immutable DEPLOYER;

    /// @notice An admin's delay {s} must not be shorter than the least.
    error AdminDelayTooShort(uint32 delay, uint32 least);
    /// @notice Which roles there are and what they may call is fixed once the fund was handed over.
    error SetupOver();

    constructor(address deployer) AccessManager(deployer) {
        DEPLOYER = deployer;
    }

    /// @notice True once the deployer has handed the fund over; it cannot become false again.
    function isHandedOver() public view returns (bool) {
        (bool isMember, uint32 delay) = hasRole(ADMIN_ROLE, DEPLOYER);
        return !isMember || delay != 0;
    }

    /// @inheritdoc AccessManager
    function updateAuthority(address target, address newAuthority) public override {
        _requireSetup();
        super.updateAuthority(target, newAuthority);
    }

    /// @inheritdoc AccessManager
    function _grantRole(
        uint64 roleId,
        address account,
        uint32 grantDelay,
        uint32 executionDelay
    ) internal override returns (bool) {
        // Without code this contract is under construction: the deployer is the only admin without a delay.
        bool isFree = roleId != ADMIN_ROLE || address(this).code.length == 0;
        require(isFree || executionDelay >= ADMIN_DELAY, AdminDelayTooShort(executionDelay, ADMIN_DELAY));
        return super._grantRole(roleId, account, grantDelay, executionDelay);
    }

    /// @inheritdoc AccessManager
    function _setRoleAdmin(uint64 roleId, uint64 admin) internal override {
        _requireSetup();
        super._setRoleAdmin(roleId, admin);
    }

    /// @inheritdoc AccessManager
    function _setTargetFunctionRole(address target, bytes4 selector, uint64 roleId) internal override {
        _requireSetup();
        super._setTargetFunctionRole(target, selector, roleId);
    }

    function _requireSetup() private view {
        require(!isHandedOver(), SetupOver());
    }
}
