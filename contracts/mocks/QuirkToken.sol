// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {MockToken} from "./MockToken.sol";

/// @title A token with one of the oddities that tokens in the wild have, switched on while it is in use.
/// @dev Adds its storage behind that of MockToken, so that a MockToken can be given this code while it is in use.
contract QuirkToken is MockToken {
    enum Quirk {
        None,
        ReturnsFalse, // moves nothing and says so, instead of reverting
        RefusesZero,
        ReturnsMuch, // the answer to a transfer has 100,000 bytes
        TakesFee, // 1 %
        DearBalance, // balanceOf costs 170,000 gas
        Blocks // one address, both ways
    }

    /// @notice The present oddity.
    Quirk public quirk;
    /// @notice Who is blocked.
    address public blocked;

    /// @notice Transfers of nothing are refused.
    error ZeroRefused();
    /// @notice The account is on the list.
    error AccountBlocked(address account);

    constructor(string memory name_, string memory symbol_, uint8 decimals_) MockToken(name_, symbol_, decimals_) {}

    /// @notice Switches an oddity on, and the last one off.
    function become(Quirk newQuirk) external {
        quirk = newQuirk;
    }

    /// @notice Blocks an account from now on, and nobody else.
    function block_(address account) external {
        (quirk, blocked) = (Quirk.Blocks, account);
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 amount) public override returns (bool) {
        if (quirk == Quirk.ReturnsFalse) return false;
        super.transfer(to, amount);
        if (quirk == Quirk.ReturnsMuch) _answer();
        return true;
    }

    /// @inheritdoc ERC20
    function balanceOf(address account) public view override returns (uint256) {
        uint256 left = gasleft();
        while (quirk == Quirk.DearBalance && left - gasleft() < 170_000) continue;
        return super.balanceOf(account);
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(quirk != Quirk.RefusesZero || amount != 0, ZeroRefused());
        require(quirk != Quirk.Blocks || from != blocked, AccountBlocked(from));
        require(quirk != Quirk.Blocks || to != blocked, AccountBlocked(to));
        super._update(from, to, amount);
        if (quirk == Quirk.TakesFee && to != address(0)) super._update(to, address(0), amount / 100);
    }

    function _answer() private pure {
        // Safe because this is what the mock is for: the answer begins with a one and goes on for long.
        // solhint-disable-next-line no-inline-assembly
        assembly {
            mstore(0, 1)
            return(0, 100000)
        }
    }
}
