// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {Custody} from "./Custody.sol";
import {Exits} from "./Exits.sol";
import {Listings} from "./Listings.sol";
import {Requests} from "./Requests.sol";

/// @title The way out that needs nobody: a part of every holding, whatever the oracle, the keeper or the owner does.
/// @dev LIVENESS no oracle, factory or role is asked. A token that fails, or burns gas, stops only its own transfer:
/// the amount leaves the books and stays claimable by the one who left.
abstract contract InKind is Requests {
    using Custody for Listings.Books;
    using Exits for Exits.Claims;
    using SafeERC20 for IERC20;

    /// @inheritdoc IIndexVault
    function inKindClaimable(address owner, uint8 index) external view returns (uint256) {
        return _claims.owed[owner][index];
    }

    /// @inheritdoc IIndexVault
    function redeemInKind(
        uint256 shares,
        address receiver,
        address owner,
        uint8[] calldata skipped,
        Minimum[] calldata minimums
    ) external nonReentrant {
        _spendShares(owner, shares);
        _accrueFee();
        Exits.Leaver memory leaver = Exits.Leaver(owner, receiver, shares, totalSupply());
        _burn(owner, shares);
        _claims.leave(_books, _ledger, leaver, skipped, minimums);
    }

    /// @inheritdoc IIndexVault
    function claimInKind(uint8 index, address receiver) external nonReentrant {
        _creditInKind(msg.sender);
        _claims.claim(_books, _ledger, index, receiver);
    }

    /// @inheritdoc IIndexVault
    function creditInKind(address controller) external nonReentrant {
        _creditInKind(controller);
    }

    /// @inheritdoc IIndexVault
    function writeDown(uint8 index) external nonReentrant {
        _books.writeDown(_requests, _claims, _ledger, index);
    }

    /// @inheritdoc IIndexVault
    function tryToSend(address token, address receiver) external {
        require(msg.sender == address(this), OnlySelf(msg.sender));
        require(IERC20(token).trySafeTransfer(receiver, 1), TransferStillFails(token));
        revert TokenMoves();
    }

    /// @inheritdoc IIndexVault
    function sendOut(address token, address receiver, uint256 amount) external returns (bool) {
        require(msg.sender == address(this), OnlySelf(msg.sender));
        return IERC20(token).trySafeTransfer(receiver, amount);
    }

    /// @dev Claims name an asset by its index: until they are taken, no other token may get it.
    function _requireUnclaimed(uint8 index) internal view {
        require(_claims.total[index] == 0, AssetInUse(index));
    }
}
