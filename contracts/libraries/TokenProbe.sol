// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {ProbeHand} from "../vault/ProbeHand.sol";

/// @title Refuses tokens that take a fee on transfer or whose balances change by themselves, before they are listed.
/// @dev TOKENS some units, sent to the vault beforehand, leave it and come back in two parts; both balances must change
/// by exactly what was moved. Shares that are converted at every transfer round, and are found by the same comparison.
/// Balances that change in time cannot be seen in one transaction: the interfaces of the known ones are asked for.
/// A fee that is switched on later, or that only others pay, is not seen.
library TokenProbe {
    using SafeERC20 for IERC20;

    /// @dev {tok} A fee of 1 bps takes one of them.
    uint256 internal constant UNITS = 10_000;
    /// @dev {tok} The first part that comes back: no multiple of anything.
    uint256 private constant PART = 3_331;
    /// @dev {gas} For one transfer or balance: as much as an exit in kind gives.
    uint256 private constant MOVE_GAS = 400_000;
    /// @dev {gas} For one question, through a proxy.
    uint256 private constant QUESTION_GAS = 100_000;

    /// @dev Reverts with the reason for which the token must not be listed.
    function requirePlain(address token) external {
        ProbeHand hand = new ProbeHand();
        // stETH and its kin, Aave's and Ampleforth's, OUSD's, and sOHM's.
        _refuseIfAnswered(hand, token, bytes4(keccak256("sharesOf(address)")));
        _refuseIfAnswered(hand, token, bytes4(keccak256("scaledBalanceOf(address)")));
        _refuseIfAnswered(hand, token, bytes4(keccak256("rebasingCreditsPerToken()")));
        _refuseIfAnswered(hand, token, bytes4(keccak256("gonsForBalance(uint256)")));

        uint256 found = _balance(token, address(this));
        require(found >= UNITS, IIndexVault.ProbeUnitsMissing(token, found, UNITS));
        IERC20(token).safeTransfer(address(hand), UNITS);
        _requireBalances(hand, token, [found - UNITS, UNITS]);
        hand.giveBack{gas: MOVE_GAS}(token, PART);
        _requireBalances(hand, token, [found - UNITS + PART, UNITS - PART]);
        hand.giveBack{gas: MOVE_GAS}(token, UNITS - PART);
        _requireBalances(hand, token, [found, 0]);
    }

    function _refuseIfAnswered(ProbeHand hand, address token, bytes4 question) private view {
        require(!hand.answers{gas: QUESTION_GAS}(token, question), IIndexVault.TokenRebases(token, question));
    }

    /// @param expected {tok} The balances of the vault and of the hand.
    function _requireBalances(ProbeHand hand, address token, uint256[2] memory expected) private view {
        address[2] memory holders = [address(this), address(hand)];
        for (uint256 i = 0; i < holders.length; i++) {
            uint256 found = _balance(token, holders[i]);
            require(found == expected[i], IIndexVault.TransferInexact(token, expected[i], found));
        }
    }

    /// @dev {tok}
    function _balance(address token, address holder) private view returns (uint256) {
        return IERC20(token).balanceOf{gas: MOVE_GAS}(holder);
    }
}
