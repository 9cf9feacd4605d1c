// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A token whose `transfer`, `transferFrom` and `approve` return nothing, as USDT's do, and that can be frozen.
/// @dev Written out because OpenZeppelin's ERC20 cannot be overridden with other return types.
contract NoReturnToken {
    string public name;
    string public symbol;
    uint8 public immutable decimals;

    uint256 public totalSupply; // {tok}
    mapping(address account => uint256 amount) public balanceOf; // {tok}
    mapping(address owner => mapping(address spender => uint256 amount)) public allowance; // {tok}
    /// @notice True while no transfer passes.
    bool public frozen;

    /// @notice ERC-20's event.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice ERC-20's event.
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// @notice The token does not move at present.
    error NoReturnTokenFrozen();
    /// @notice `found` {tok} is less than `needed` {tok}.
    error NoReturnBalanceTooLow(uint256 found, uint256 needed);
    /// @notice The spender may take `found` {tok}, less than `needed` {tok}.
    error NoReturnAllowanceTooLow(uint256 found, uint256 needed);

    constructor(string memory name_, string memory symbol_, uint8 decimals_) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
    }

    /// @notice Creates `amount` {tok} out of nothing.
    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    /// @notice Stops every transfer.
    function freeze() external {
        frozen = true;
    }

    /// @notice Lets transfers pass again.
    function thaw() external {
        frozen = false;
    }

    /// @notice ERC-20's `approve`, without its return value.
    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
    }

    /// @notice ERC-20's `transfer`, without its return value.
    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    /// @notice ERC-20's `transferFrom`, without its return value.
    function transferFrom(address from, address to, uint256 amount) external {
        uint256 allowed = allowance[from][msg.sender];
        require(allowed >= amount, NoReturnAllowanceTooLow(allowed, amount));
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) internal {
        require(!frozen, NoReturnTokenFrozen());
        uint256 balance = balanceOf[from];
        require(balance >= amount, NoReturnBalanceTooLow(balance, amount));
        balanceOf[from] = balance - amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}
