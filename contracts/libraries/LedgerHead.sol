// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title The chain of hashes that proves the record complete.
/// @dev HEAD cut to 26 bytes, so that it shares one slot with the number of the last line. Finding two records with the
/// same head takes about 2^104 tries.
library LedgerHead {
    /// @dev Number of the last line, and the hash over all lines.
    struct State {
        uint48 sequence;
        bytes26 head;
    }

    /// @dev Appends a line. `fields` is abi.encode(topic 0, every argument but sequence and head).
    function append(State storage self, bytes memory fields) internal returns (uint256 sequence, bytes26 head) {
        sequence = uint256(self.sequence) + 1;
        head = bytes26(keccak256(abi.encode(self.head, block.chainid, address(this), sequence, keccak256(fields))));
        // Safe because 2^48 lines cannot be written.
        (self.sequence, self.head) = (uint48(sequence), head);
    }
}
