// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IIndexVault} from "./interfaces/IIndexVault.sol";
import {IPriceOracle} from "./interfaces/IPriceOracle.sol";
import {ITradeRules} from "./interfaces/ITradeRules.sol";
import {AssetSet} from "./libraries/AssetSet.sol";
import {ETHER, GUARDIAN_ROLE, TRANSIT} from "./libraries/FundConstants.sol";
import {LegLimits} from "./libraries/LegLimits.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title What the owner and the guardian may change about trading.
/// @dev ROLES the guardian tightens at once, and can at worst keep the fund from buying: a pause for half of the time,
/// closed assets until the owner reopens them. The owner loosens through the AccessManager, up to ceilings in code. Nobody
/// ends a pause: it is over by itself before the owner could.
/// LIVENESS nothing here holds a leg of an exit up: it takes of these rules only a limit that was raised.
abstract contract TradeRules is ITradeRules, AccessManaged {
    using AssetSet for uint256;

    /// @dev {s} The longest pause, and the least time between two.
    uint64 private constant PAUSE = 7 days;

    /// @inheritdoc ITradeRules
    uint256 public closedSet;
    /// @inheritdoc ITradeRules
    uint64 public buyingPausedUntil;
    /// @dev {bps} Zero stands for {LegLimits-DEFAULT}. Ether in transit has the limit of ether.
    uint16[256] private _limits;

    /// @dev One bit an asset with a limit of its own.
    uint256 private _limited;

    /// @inheritdoc ITradeRules
    function rules() external view returns (uint256 closed, uint256 limited) {
        return (block.timestamp < buyingPausedUntil ? type(uint256).max : closedSet, _limited);
    }

    /// @inheritdoc ITradeRules
    function priceLimit(uint8 asset) public view returns (uint16) {
        uint16 limit = _limits[asset == TRANSIT ? ETHER : asset];
        return limit == 0 ? LegLimits.DEFAULT : limit;
    }

    /* OWNER */

    /// @inheritdoc ITradeRules
    function raiseLimit(uint8 asset, uint16 newLimit) external restricted {
        uint16 limit = priceLimit(asset);
        require(newLimit > limit && newLimit <= LegLimits.HIGHEST, LimitNotRaised(newLimit, limit, LegLimits.HIGHEST));
        _setLimit(asset, newLimit);
    }

    /// @inheritdoc ITradeRules
    function reopenAsset(uint8 asset) external restricted {
        require(closedSet.has(asset), AssetClosedAlready(asset, false));
        closedSet = closedSet.without(asset);
        _record("asset reopened", _listedToken(asset), 0);
    }

    /* GUARDIAN */

    /// @inheritdoc ITradeRules
    function lowerLimit(uint8 asset, uint16 newLimit) external {
        Roles.requireHeld(authority(), GUARDIAN_ROLE, msg.sender);
        uint16 limit = priceLimit(asset);
        require(newLimit < limit && newLimit >= LegLimits.LOWEST, LimitNotLowered(newLimit, limit, LegLimits.LOWEST));
        _setLimit(asset, newLimit);
    }

    /// @inheritdoc ITradeRules
    function pauseBuying(uint64 until) external {
        Roles.requireHeld(authority(), GUARDIAN_ROLE, msg.sender);
        uint256 last = buyingPausedUntil;
        // Safe because 2^64 seconds are never reached, here and below.
        require(last == 0 || block.timestamp >= last + PAUSE, PauseTooSoon(uint64(last + PAUSE)));
        uint64 longest = uint64(block.timestamp) + PAUSE;
        require(until > block.timestamp && until <= longest, PauseTooLong(until, longest));
        buyingPausedUntil = until;
        _record("buying paused", address(0), until);
    }

    /// @inheritdoc ITradeRules
    function closeAsset(uint8 asset) external {
        Roles.requireHeld(authority(), GUARDIAN_ROLE, msg.sender);
        require(!closedSet.has(asset), AssetClosedAlready(asset, true));
        closedSet = closedSet.with(asset);
        _record("asset closed", _listedToken(asset), 0);
    }

    /* VAULT */

    /// @inheritdoc ITradeRules
    function forgetRules(uint8 asset) external {
        require(msg.sender == vault(), IPriceOracle.CallerNotVault(msg.sender));
        delete _limits[asset];
        _limited = _limited.without(asset);
        closedSet = closedSet.without(asset);
    }

    /* INTERNALS */

    function _setLimit(uint8 asset, uint16 newLimit) private {
        _limits[asset] = newLimit;
        _limited = _limited.with(asset);
        _record("price limit", _listedToken(asset), newLimit);
    }

    /// @dev Nothing is set for an index without a token: the next asset there would inherit it.
    function _listedToken(uint8 asset) private view returns (address token) {
        token = IIndexVault(vault()).assetAt(asset).token;
        require(token != address(0), IIndexVault.AssetNotListed(asset));
    }

    function _record(string memory rule, address about, uint256 value) internal {
        IIndexVault(vault()).recordRule(rule, about, value, msg.sender);
    }

    /// @dev The vault, whose address every event comes from.
    function vault() public view virtual returns (address);
}
