// Turns the members of the index into a Merkle tree, so that one root on chain answers for every coin.
import { type Hex, concat, encodeAbiParameters, keccak256, zeroHash } from "viem";

import type { IndexEntry } from "./decision.ts";

/** A coin in the index, as its leaf states it. */
export type Member = {
  readonly coinId: string;
  /** By market cap among eligible coins, from 1. */
  readonly rank: number;
  /** {USD} whole dollars. */
  readonly capUsd: bigint;
  /** Why it is in, in words. */
  readonly why: string;
};

/** The members of an index, with the reason why each is in it. */
export function membersOf(index: readonly IndexEntry[]): Member[] {
  return index.map(({ coinId, rank, averageCapUsd, inclusion }) => ({
    coinId,
    rank,
    capUsd: BigInt(averageCapUsd.split(".")[0] ?? "0"),
    why: inclusion,
  }));
}

const LEAF = [
  { type: "uint256" },
  { type: "string" },
  { type: "uint256" },
  { type: "uint256" },
  { type: "string" },
] as const;
const ROOT = [{ type: "uint256" }, { type: "bytes32" }] as const;

/**
 * Root of the tree over the members in the order of their coin ids (by UTF-16 code units).
 *
 * A leaf is keccak256(keccak256(abi.encode(position, coin id, rank, cap, why))), a node keccak256(left ++ right) by
 * position, a node without a sibling moves up, and the root is keccak256(abi.encode(count, top)). Positions and count
 * make absence provable: two neighbors between which a coin would stand. An empty index has a top of zero.
 */
export function membershipRoot(members: readonly Member[]): Hex {
  const sorted = [...members].sort((left, right) => (left.coinId < right.coinId ? -1 : 1));
  let level = sorted.map((member, position) => leafHash(member, position));
  while (level.length > 1) level = parents(level);
  const top = level[0] ?? zeroHash;
  return keccak256(encodeAbiParameters(ROOT, [BigInt(members.length), top]));
}

function leafHash(member: Member, position: number): Hex {
  const fields = [BigInt(position), member.coinId, BigInt(member.rank), member.capUsd, member.why] as const;
  // Hashed twice, so that no leaf can be read as a node (second preimage).
  return keccak256(keccak256(encodeAbiParameters(LEAF, fields)));
}

function parents(level: readonly Hex[]): Hex[] {
  const next: Hex[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i] as Hex, level[i + 1]];
    next.push(right === undefined ? left : keccak256(concat([left, right])));
  }
  return next;
}
