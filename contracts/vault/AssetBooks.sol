// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {AssetSet} from "../libraries/AssetSet.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {Listings} from "./Listings.sol";

/// @title Which assets the fund knows, and how much of each it holds.
/// @dev BOOKS what counts is what was booked, never what a token says that the vault owns: a donation changes nothing.
/// Two neighbors share a slot, which is written when they are listed and never empty again: no trade pays for a new one.
/// An amount of 2^120 units or more, a million times the supply of any known token, cannot be booked.
/// HELD an asset counts as held above one unit. A sale leaves one unit, so that coming back writes no new slot.
/// The unit leaves the books when the asset is delisted, and is from then on no more than a donation.
abstract contract AssetBooks is IIndexVault {
    using AssetSet for uint256;
    using Listings for Listings.Books;

    LedgerHead.State internal _ledger;
    Listings.Books internal _books;

    /// @inheritdoc IIndexVault
    function ledger() external view returns (uint256, bytes26) {
        return (_ledger.sequence, _ledger.head);
    }

    /// @inheritdoc IIndexVault
    function assetAt(uint8 index) public view returns (Asset memory) {
        return _books.assets[index];
    }

    /// @inheritdoc IIndexVault
    function indexOf(address token) external view returns (uint8 index) {
        index = _books.indexOf[token];
        require(_books.assets[index].token == token, AssetNotListed(index));
    }

    /// @inheritdoc IIndexVault
    function listedSet() external view returns (uint256) {
        return _books.listed;
    }

    /// @inheritdoc IIndexVault
    function heldSet() public view returns (uint256) {
        return _books.held;
    }

    /// @inheritdoc IIndexVault
    function stableSet() external view returns (uint256) {
        return _books.stable;
    }

    /// @inheritdoc IIndexVault
    function tiers() external view returns (uint256, uint256, uint256, uint256) {
        return (_books.listed, _books.stable, _books.young, _books.bitcoin);
    }

    /// @inheritdoc IIndexVault
    function balances(uint256 assets) public view returns (uint256[] memory amounts) {
        amounts = new uint256[](assets.size());
        uint256 index = assets.next(0);
        for (uint256 i = 0; i < amounts.length; i++) {
            amounts[i] = _books.balanceOf(index);
            index = assets.next(index + 1);
        }
    }
}
