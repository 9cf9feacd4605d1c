// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC7540} from "./interfaces/IERC7540.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";

/// @title Deposit and redeem in one transaction while the fund is in stablecoins.
/// @dev ROLES none: it requests, strikes and claims as anyone could, and holds nothing between calls.
contract DepositGateway {
    using SafeERC20 for IERC20;

    IERC7540 public immutable VAULT;
    IRebalancer public immutable REBALANCER;
    IERC20 private immutable COIN;

    /// @notice The strike brought less than the caller demanded.
    error ReceivedBelowMinimum(uint256 received, uint256 minimum);

    constructor(IERC7540 vault, IRebalancer rebalancer) {
        (VAULT, REBALANCER, COIN) = (vault, rebalancer, IERC20(vault.asset()));
    }

    /// @notice Turns deposit coins into shares at once. Reverts when the fund is not wholly in stablecoins.
    /// @param assets {tok} of the deposit coin, approved for this contract.
    /// @param minimum {share} The least that the receiver must get.
    function deposit(uint256 assets, address receiver, uint256 minimum) external returns (uint256 shares) {
        COIN.safeTransferFrom(msg.sender, address(this), assets);
        COIN.forceApprove(address(VAULT), assets);
        VAULT.requestDeposit(assets, address(this), address(this));
        REBALANCER.strikeInStablecoins();
        // Everything that is claimable: what others requested in this contract's name would spoil the rate of a part.
        shares = VAULT.maxMint(address(this));
        VAULT.mint(shares, receiver, address(this));
        require(shares >= minimum, ReceivedBelowMinimum(shares, minimum));
    }

    /// @notice Turns shares into deposit coins at once. Reverts when the fund is not wholly in stablecoins.
    /// @param shares {share} approved for this contract.
    /// @param minimum {tok} of the deposit coin. The least that the receiver must get.
    function redeem(uint256 shares, address receiver, uint256 minimum) external returns (uint256 assets) {
        IERC20(address(VAULT)).safeTransferFrom(msg.sender, address(this), shares);
        VAULT.requestRedeem(shares, address(this), address(this));
        REBALANCER.strikeInStablecoins();
        assets = VAULT.maxWithdraw(address(this));
        VAULT.withdraw(assets, receiver, address(this));
        require(assets >= minimum, ReceivedBelowMinimum(assets, minimum));
    }
}
