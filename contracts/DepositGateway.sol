// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC7540} from "./interfaces/IERC7540.sol";
import {IRebalancer} from "./interfaces/IRebalancer.sol";

/// @title Deposit and redeem in one transaction while the fund is in stablecoins.
/// @dev ROLES none: it requests, strikes and claims as anyone could, and holds nothing between calls.
/// PERMIT a signature that somebody else has sent first has done its work: what counts is the allowance.
/// ODDITIES what strangers left here, or requested in this contract's name, goes to the next who comes.
contract DepositGateway {
    using SafeERC20 for IERC20;

    /// @notice An ERC-2612 signature of the caller for exactly the amount that is handed in, with this contract as spender.
    struct Permit {
        uint256 deadline; // {s}
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    IERC7540 public immutable VAULT;
    IRebalancer public immutable REBALANCER;
    IERC20 private immutable COIN;

    /// @notice The strike brought less than the caller demanded.
    error ReceivedBelowMinimum(uint256 received, uint256 minimum);
    /// @notice The permit did not go through, and there is no allowance without it.
    error PermitRefused(uint256 needed, uint256 allowance);

    constructor(IERC7540 vault, IRebalancer rebalancer) {
        (VAULT, REBALANCER, COIN) = (vault, rebalancer, IERC20(vault.asset()));
    }

    /// @notice Turns deposit coins into shares at once. Reverts when the fund is not wholly in stablecoins.
    /// @param assets {tok} of the deposit coin, approved for this contract.
    /// @param minimum {share} The least that the receiver must get.
    function deposit(uint256 assets, address receiver, uint256 minimum) external returns (uint256 shares) {
        return _deposit(assets, receiver, minimum);
    }

    /// @notice As `deposit`, with the deposit coin's permit instead of an approval.
    function depositWithPermit(
        uint256 assets,
        address receiver,
        uint256 minimum,
        Permit calldata permit
    ) external returns (uint256 shares) {
        _permit(COIN, assets, permit);
        return _deposit(assets, receiver, minimum);
    }

    /// @notice Turns shares into deposit coins at once. Reverts when the fund is not wholly in stablecoins.
    /// @param shares {share} approved for this contract.
    /// @param minimum {tok} of the deposit coin. The least that the receiver must get.
    function redeem(uint256 shares, address receiver, uint256 minimum) external returns (uint256 assets) {
        return _redeem(shares, receiver, minimum);
    }

    /// @notice As `redeem`, with the share's permit instead of an approval.
    function redeemWithPermit(
        uint256 shares,
        address receiver,
        uint256 minimum,
        Permit calldata permit
    ) external returns (uint256 assets) {
        _permit(IERC20(address(VAULT)), shares, permit);
        return _redeem(shares, receiver, minimum);
    }

    /// @dev The permit can only be the caller's. If it fails, the transfer after it asks for the allowance.
    function _permit(IERC20 token, uint256 amount, Permit calldata permit) private {
        try
            IERC20Permit(address(token)).permit(
                msg.sender,
                address(this),
                amount,
                permit.deadline,
                permit.v,
                permit.r,
                permit.s
            )
        {
            return;
        } catch {
            uint256 allowance = token.allowance(msg.sender, address(this));
            require(allowance >= amount, PermitRefused(amount, allowance));
        }
    }

    function _deposit(uint256 assets, address receiver, uint256 minimum) private returns (uint256 shares) {
        COIN.safeTransferFrom(msg.sender, address(this), assets);
        COIN.forceApprove(address(VAULT), assets);
        VAULT.requestDeposit(assets, address(this), address(this));
        REBALANCER.strikeInStablecoins();
        // Everything that is claimable: what others requested in this contract's name would spoil the rate of a part.
        VAULT.mint(VAULT.maxMint(address(this)), address(this), address(this));
        shares = _handOver(IERC20(address(VAULT)), receiver, minimum);
    }

    function _redeem(uint256 shares, address receiver, uint256 minimum) private returns (uint256 assets) {
        IERC20(address(VAULT)).safeTransferFrom(msg.sender, address(this), shares);
        VAULT.requestRedeem(shares, address(this), address(this));
        REBALANCER.strikeInStablecoins();
        VAULT.withdraw(VAULT.maxWithdraw(address(this)), address(this), address(this));
        assets = _handOver(COIN, receiver, minimum);
    }

    /// @dev Everything that is here: the new request may have handed out earlier ones in this contract's name.
    function _handOver(IERC20 token, address receiver, uint256 minimum) private returns (uint256 amount) {
        amount = token.balanceOf(address(this));
        require(amount >= minimum, ReceivedBelowMinimum(amount, minimum));
        token.safeTransfer(receiver, amount);
    }
}
