// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MockToken} from "./MockToken.sol";

/// @title A plain token that answers one more question, as rebasing ones do.
contract AnsweringToken is MockToken {
    bytes4 public immutable QUESTION;

    /// @notice There is no such function.
    error QuestionUnknown(bytes4 question);

    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        bytes4 question
    ) MockToken(name_, symbol_, decimals_) {
        QUESTION = question;
    }

    fallback(bytes calldata) external payable returns (bytes memory) {
        require(msg.sig == QUESTION, QuestionUnknown(msg.sig));
        return abi.encode(1);
    }
}
