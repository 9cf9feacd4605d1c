// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title The two sides of the deposit coin's price: whoever brings or takes coins gains nothing from a wrong peg.
library DepositCoin {
    /// @dev D18{USD/wholeTok}
    uint256 private constant DOLLAR = 1e18;
    /// @dev D18{USD/wholeTok} The peg band: 0.985 to 1.015.
    uint256 private constant PEG_LOW = 0.985e18;
    uint256 private constant PEG_HIGH = 1.015e18;

    /// @dev D18{USD/wholeTok} At which a coin counts that is paid in.
    function paidIn(uint256 price) internal pure returns (uint256) {
        return Math.min(price, DOLLAR);
    }

    /// @dev D18{USD/wholeTok} At which a coin counts that is paid out.
    function paidOut(uint256 price) internal pure returns (uint256) {
        return Math.max(price, DOLLAR);
    }

    /// @dev True inside the peg band.
    function isOnPeg(uint256 price) internal pure returns (bool) {
        return price >= PEG_LOW && price <= PEG_HIGH;
    }
}
