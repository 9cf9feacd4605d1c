// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title A feed or pool that is broken in one of the ways in which a contract can be broken.
/// @dev Keeps nothing in storage, so that any contract can be given its code.
contract FaultySource {
    enum Fault {
        Reverts,
        BurnsGas,
        ReturnsNothing,
        ReturnsTooLittle,
        ReturnsNonsense,
        ReturnsTooMuch
    }

    Fault public immutable FAULT;

    /// @notice What it says when it reverts.
    error SourceBroken();

    constructor(Fault fault_) {
        FAULT = fault_;
    }

    fallback(bytes calldata) external payable returns (bytes memory answer) {
        require(FAULT != Fault.Reverts, SourceBroken());
        if (FAULT == Fault.BurnsGas) {
            // Without end, so that the gas is.
            for (uint256 turns = 0; turns < type(uint256).max; turns++) answer = msg.data;
        }
        if (FAULT == Fault.ReturnsTooLittle) return new bytes(64);
        if (FAULT == Fault.ReturnsTooMuch) return new bytes(50_000);
        if (FAULT == Fault.ReturnsNonsense) {
            answer = new bytes(320);
            for (uint256 i = 0; i < answer.length; i++) answer[i] = 0xff;
        }
    }
}
