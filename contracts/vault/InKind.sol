// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {AssetSet} from "../libraries/AssetSet.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {Record} from "./Record.sol";
import {Requests} from "./Requests.sol";

/// @title The way out that needs nobody: a part of every holding, whatever the oracle, the keeper or the owner does.
/// @dev LIVENESS no oracle, factory or role is asked. A token that fails, or burns gas, stops only its own transfer:
/// the amount leaves the books and stays claimable by the one who left.
abstract contract InKind is Requests {
    using AssetSet for uint256;
    using Record for LedgerHead.State;
    using SafeERC20 for IERC20;

    /// @dev {gas} For one transfer out; the most expensive tokens known take less than half.
    uint256 private constant SEND_GAS = 400_000;

    mapping(address owner => mapping(uint8 asset => uint256 amount)) private _claims; // {tok}
    mapping(uint8 asset => uint256 amount) private _claimed; // {tok} of all owners

    /// @inheritdoc IIndexVault
    function inKindClaimable(address owner, uint8 index) external view returns (uint256) {
        return _claims[owner][index];
    }

    /// @inheritdoc IIndexVault
    function redeemInKind(
        uint256 shares,
        address receiver,
        address owner,
        uint8[] calldata skipped,
        Minimum[] calldata minimums
    ) external nonReentrant {
        if (msg.sender != owner && !isOperator(owner, msg.sender)) _spendAllowance(owner, msg.sender, shares);
        require(shares != 0, RequestEmpty());
        uint256 set = heldSet();
        for (uint256 i = 0; i < skipped.length; i++) set = set.without(skipped[i]);

        Record.Exit memory exit = _bookOut(set, shares, totalSupply());
        _requireMinimums(exit, minimums);
        _burn(owner, shares);
        _deliver(exit, receiver, owner);
        _ledger.redeemedInKind(owner, receiver, shares, exit);
    }

    /// @inheritdoc IIndexVault
    function claimInKind(uint8 index, address receiver) external nonReentrant {
        uint256 amount = _claims[msg.sender][index];
        require(amount != 0, NothingToClaim(msg.sender, index));
        address token = _tokenOf(index);

        delete _claims[msg.sender][index];
        _claimed[index] -= amount;
        _ledger.inKindClaimed(msg.sender, receiver, token, amount);
        require(IERC20(token).trySafeTransfer(receiver, amount), TransferStillFails(token));
    }

    /// @notice One transfer of an exit. Only the vault calls it, with a fixed allowance of gas.
    function sendOut(address token, address receiver, uint256 amount) external returns (bool) {
        require(msg.sender == address(this), OnlySelf(msg.sender));
        return IERC20(token).trySafeTransfer(receiver, amount);
    }

    /// @dev Claims name an asset by its index: until they are taken, no other token may get it.
    function _requireUnclaimed(uint8 index) internal view {
        require(_claimed[index] == 0, AssetInUse(index));
    }

    function _bookOut(uint256 set, uint256 shares, uint256 supply) private returns (Record.Exit memory exit) {
        uint256 count = set.size();
        exit = Record.Exit(new uint8[](count), new address[](count), new uint256[](count), new bool[](count));
        for (uint256 i = 0; set != 0; set = set.rest()) {
            uint8 index = set.lowest();
            uint256 balance = _balanceOf(index);
            // {tok} = {tok} * {share} / {share}
            uint256 amount = Math.mulDiv(balance, shares, supply);
            _setBalance(index, balance - amount);
            (exit.assets[i], exit.tokens[i], exit.amounts[i]) = (index, _tokenOf(index), amount);
            i++;
        }
    }

    function _requireMinimums(Record.Exit memory exit, Minimum[] calldata minimums) private pure {
        for (uint256 i = 0; i < minimums.length; i++) {
            uint256 amount = 0;
            for (uint256 j = 0; j < exit.assets.length; j++) {
                if (exit.assets[j] == minimums[i].asset) amount = exit.amounts[j];
            }
            require(amount >= minimums[i].amount, InKindBelowMinimum(minimums[i].asset, amount, minimums[i].amount));
        }
    }

    function _deliver(Record.Exit memory exit, address receiver, address owner) private {
        for (uint256 i = 0; i < exit.tokens.length; i++) {
            if (exit.amounts[i] == 0) {
                exit.delivered[i] = true;
                continue;
            }
            // The whole allowance must be there: an exit that runs out of gas fails as a whole and can be repeated.
            require(gasleft() > (SEND_GAS * 64) / 63, GasShort(gasleft()));
            try this.sendOut{gas: SEND_GAS}(exit.tokens[i], receiver, exit.amounts[i]) returns (bool sent) {
                exit.delivered[i] = sent;
            } catch {
                exit.delivered[i] = false;
            }
            if (!exit.delivered[i]) _bookClaim(owner, exit.assets[i], exit.amounts[i]);
        }
    }

    function _bookClaim(address owner, uint8 index, uint256 amount) private {
        _claims[owner][index] += amount;
        _claimed[index] += amount;
    }
}
