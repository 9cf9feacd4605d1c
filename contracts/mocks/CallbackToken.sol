// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {MockToken} from "./MockToken.sol";

/// @title A token that calls somebody back at every transfer, as tokens with hooks do.
/// @dev Adds its storage behind that of MockToken, so that a MockToken can be given this code while it is in use.
contract CallbackToken is MockToken {
    /// @notice Who is called.
    address public callee;
    /// @notice With what.
    bytes public callData;
    /// @notice How many of the calls succeeded.
    uint256 public successes;
    /// @notice How many of the calls failed.
    uint256 public failures;
    /// @notice First bytes of what the last failed call returned: the selector of its error.
    bytes4 public lastError;
    /// @notice Last word of what the last call returned that succeeded.
    bytes32 public lastAnswer;

    constructor(string memory name_, string memory symbol_, uint8 decimals_) MockToken(name_, symbol_, decimals_) {}

    /// @notice From now on every transfer calls `newCallee` first.
    function arm(address newCallee, bytes calldata newCallData) external {
        (callee, callData) = (newCallee, newCallData);
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 amount) public override returns (bool) {
        if (callee != address(0)) _callBack();
        return super.transfer(to, amount);
    }

    function _callBack() private {
        // Safe because this is what the mock is for: whatever happens, it is only counted.
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory result) = callee.call(callData);
        if (success) {
            successes++;
            lastAnswer = _lastWord(result);
        } else {
            failures++;
            lastError = bytes4(result);
        }
    }

    function _lastWord(bytes memory result) private pure returns (bytes32 word) {
        if (result.length < 32) return 0;
        // Safe because the word ends where the answer does.
        // solhint-disable-next-line no-inline-assembly
        assembly {
            word := mload(add(result, mload(result)))
        }
    }
}
