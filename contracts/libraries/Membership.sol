// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Who is in the index of a week, proven against the one root that the chain keeps.
/// @dev TREE `src/engine/membership.ts` builds it: members in the order of their coin ids, by UTF-8 bytes. A leaf is
/// keccak256(keccak256(abi.encode(position, coin id, rank, cap, why))), a node keccak256(left ++ right), a node without
/// a sibling moves up, and the root is keccak256(abi.encode(count, top)); an empty tree has a top of zero. A leaf is
/// hashed twice, so that none can be read as a node, and the count fixes the shape, so that a position has one path.
/// ASSUMED the signer sorted the tree, which the decision's publication lets anyone recompute.
library Membership {
    /// @dev A coin in the index.
    struct Member {
        string coinId;
        uint256 rank; // by market cap among eligible coins, from 1
        uint256 capUsd; // {USD} whole dollars
        string why;
    }

    /// @dev A coin with its place in the tree.
    struct Proof {
        uint256 position; // from 0
        Member member;
        bytes32[] siblings; // from the leaf up; none where a node moves up alone
    }

    /// @dev True when the member stands at its position in the tree of `count` members with this root.
    function contains(bytes32 root, uint256 count, Proof calldata proof) internal pure returns (bool) {
        if (proof.position >= count) return false;
        bytes32 node = _leaf(proof.position, proof.member);
        uint256 used = 0;
        uint256 index = proof.position;
        for (uint256 width = count; width > 1; width = width / 2 + (width % 2)) {
            bool isLeft = index % 2 == 0;
            if (!isLeft || index + 1 < width) {
                if (used == proof.siblings.length) return false;
                bytes32 sibling = proof.siblings[used++];
                node = isLeft ? keccak256(abi.encode(node, sibling)) : keccak256(abi.encode(sibling, node));
            }
            index /= 2;
        }
        return used == proof.siblings.length && keccak256(abi.encode(count, node)) == root;
    }

    /// @dev True when no member of the tree has this coin id: its neighbours stand side by side, and it would stand
    /// between them. One neighbour is enough before the first and after the last, none in an empty tree.
    function lacks(
        bytes32 root,
        uint256 count,
        string calldata coinId,
        Proof[] calldata neighbours
    ) internal pure returns (bool) {
        if (count == 0) return neighbours.length == 0 && keccak256(abi.encode(count, bytes32(0))) == root;
        if (neighbours.length == 0 || neighbours.length > 2) return false;
        for (uint256 i = 0; i < neighbours.length; i++) {
            if (!contains(root, count, neighbours[i])) return false;
        }
        Proof calldata first = neighbours[0];
        if (neighbours.length == 2) {
            bool isBetween = isBelow(first.member.coinId, coinId) && isBelow(coinId, neighbours[1].member.coinId);
            return isBetween && neighbours[1].position == first.position + 1;
        }
        if (first.position == 0 && isBelow(coinId, first.member.coinId)) return true;
        return first.position == count - 1 && isBelow(first.member.coinId, coinId);
    }

    /// @dev True when a coin id stands before another: by bytes, the shorter first when one begins with the other.
    function isBelow(string calldata left, string calldata right) internal pure returns (bool) {
        (bytes calldata a, bytes calldata b) = (bytes(left), bytes(right));
        for (uint256 i = 0; i < a.length && i < b.length; i++) {
            if (a[i] != b[i]) return a[i] < b[i];
        }
        return a.length < b.length;
    }

    function _leaf(uint256 position, Member calldata member) private pure returns (bytes32) {
        bytes memory fields = abi.encode(position, member.coinId, member.rank, member.capUsd, member.why);
        return keccak256(abi.encode(keccak256(fields)));
    }
}
