// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IIndexVault} from "../../../contracts/interfaces/IIndexVault.sol";
import {VM} from "../Vm.sol";
import {LawFeed} from "./doubles/LawFeed.sol";
import {IMoved, LawToken} from "./doubles/LawToken.sol";
import {LawPlanner} from "./LawPlanner.sol";

/// @title What depositors, donors, tokens and sources do, in good faith and bad.
abstract contract LawActions is LawPlanner, IMoved {
    /// @dev One bit an asset whose token is not plain.
    uint256 internal _misbehaving;
    /// @dev Calls from within a transfer that passed, and that did not.
    uint256 internal _reentries;
    uint256 internal _refusedReentries;

    /* DEPOSITORS */

    function _someone(uint256 seed) internal view returns (address) {
        // Most often somebody who was there from the start.
        return _people[_draw(seed, 91, 4) == 0 ? _draw(seed, 90, _people.length) : _draw(seed, 90, 3)];
    }

    function _requestDeposit(uint256 seed) internal {
        address person = _someone(seed);
        uint256 most = _draw(seed, 1, 4) == 0 ? 2e6 : 300_000e6;
        VM.prank(person);
        _requests.requestDeposit(1e6 + _draw(seed, 2, most), _draw(seed, 3, 8) == 0 ? _people[0] : person, person);
    }

    function _requestRedeem(uint256 seed) internal {
        address person = _someone(seed);
        uint256 shares = _share.balanceOf(person);
        if (_draw(seed, 1, 4) != 0) shares = _draw(seed, 2, shares + 1);
        VM.prank(person);
        _requests.requestRedeem(shares, _draw(seed, 3, 8) == 0 ? _people[0] : person, person);
    }

    function _cancel(uint256 seed) internal {
        address person = _someone(seed);
        bool isDeposit = _draw(seed, 1, 2) == 0;
        for (uint256 epoch = 1; epoch < 40; epoch++) {
            uint256 pending =
                isDeposit
                    ? _requests.pendingDepositRequest(epoch, person)
                    : _requests.pendingRedeemRequest(epoch, person);
            if (pending == 0) continue;
            VM.prank(person);
            if (isDeposit) _vault.cancelDepositRequest(epoch, person, person);
            else _vault.cancelRedeemRequest(epoch, person, person);
        }
    }

    function _claim(uint256 seed) internal {
        address person = _someone(seed);
        uint256 shares = _requests.maxMint(person);
        uint256 coins = _requests.maxWithdraw(person);
        if (_draw(seed, 1, 3) == 0) (shares, coins) = (_draw(seed, 2, shares + 1), _draw(seed, 3, coins + 1));
        if (shares != 0) {
            VM.prank(person);
            _requests.mint(shares, person, person);
        }
        if (coins != 0) {
            VM.prank(person);
            _requests.withdraw(coins, person, person);
        }
    }

    function _transferShares(uint256 seed) internal {
        address from = _someone(seed);
        address to = _people[_draw(seed, 1, _people.length)];
        if (_draw(seed, 3, 10) == 0) to = address(_vault);
        uint256 amount = _draw(seed, 2, _share.balanceOf(from) + 1);
        VM.prank(from);
        require(_share.transfer(to, amount), NotDone());
    }

    /// @notice The action was not possible.
    error NotDone();

    function _setOperator(uint256 seed) internal {
        VM.prank(_someone(seed));
        _requests.setOperator(_people[_draw(seed, 1, _people.length)], _draw(seed, 2, 2) == 0);
    }

    /// @dev Somebody tries to act for somebody else; passes only for operators.
    function _actForOther(uint256 seed) internal {
        address person = _someone(seed);
        address other = _people[_draw(seed, 1, _people.length)];
        uint256 shares = _share.balanceOf(other);
        require(person != other && !_requests.isOperator(other, person), NotDone());
        uint256 coins = _requests.maxWithdraw(other);
        uint256 kind = _draw(seed, 2, 4);
        VM.prank(person);
        if (kind == 0) _requests.requestRedeem(shares, person, other);
        else if (kind == 1) _vault.redeemInKind(shares, person, other, new uint8[](0), new IIndexVault.Minimum[](0));
        else if (kind == 2) _requests.withdraw(coins, person, other);
        else _requests.requestDeposit(1e6, person, other);
        revert StrangerActed(kind);
    }

    /// @notice Somebody who is not the owner and no operator acted for an account.
    error StrangerActed(uint256 kind);

    function _leaveInKind(uint256 seed) internal {
        address person = _someone(seed);
        uint256 shares = _share.balanceOf(person) / (1 + _draw(seed, 1, 4));
        uint8[] memory skipped = new uint8[](_draw(seed, 2, 3));
        for (uint256 i = 0; i < skipped.length; i++) skipped[i] = uint8(_draw(seed, 3 + i, 256));
        VM.prank(person);
        _vault.redeemInKind{gas: TRANSACTION_GAS}(shares, person, person, skipped, new IIndexVault.Minimum[](0));
    }

    function _claimInKind(uint256 seed) internal {
        address person = _someone(seed);
        for (uint256 i = 0; i < _people.length; i++) {
            if (_claimOne(_people[i], person)) return;
        }
        revert NotDone();
    }

    function _claimOne(address person, address receiver) private returns (bool) {
        for (uint8 i = 0; i < ASSETS; i++) {
            if (_vault.inKindClaimable(person, i) == 0) continue;
            VM.prank(person);
            try _vault.claimInKind{gas: 2_000_000}(i, receiver) {
                return true;
            } catch (bytes memory) {
                _forgetLog();
            }
        }
        return false;
    }

    function _useGateway(uint256 seed) internal {
        address person = _someone(seed);
        bool isDeposit = _draw(seed, 1, 2) == 0;
        uint256 shares = _draw(seed, 2, _share.balanceOf(person) + 1);
        VM.prank(person);
        if (isDeposit) _gateway.deposit(1e6 + _draw(seed, 3, 50_000e6), person, 0);
        else _gateway.redeem(shares, person, 0);
    }

    function _strikeInStablecoins() internal {
        VM.prank(_stranger);
        _rebalancer.strikeInStablecoins();
    }

    /* TOKENS AND SOURCES */

    /// @dev Gives tokens away, to any contract of the fund.
    function _donate(uint256 seed) internal {
        uint8 asset = uint8(_draw(seed, 1, ASSETS));
        address[4] memory to = [address(_vault), address(_rebalancer), address(_venue), address(_gateway)];
        uint256 amount = _draw(seed, 2, 2) == 0 ? 1 : _draw(seed, 3, 1000) * _kinds[asset].unit;
        _mint(asset, to[_draw(seed, 4, 2) * _draw(seed, 5, 4)], amount);
    }

    function _misbehave(uint256 seed) internal {
        for (uint256 i = 0; i < 8; i++) _misbehaveOne(uint256(keccak256(abi.encode(seed, i))));
    }

    function _misbehaveOne(uint256 seed) private {
        uint8 asset = uint8(_draw(seed, 1, ASSETS));
        if (!_kinds[asset].canMisbehave) return;
        uint256 manner = _draw(seed, 2, 5);
        // The deposit coin and ether freeze or refuse, seldom; with other manners nothing would move at all.
        if (asset <= DAI && _draw(seed, 3, 4) != 0) manner = 0;
        LawToken(_kinds[asset].token).behave(LawToken.Manner(manner));
        _misbehaving = manner == 0 ? _misbehaving & ~(1 << asset) : _misbehaving | (1 << asset);
    }

    /// @dev An issuer takes tokens away, and somebody writes the books down.
    function _seize(uint256 seed) internal {
        uint8 asset = uint8(_draw(seed, 1, ASSETS));
        require(_kinds[asset].canMisbehave && asset > ETHER, NotDone());
        uint256 held = _books()[asset];
        require(held > 1, NotDone());
        LawToken(_kinds[asset].token).seize(address(_vault), 1 + _draw(seed, 2, held));
        VM.prank(_stranger);
        _vault.writeDown(asset);
    }

    function _sweep(uint256 seed) internal {
        VM.prank(_stranger);
        _rebalancer.sweep(uint8(_draw(seed, 1, ASSETS)));
    }

    function _behaveAgain() internal {
        for (uint8 i = 0; i < ASSETS; i++) {
            if ((_misbehaving >> i) & 1 == 1) LawToken(_kinds[i].token).behave(LawToken.Manner.Plain);
        }
        _misbehaving = 0;
    }

    /// @dev A feed stops, breaks or says something outside its bounds; a pool cannot.
    function _silence(uint256 seed) internal {
        uint8 asset = uint8(_draw(seed, 1, ASSETS));
        require(_isFed(asset), NotDone());
        LawFeed feed = _kinds[asset].feed;
        uint256 fault = _draw(seed, 2, 5);
        if (fault == 0) feed.stop(uint64(block.timestamp - 1 days - 1));
        else if (fault == 4) feed.report(_price[asset] * 1_000_000);
        else feed.breakDown(LawFeed.Fault(fault));
        _silent |= 1 << asset;
    }

    function _speakAgain() internal {
        for (uint8 i = 0; i < ASSETS; i++) {
            if ((_silent >> i) & 1 == 1) _kinds[i].feed.report(_price[i]);
        }
        _silent = 0;
        _arbitrage();
    }

    /// @dev One asset moves by up to a tenth; a stablecoin by up to three hundredths.
    function _movePrice(uint256 seed) internal {
        uint8 asset = uint8(_draw(seed, 1, ASSETS));
        require((_silent >> asset) & 1 == 0, NotDone());
        uint256 width = asset != ETHER && asset <= DAI ? 200 : 1000;
        _setPrice(asset, (_price[asset] * (10_000 + _draw(seed, 2, 2 * width) - width)) / 10_000);
        if (asset <= ETHER) _arbitrage();
    }

    function _pass(uint256 seed) internal {
        uint256 kind = _draw(seed, 1, 7);
        uint256[7] memory spans = [uint256(10 minutes), 3 hours, 12 hours, 1 days, 3 days, 9 days, 22 days];
        uint256 time = block.timestamp + spans[kind];
        VM.warp(time);
        if (kind != 0) _arbitrage();
    }

    /// @inheritdoc IMoved
    function onMoved() external {
        address person = _people[0];
        uint256 shares = _share.balanceOf(person) / 2;
        VM.prank(person);
        try _vault.redeemInKind(shares, person, person, new uint8[](0), new IIndexVault.Minimum[](0)) {
            _reentries++;
        } catch (bytes memory) {
            _refusedReentries++;
        }
        VM.prank(person);
        try _requests.requestDeposit(1e6, person, person) {
            _reentries++;
        } catch (bytes memory) {
            _refusedReentries++;
        }
    }

    /* MONEY OF ALL */

    /// @dev {tok} of an asset that is booked for somebody: holdings, claims, and coins that wait or are set aside.
    function _bookedFor(uint256[] memory balance, uint8 asset) internal view returns (uint256 sum) {
        sum = balance[asset];
        if (asset == ETHER) sum += balance[TRANSIT];
        if (asset == CASH) sum += _vault.setAside() + _vault.depositsPending();
        for (uint256 i = 0; i < _people.length; i++) sum += _claimsOf(_people[i], asset);
        sum += _claimsOf(address(_gateway), asset) + _claimsOf(_recipient, asset);
    }

    /// @dev Units of redemptions that could not be priced are nobody's in the views until they are credited.
    function _creditAll() internal {
        for (uint256 i = 0; i < _people.length; i++) _vault.creditInKind(_people[i]);
        _vault.creditInKind(address(_gateway));
    }

    /// @dev {tok} that an account left in kind and did not get.
    function _claimsOf(address person, uint8 asset) internal view returns (uint256) {
        uint256 claims = _vault.inKindClaimable(person, asset);
        return asset == ETHER ? claims + _vault.inKindClaimable(person, TRANSIT) : claims;
    }

    function _surplusOf(uint256[] memory balance, uint8 asset) internal view returns (uint256) {
        uint256 booked = _bookedFor(balance, asset);
        uint256 owned = IERC20(_kinds[asset].token).balanceOf(address(_vault));
        require(owned >= booked, BookedTooMuch(asset, owned, booked));
        return owned - booked;
    }

    /// @notice Law 1: less is there than is booked.
    error BookedTooMuch(uint8 asset, uint256 owned, uint256 booked);
}
