// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {AssetSet} from "../libraries/AssetSet.sol";
import {CASH, ETHER, TRANSIT} from "../libraries/FundConstants.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {Record} from "./Record.sol";

/// @title Which assets the fund knows, and how much of each it holds.
/// @dev BOOKS what counts is what was booked, never what a token says that the vault owns: a donation changes nothing.
/// Two neighbors share a slot, which is written when they are listed and never empty again: no trade pays for a new one.
/// An amount of 2^120 units or more, a million times the supply of any known token, cannot be booked.
/// HELD an asset counts as held above one unit. A sale leaves one unit, so that coming back writes no new slot.
/// The unit leaves the books when the asset is delisted, and is from then on no more than a donation.
abstract contract AssetBooks is IIndexVault {
    using AssetSet for uint256;
    using SafeCast for uint256;
    using Record for LedgerHead.State;

    /// @dev What is booked of an asset with an even index, and of its neighbor above.
    struct Pair {
        uint120 even; // {tok}
        uint120 odd; // {tok}
        bool isOpen;
    }

    /// @dev More decimals than any known token has; ten to their power still leaves room in every product.
    uint8 private constant MAX_DECIMALS = 27;

    /// @dev {s} For so long after its listing an asset is young.
    uint256 private constant YOUTH = 30 days;

    LedgerHead.State internal _ledger;
    mapping(uint8 index => Asset asset) private _assets;
    mapping(uint256 half => Pair pair) private _pairs; // by half of the index
    mapping(address token => uint8 index) private _indexOf; // zero also for unknown tokens
    uint256 private _listed;
    uint256 private _held;
    uint256 private _stable;
    uint256 private _young;
    uint256 private _bitcoin;

    /// @inheritdoc IIndexVault
    function ledger() external view returns (uint256, bytes26) {
        return (_ledger.sequence, _ledger.head);
    }

    /// @inheritdoc IIndexVault
    function assetAt(uint8 index) public view returns (Asset memory) {
        return _assets[index];
    }

    /// @inheritdoc IIndexVault
    function indexOf(address token) external view returns (uint8 index) {
        index = _indexOf[token];
        require(_assets[index].token == token, AssetNotListed(index));
    }

    /// @inheritdoc IIndexVault
    function listedSet() external view returns (uint256) {
        return _listed;
    }

    /// @inheritdoc IIndexVault
    function heldSet() public view returns (uint256) {
        return _held;
    }

    /// @inheritdoc IIndexVault
    function stableSet() external view returns (uint256) {
        return _stable;
    }

    /// @inheritdoc IIndexVault
    function tiers() external view returns (uint256, uint256, uint256, uint256) {
        return (_listed, _stable, _young, _bitcoin);
    }

    /// @inheritdoc IIndexVault
    function balances(uint256 assets) public view returns (uint256[256] memory amounts) {
        for (uint256 index = assets.next(0); index < 256; index = assets.next(index + 1)) {
            amounts[index] = _balanceOf(index);
        }
    }

    function _list(address token, string memory coinId, bool isStable) internal returns (uint8 index) {
        require(_assets[_indexOf[token]].token != token, TokenAlreadyListed(token));
        uint256 free = ~_listed.with(TRANSIT);
        require(free != 0, AssetListFull());
        uint8 decimals = IERC20Metadata(token).decimals();
        require(decimals <= MAX_DECIMALS, DecimalsOutOfRange(token, decimals));

        index = AssetSet.lowest(free);
        // Safe because 2^40 seconds are 34,000 years.
        _assets[index] = Asset(token, decimals, isStable, uint40(block.timestamp));
        _indexOf[token] = index;
        _pairs[index / 2].isOpen = true;
        if (index == ETHER) _pairs[TRANSIT / 2].isOpen = true;
        _listed = _listed.with(index);
        if (isStable) _stable = _stable.with(index);
        _ledger.assetListed(index, token, coinId, decimals, isStable);
    }

    function _delist(uint8 index) internal {
        address token = _assets[index].token;
        require(token != address(0), AssetNotListed(index));
        uint256 left = _balanceOf(index);
        require(index != CASH && index != ETHER && left <= 1, AssetInUse(index));

        _setBalance(index, 0);
        delete _assets[index];
        delete _indexOf[token];
        _listed = _listed.without(index);
        _stable = _stable.without(index);
        _young = _young.without(index);
        _bitcoin = _bitcoin.without(index);
        _ledger.assetDelisted(index, token, left);
    }

    function _markYoung(uint8 index) internal {
        _young = _young.with(index);
    }

    function _mature(uint8 index) internal {
        uint256 maturesAt = uint256(_assets[index].listedAt) + YOUTH;
        require(_young.has(index) && block.timestamp >= maturesAt, AssetStillYoung(index, maturesAt));
        _young = _young.without(index);
    }

    function _nameBitcoin(uint8 index) internal {
        address token = _assets[index].token;
        require(token != address(0), AssetNotListed(index));
        _bitcoin = _bitcoin.with(index);
        emit BitcoinNamed(index, token);
    }

    /// @dev The token behind an index; wrapped ether in transit is wrapped ether.
    function _tokenOf(uint8 index) internal view returns (address token) {
        token = _assets[index == TRANSIT ? ETHER : index].token;
        require(token != address(0), AssetNotListed(index));
    }

    function _balanceOf(uint256 index) internal view returns (uint256) {
        Pair storage pair = _pairs[index / 2];
        return index % 2 == 0 ? pair.even : pair.odd;
    }

    function _setBalance(uint8 index, uint256 amount) internal {
        Pair storage pair = _pairs[index / 2];
        if (index % 2 == 0) pair.even = amount.toUint120();
        else pair.odd = amount.toUint120();
        if (_held.has(index) != (amount > 1)) {
            _held = amount > 1 ? _held.with(index) : _held.without(index);
        }
    }
}
