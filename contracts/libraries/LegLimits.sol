// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BPS, CASH, TRANSIT} from "./FundConstants.sol";

/// @title How far from the reference a leg may be, and by which of its two assets that goes.
library LegLimits {
    /// @dev {bps} What holds for an asset until somebody sets another: 3%.
    uint16 internal constant DEFAULT = 300;
    /// @dev {bps} The owner raises no limit above this: 5%.
    uint16 internal constant HIGHEST = 500;
    /// @dev {bps} The guardian lowers none below this: a pool that keeps 1% still trades.
    uint16 internal constant LOWEST = 150;
    /// @dev {bps} How much worse than the reference a pool may stand before a leg that is none of an exit: 2%.
    uint256 internal constant SPOT = 200;
    /// @dev {bps} The most that a leg of an exit may be below the reference, and below a fresh feed at any rate: 10%.
    uint256 internal constant EXIT = 1_000;
    /// @dev {s} After this the limit of an exit doubles, and after that once more: waiting in a falling market costs more.
    uint256 internal constant EXIT_FIRST = 1 hours;
    uint256 internal constant EXIT_SECOND = 6 hours;
    /// @dev D18{USD/wholeTok} Within this band a stablecoin is worth a dollar: 0.985 to 1.015.
    uint256 private constant PEG_LOW = 0.985e18;
    uint256 private constant PEG_HIGH = 1.015e18;

    /// @dev The asset that a leg is about: what is bought, or what is sold for the deposit coin or for ether in transit.
    function subjectOf(uint8 sold, uint8 bought) internal pure returns (uint8) {
        return bought == CASH || bought == TRANSIT ? sold : bought;
    }

    /// @dev {bps} The limit of a leg of an exit. A limit that was lowered holds no exit up.
    /// @param limit {bps} of the asset.
    /// @param elapsed {s} since the exit began.
    function ofExit(uint256 limit, uint256 elapsed) internal pure returns (uint256) {
        limit = Math.max(limit, DEFAULT);
        if (elapsed >= EXIT_FIRST) limit *= elapsed >= EXIT_SECOND ? 4 : 2;
        return Math.min(limit, EXIT);
    }

    /// @dev {tok} What is left of an output after a limit, rounded up: against the keeper.
    function floorOf(uint256 output, uint256 limit) internal pure returns (uint256) {
        // {tok} = {tok} * {bps} / {bps}
        if (output <= type(uint128).max) return Math.ceilDiv(output * (BPS - limit), BPS);
        return Math.mulDiv(output, BPS - limit, BPS, Math.Rounding.Ceil);
    }

    /// @dev True when a price is near a dollar.
    function isOnPeg(uint256 price) internal pure returns (bool) {
        return price >= PEG_LOW && price <= PEG_HIGH;
    }
}
