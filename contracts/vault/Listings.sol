// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIndexVault} from "../interfaces/IIndexVault.sol";
import {IVaultRecord} from "../interfaces/IVaultRecord.sol";
import {AssetSet} from "../libraries/AssetSet.sol";
import {CASH, ETHER, TRANSIT} from "../libraries/FundConstants.sol";
import {LedgerHead} from "../libraries/LedgerHead.sol";
import {Record} from "./Record.sol";

/// @title The books as one piece of storage, and how assets come in and go out of them.
/// @dev A library with code of its own, called by delegation, for the size of the vault. What every trade needs is
/// internal, and so part of the vault's own code.
library Listings {
    using AssetSet for uint256;
    using SafeCast for uint256;
    using Record for LedgerHead.State;

    /// @dev What is booked of an asset with an even index, and of its neighbor above.
    struct Pair {
        uint120 even; // {tok}
        uint120 odd; // {tok}
        bool isOpen;
    }

    /// @dev Everything the vault knows of its assets; the sets have one bit an asset.
    struct Books {
        mapping(uint8 index => IIndexVault.Asset asset) assets;
        mapping(uint256 half => Pair pair) pairs; // by half of the index
        mapping(address token => uint8 index) indexOf; // zero also for unknown tokens
        uint256 listed;
        uint256 held;
        uint256 stable;
        uint256 young;
        uint256 bitcoin;
    }

    /// @dev More decimals than any known token has; ten to their power still leaves room in every product.
    uint8 private constant MAX_DECIMALS = 27;

    /// @dev {s} For so long after its listing an asset is young.
    uint256 private constant YOUTH = 30 days;

    /// @dev Lists a token at the lowest free index.
    function list(
        Books storage self,
        LedgerHead.State storage ledger,
        address token,
        string memory coinId,
        bool isStable
    ) public returns (uint8 index) {
        require(self.assets[self.indexOf[token]].token != token, IIndexVault.TokenAlreadyListed(token));
        uint256 free = ~self.listed.with(TRANSIT);
        require(free != 0, IIndexVault.AssetListFull());
        uint8 decimals = IERC20Metadata(token).decimals();
        require(decimals <= MAX_DECIMALS, IIndexVault.DecimalsOutOfRange(token, decimals));

        index = AssetSet.lowest(free);
        // Safe because 2^40 seconds are 34,000 years.
        self.assets[index] = IIndexVault.Asset(token, decimals, isStable, uint40(block.timestamp));
        self.indexOf[token] = index;
        self.pairs[index / 2].isOpen = true;
        if (index == ETHER) self.pairs[TRANSIT / 2].isOpen = true;
        self.listed = self.listed.with(index);
        if (isStable) self.stable = self.stable.with(index);
        ledger.assetListed(index, token, coinId, decimals, isStable);
    }

    /// @dev Frees the index of an asset of which at most one unit is held.
    function delist(Books storage self, LedgerHead.State storage ledger, uint8 index) public {
        address token = self.assets[index].token;
        require(token != address(0), IIndexVault.AssetNotListed(index));
        uint256 left = balanceOf(self, index);
        require(index != CASH && index != ETHER && left <= 1, IIndexVault.AssetInUse(index));

        setBalance(self, index, 0);
        delete self.assets[index];
        delete self.indexOf[token];
        self.listed = self.listed.without(index);
        self.stable = self.stable.without(index);
        self.young = self.young.without(index);
        self.bitcoin = self.bitcoin.without(index);
        ledger.assetDelisted(index, token, left);
    }

    /// @dev Ends the youth of an asset.
    function mature(Books storage self, uint8 index) public {
        uint256 maturesAt = uint256(self.assets[index].listedAt) + YOUTH;
        require(self.young.has(index) && block.timestamp >= maturesAt, IIndexVault.AssetStillYoung(index, maturesAt));
        self.young = self.young.without(index);
    }

    /// @dev Says that an asset is bitcoin.
    function nameBitcoin(Books storage self, uint8 index) public {
        address token = self.assets[index].token;
        require(token != address(0), IIndexVault.AssetNotListed(index));
        self.bitcoin = self.bitcoin.with(index);
        emit IVaultRecord.BitcoinNamed(index, token);
    }

    /// @dev The token behind an index; wrapped ether in transit is wrapped ether.
    function tokenOf(Books storage self, uint8 index) internal view returns (address token) {
        token = self.assets[index == TRANSIT ? ETHER : index].token;
        require(token != address(0), IIndexVault.AssetNotListed(index));
    }

    /// @dev {tok} What is booked of an asset.
    function balanceOf(Books storage self, uint256 index) internal view returns (uint256) {
        Pair storage pair = self.pairs[index / 2];
        return index % 2 == 0 ? pair.even : pair.odd;
    }

    /// @dev Books an amount {tok}, and whether the asset is held.
    function setBalance(Books storage self, uint8 index, uint256 amount) internal {
        Pair storage pair = self.pairs[index / 2];
        if (index % 2 == 0) pair.even = amount.toUint120();
        else pair.odd = amount.toUint120();
        if (self.held.has(index) != (amount > 1)) {
            self.held = amount > 1 ? self.held.with(index) : self.held.without(index);
        }
    }
}
