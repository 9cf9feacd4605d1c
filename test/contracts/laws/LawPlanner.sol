// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IRebalancer} from "../../../contracts/interfaces/IRebalancer.sol";
import {VM} from "../Vm.sol";
import {LawWorld} from "./LawWorld.sol";

/// @title Targets as a signer draws them, and legs as an honest keeper plans them.
abstract contract LawPlanner is LawWorld {
    /// @dev Working memory of one plan.
    struct Draft {
        uint256[] balance; // {tok}
        uint256[256] target; // D18{USD}
        uint256 nav; // D18{USD}
        uint256 wanted; // D18{USD} of everything to be bought
        uint256 wantedWithEther; // D18{USD} of what is bought with ether
        uint256 cash; // {tok} to spend
        uint256 transit; // {tok} to spend
        IRebalancer.Leg[] legs;
        uint256 count;
    }

    uint256 private constant PPM = 1_000_000;

    /// @dev The last target that was published, and its weights.
    IRebalancer.Target internal _target;
    uint256[] internal _assets;
    uint256[] internal _parts;

    /* TARGETS */

    /// @dev Signs and sends a target of the present week, under the next id that is free.
    function _publish(IRebalancer.Regime regime, uint256 seed) internal {
        IRebalancer.Weights memory weights = regime == IRebalancer.Regime.Bull ? _bull(seed) : _bear(seed);
        (uint64 first, uint64 newest) = (_weeklyId(), _newestId());
        IRebalancer.Target memory target = IRebalancer.Target({
            id: newest < first ? first : newest + 1,
            regime: regime,
            weightsHash: keccak256(abi.encode(weights.assets, weights.parts)),
            decisionHash: bytes32(seed),
            membershipRoot: keccak256(abi.encode(seed)),
            twinLevel: 1000e18,
            validFrom: uint64(block.timestamp),
            validUntil: uint64(block.timestamp + 6 days)
        });
        _registry.publish(target, weights, _sign(_registry.digestOf(target)));
        (_target, _assets, _parts) = (target, weights.assets, weights.parts);
    }

    function _weeklyId() internal view returns (uint64) {
        return uint64((block.timestamp - 345_600) / 604_800) * 8;
    }

    function _newestId() internal view returns (uint64) {
        return uint64(Math.max(_registry.lastId(), _registry.pending().id));
    }

    function _sign(bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(SIGNER_KEY, digest);
        return abi.encodePacked(r, s, v);
    }

    function _weights() internal view returns (IRebalancer.Weights memory) {
        return IRebalancer.Weights(_assets, _parts);
    }

    /// @dev A bull target within the caps: most assets, of random size, and the rest in the deposit coin.
    function _bull(uint256 seed) private pure returns (IRebalancer.Weights memory weights) {
        uint256[ASSETS] memory parts;
        uint256 left = PPM;
        for (uint8 i = ETHER; i < ASSETS; i++) {
            if (i == TETHER || i == DAI || _draw(seed, i, 8) == 0) continue;
            uint256 most =
                i == BITCOIN
                    ? 400_000
                    : i == ETHER
                        ? 200_000
                        : _isFed(i)
                            ? 18_000
                            : 2_000;
            uint256 part = Math.min(_draw(seed, 1000 + i, most), left);
            (parts[i], left) = (part, left - part);
        }
        parts[CASH] = left;
        return _packed(parts);
    }

    /// @dev A bear target within the limits of issuers, or all in the deposit coin.
    function _bear(uint256 seed) private pure returns (IRebalancer.Weights memory weights) {
        uint256[ASSETS] memory parts;
        parts[TETHER] = _draw(seed, 1, 500_000);
        parts[DAI] = _draw(seed, 2, 400_000);
        if (_draw(seed, 3, 3) == 0) (parts[TETHER], parts[DAI]) = (0, 0);
        parts[CASH] = PPM - parts[TETHER] - parts[DAI];
        return _packed(parts);
    }

    function _packed(uint256[ASSETS] memory parts) private pure returns (IRebalancer.Weights memory weights) {
        uint256 count = 0;
        for (uint8 i = 0; i < ASSETS; i++) if (parts[i] != 0) count++;
        weights = IRebalancer.Weights(new uint256[](count), new uint256[](count));
        count = 0;
        for (uint8 i = 0; i < ASSETS; i++) {
            if (parts[i] == 0) continue;
            (weights.assets[count], weights.parts[count]) = (i, parts[i]);
            count++;
        }
    }

    /* PLANS */

    /// @dev Sells what is too much, then changes between ether and coin, then buys what is missing.
    function _plan() internal view returns (IRebalancer.Leg[] memory legs) {
        Draft memory draft;
        draft.balance = _books();
        draft.nav = _worth(draft.balance);
        draft.legs = new IRebalancer.Leg[](uint256(ASSETS) * 2);
        _aimAt(draft);
        draft.cash = draft.balance[CASH];
        draft.transit = draft.balance[TRANSIT];
        for (uint8 i = ETHER; i < ASSETS; i++) _planSale(draft, i);
        for (uint8 i = ETHER; i < ASSETS; i++) _planWish(draft, i);
        uint256 spendable = _limitWishes(draft);
        _planChange(draft);
        for (uint8 i = ETHER; i < ASSETS; i++) _planPurchase(draft, i, spendable);
        legs = new IRebalancer.Leg[](draft.count);
        for (uint256 i = 0; i < draft.count; i++) legs[i] = draft.legs[i];
    }

    function _aimAt(Draft memory draft) private view {
        uint256 supply = _share.totalSupply();
        uint256 owed = supply == 0 ? 0 : Math.mulDiv(draft.nav, _vault.sharesDue(), supply, Math.Rounding.Ceil);
        owed = Math.min(owed, draft.nav);
        for (uint256 i = 0; i < _assets.length; i++) {
            draft.target[_assets[i]] = Math.mulDiv(draft.nav - owed, _parts[i], PPM);
        }
        draft.target[CASH] += owed;
    }

    function _planSale(Draft memory draft, uint8 i) private view {
        uint256 value = _valueOf(i, draft.balance[i]);
        uint256 target = draft.target[i];
        if (draft.balance[i] <= 1 || value <= target + Math.max(draft.nav / 5000, target / 5)) {
            if (target != 0 || draft.balance[i] <= 1) return;
        }
        uint256 amount = draft.balance[i] - 1;
        if (target != 0) amount = Math.min(amount, Math.mulDiv(value - target, _unitOf(i), _price[i]));
        uint256 brought = _addLeg(draft, i, _kinds[i].quote == ETHER ? TRANSIT : CASH, amount);
        if (_kinds[i].quote == ETHER) draft.transit += brought;
        else draft.cash += brought;
    }

    /// @dev D18{USD} of an asset that is missing beyond the trade band.
    function _missing(Draft memory draft, uint8 i) private view returns (uint256) {
        uint256 value = _valueOf(i, draft.balance[i]);
        uint256 band = Math.max(draft.nav / 5000, draft.target[i] / 5);
        return value + band >= draft.target[i] ? 0 : draft.target[i] - value;
    }

    function _planWish(Draft memory draft, uint8 i) private view {
        uint256 missing = _missing(draft, i);
        draft.wanted += missing;
        if (_kinds[i].quote == ETHER) draft.wantedWithEther += missing;
    }

    /// @dev {ppm} of all wishes that what is on hand beyond the cash target pays, less what pools take.
    function _limitWishes(Draft memory draft) private view returns (uint256) {
        uint256 hand = _valueOf(CASH, draft.cash) + _valueOf(TRANSIT, draft.transit);
        uint256 free = hand > draft.target[CASH] ? hand - draft.target[CASH] : 0;
        if (draft.wanted == 0) return 0;
        return Math.min(995_000, Math.mulDiv(free, 990_000, draft.wanted));
    }

    function _planChange(Draft memory draft) private view {
        // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
        uint256 needed = Math.mulDiv(draft.wantedWithEther, _unitOf(ETHER), _price[ETHER]);
        if (draft.transit > needed + 1) {
            uint256 brought = _addLeg(draft, TRANSIT, CASH, draft.transit - needed - 1);
            (draft.transit, draft.cash) = (needed + 1, draft.cash + brought);
        } else if (needed > draft.transit + 1e12) {
            uint256 spent = Math.mulDiv(needed - draft.transit, _price[ETHER], 1e30);
            spent = Math.min(spent, draft.cash == 0 ? 0 : draft.cash - 1);
            if (spent == 0) return;
            (draft.transit, draft.cash) = (draft.transit + _addLeg(draft, CASH, TRANSIT, spent), draft.cash - spent);
        }
    }

    function _planPurchase(Draft memory draft, uint8 i, uint256 spendable) private view {
        uint256 missing = _missing(draft, i);
        if (missing == 0) return;
        uint8 with = _kinds[i].quote == ETHER ? TRANSIT : CASH;
        uint256 amount = Math.mulDiv(Math.mulDiv(missing, spendable, PPM), _unitOf(with), _price[with]);
        uint256 left = with == TRANSIT ? draft.transit : draft.cash;
        amount = Math.min(amount, left == 0 ? 0 : left - 1);
        // What is left of the ether goes into the last asset that is bought with it.
        if (with == TRANSIT) draft.wantedWithEther -= missing;
        if (amount == 0) return;
        _addLeg(draft, with, i, amount);
        if (with == TRANSIT) draft.transit -= amount;
        else draft.cash -= amount;
    }

    /// @dev {tok} that the leg should bring.
    function _addLeg(Draft memory draft, uint8 sold, uint8 bought, uint256 amount) private view returns (uint256) {
        if (amount == 0) return 0;
        uint8 named = sold == CASH || sold == TRANSIT ? bought : sold;
        if (named == TRANSIT || named == CASH) named = ETHER;
        draft.legs[draft.count++] = IRebalancer.Leg(sold, bought, address(_kinds[named].pool), uint128(amount), 0);
        return _kinds[named].pool.quote(_tokenOf(sold) < _tokenOf(bought), amount);
    }
}
