// Turns the members of the index into a Merkle tree, so that one root on chain answers for every coin.
import { type Hex, concat, encodeAbiParameters, keccak256, stringToHex, zeroHash } from "viem";

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
 * Root of the tree over the members in the order of their coin ids (by UTF-8 bytes).
 *
 * A leaf is keccak256(keccak256(abi.encode(position, coin id, rank, cap, why))), a node keccak256(left ++ right) by
 * position, a node without a sibling moves up, and the root is keccak256(abi.encode(count, top)). Positions and count
 * make absence provable: two neighbors between which a coin would stand. An empty index has a top of zero.
 */
export function membershipRoot(members: readonly Member[]): Hex {
  let level = inOrder(members).map(leafHash);
  while (level.length > 1) level = parents(level);
  const top = level[0] ?? zeroHash;
  return rootOver(BigInt(members.length), top);
}

function rootOver(count: bigint, top: Hex): Hex {
  return keccak256(encodeAbiParameters(ROOT, [count, top]));
}

/** A coin with its place in the tree, as `Membership.Proof` takes it. */
export type MembershipProof = {
  readonly position: bigint;
  readonly member: {
    readonly coinId: string;
    readonly rank: bigint;
    readonly capUsd: bigint;
    readonly why: string;
  };
  /** From the leaf up; none where a node moves up alone. */
  readonly siblings: readonly Hex[];
};

/** What proves that a coin is in an index, or that it is not. */
export type MembershipAnswer = {
  readonly count: bigint;
  readonly isMember: boolean;
  /** The member itself; or those between which the coin would stand: one at either end, none in an empty index. */
  readonly proofs: readonly MembershipProof[];
};

/** The answer of an index about a coin, which `VaultLens.provesMember` or `provesAbsence` checks against its root. */
export function membershipProof(members: readonly Member[], coinId: string): MembershipAnswer {
  const sorted = inOrder(members);
  const proofAt = (position: number): MembershipProof[] => {
    const member = sorted[position];
    if (member === undefined) return [];
    return [{ position: BigInt(position), member: statement(member), siblings: siblingsOf(sorted, position) }];
  };
  const count = BigInt(sorted.length);
  const position = sorted.findIndex((member) => member.coinId === coinId);
  if (position >= 0) return { count, isMember: true, proofs: proofAt(position) };
  const after = sorted.filter((member) => isBelow(member.coinId, coinId)).length;
  return { count, isMember: false, proofs: [...proofAt(after - 1), ...proofAt(after)] };
}

function statement({ coinId, rank, capUsd, why }: Member): MembershipProof["member"] {
  return { coinId, rank: BigInt(rank), capUsd, why };
}

function siblingsOf(sorted: readonly Member[], position: number): Hex[] {
  const siblings: Hex[] = [];
  let index = position;
  for (let level = sorted.map(leafHash); level.length > 1; level = parents(level)) {
    const sibling = level[index % 2 === 0 ? index + 1 : index - 1];
    if (sibling !== undefined) siblings.push(sibling);
    index = Math.floor(index / 2);
  }
  return siblings;
}

function inOrder(members: readonly Member[]): Member[] {
  return [...members].sort((left, right) => (isBelow(left.coinId, right.coinId) ? -1 : 1));
}

/** By UTF-8 bytes, as the contract compares: hexadecimal digits have their order. */
function isBelow(left: string, right: string): boolean {
  return stringToHex(left) < stringToHex(right);
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

/**
 * True when the member stands at its position in the tree of `count` members with this root.
 *
 * @see Membership.contains, which says the same on chain.
 */
export function provesMember(root: Hex, count: bigint, { position, member, siblings }: MembershipProof): boolean {
  if (position >= count) return false;
  const stated = { ...member, rank: Number(member.rank) };
  const rest = [...siblings];
  let node = leafHash(stated, Number(position));
  let index = Number(position);
  for (let width = Number(count); width > 1; width = Math.ceil(width / 2)) {
    const isLeft = index % 2 === 0;
    if (!isLeft || index + 1 < width) {
      const sibling = rest.shift();
      if (sibling === undefined) return false;
      node = keccak256(isLeft ? concat([node, sibling]) : concat([sibling, node]));
    }
    index = Math.floor(index / 2);
  }
  return rest.length === 0 && rootOver(count, node) === root;
}

/** True when no member of the tree has this coin id: its neighbors stand side by side, and it would stand between them. */
export function provesAbsence(root: Hex, { count, proofs }: MembershipAnswer, coinId: string): boolean {
  if (count === 0n) return proofs.length === 0 && rootOver(count, zeroHash) === root;
  const [first, second] = proofs;
  if (first === undefined || proofs.length > 2 || !proofs.every((proof) => provesMember(root, count, proof)))
    return false;
  if (second !== undefined) {
    const isBetween = isBelow(first.member.coinId, coinId) && isBelow(coinId, second.member.coinId);
    return isBetween && second.position === first.position + 1n;
  }
  const isBeforeAll = first.position === 0n && isBelow(coinId, first.member.coinId);
  return isBeforeAll || (first.position === count - 1n && isBelow(first.member.coinId, coinId));
}
