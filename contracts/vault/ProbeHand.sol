// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";

/// @title The other side of a trial transfer: takes units of a token from the vault and can only give them back.
contract ProbeHand {
    using SafeERC20 for IERC20;

    address private immutable VAULT;

    constructor() {
        VAULT = msg.sender;
    }

    /// @notice Gives `amount` {tok} back.
    function giveBack(address token, uint256 amount) external {
        IERC20(token).safeTransfer(VAULT, amount);
    }

    /// @notice True when the token answers a question, about account or amount 1, with a word. At most 64 bytes of what
    /// it answers are copied.
    function answers(address token, bytes4 question) external view returns (bool) {
        (bool success, , ) = LowLevelCall.staticcallReturn64Bytes(token, abi.encodeWithSelector(question, 1));
        return success && LowLevelCall.returnDataSize() >= 32;
    }
}
