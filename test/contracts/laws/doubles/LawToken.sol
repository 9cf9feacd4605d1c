// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Who a token calls in the middle of a transfer.
interface IMoved {
    /// @notice A transfer is under way.
    function onMoved() external;
}

/// @title A token of any decimals that can be made to misbehave in one of the ways of the wild.
contract LawToken is ERC20 {
    enum Manner {
        Plain,
        Frozen,
        Refuses,
        BurnsGas,
        CallsBack
    }

    uint8 private immutable _decimals;
    Manner public manner;
    address private immutable _maker;

    /// @notice The token does not move at present.
    error LawTokenFrozen();

    constructor(uint8 decimals_) ERC20("Law", "LAW") {
        (_decimals, _maker) = (decimals_, msg.sender);
    }

    /// @notice Creates `amount` {tok} out of nothing.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Takes `amount` {tok} away from somebody, as issuers can.
    function seize(address from, uint256 amount) external {
        _burn(from, amount);
    }

    /// @notice From now on the token behaves like this.
    function behave(Manner newManner) external {
        manner = newManner;
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 amount) public override returns (bool) {
        return _misbehave() && super.transfer(to, amount);
    }

    /// @inheritdoc ERC20
    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return _misbehave() && super.transferFrom(from, to, amount);
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function _misbehave() private returns (bool goesOn) {
        Manner present = manner;
        require(present != Manner.Frozen, LawTokenFrozen());
        if (present == Manner.Refuses) return false;
        if (present == Manner.CallsBack) IMoved(_maker).onMoved();
        uint256 turns = present == Manner.BurnsGas ? 20_000 : 0;
        for (uint256 i = 0; i < turns; i++) if (gasleft() == i) return false;
        return true;
    }
}
