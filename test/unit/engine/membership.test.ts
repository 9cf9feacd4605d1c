import { expect } from "chai";
import { concat, encodeAbiParameters, keccak256, zeroHash } from "viem";

import {
  type Member,
  type MembershipProof,
  membershipProof,
  membershipRoot,
  provesAbsence,
  provesMember,
} from "../../../src/engine/membership.ts";

const BITCOIN: Member = { coinId: "bitcoin", rank: 1, capUsd: 1_000_000_000_000n, why: "rank 1" };
const ETHEREUM: Member = { coinId: "ethereum", rank: 2, capUsd: 400_000_000_000n, why: "rank 2" };
const SOLANA: Member = { coinId: "solana", rank: 5, capUsd: 50_000_000_000n, why: "rank 5" };

function leaf(position: bigint, { coinId, rank, capUsd, why }: Member) {
  const types = [{ type: "uint256" }, { type: "string" }, { type: "uint256" }, { type: "uint256" }, { type: "string" }];
  return keccak256(keccak256(encodeAbiParameters(types, [position, coinId, BigInt(rank), capUsd, why])));
}

function root(count: bigint, top: `0x${string}`) {
  return keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "bytes32" }], [count, top]));
}

describe("membershipProof", function () {
  it("gives a member's siblings from the leaf up", function () {
    const [proof] = membershipProof([BITCOIN, ETHEREUM, SOLANA], "bitcoin").proofs;

    expect(proof?.siblings).to.deep.equal([leaf(1n, ETHEREUM), leaf(2n, SOLANA)]);
  });

  it("leaves out the level on which a node moves up alone", function () {
    const [proof] = membershipProof([BITCOIN, ETHEREUM, SOLANA], "solana").proofs;

    expect(proof?.siblings).to.deep.equal([keccak256(concat([leaf(0n, BITCOIN), leaf(1n, ETHEREUM)]))]);
  });

  it("gives the two between which an absent coin would stand", function () {
    const { isMember, count, proofs } = membershipProof([BITCOIN, ETHEREUM, SOLANA], "dogecoin");

    expect([isMember, count]).to.deep.equal([false, 3n]);
    expect(proofs.map(({ position, member }) => [position, member.coinId])).to.deep.equal([
      [0n, "bitcoin"],
      [1n, "ethereum"],
    ]);
  });
});

describe("membershipRoot", function () {
  it("joins three leaves by position, the last one moving up alone", function () {
    const pair = keccak256(concat([leaf(0n, BITCOIN), leaf(1n, ETHEREUM)]));

    expect(membershipRoot([BITCOIN, ETHEREUM, SOLANA])).to.equal(root(3n, keccak256(concat([pair, leaf(2n, SOLANA)]))));
  });

  it("does not depend on the order in which members are given", function () {
    expect(membershipRoot([SOLANA, BITCOIN, ETHEREUM])).to.equal(membershipRoot([BITCOIN, ETHEREUM, SOLANA]));
  });

  it("has a top of zero for an empty index", function () {
    expect(membershipRoot([])).to.equal(root(0n, zeroHash));
  });

  it("changes with a single dollar of market cap", function () {
    const richer = { ...SOLANA, capUsd: SOLANA.capUsd + 1n };

    expect(membershipRoot([BITCOIN, ETHEREUM, richer])).to.not.equal(membershipRoot([BITCOIN, ETHEREUM, SOLANA]));
  });
});

describe("provesMember", function () {
  const names = "a b c d e f g h i j k l m".split(" ");
  const members = names.map((coinId, i): Member => ({ coinId, rank: i + 1, capUsd: BigInt(i), why: "entered" }));
  const tree = membershipRoot(members);
  const proofOf = (coinId: string): MembershipProof => membershipProof(members, coinId).proofs[0] as MembershipProof;

  it("holds for each of thirteen, at its own position alone", function () {
    for (const coinId of names) {
      const proof = proofOf(coinId);

      expect(provesMember(tree, 13n, proof), coinId).to.equal(true);
      expect(provesMember(tree, 13n, { ...proof, position: (proof.position + 1n) % 13n }), coinId).to.equal(false);
    }
  });

  it("refuses another rank, another count, a sibling too few and one too many", function () {
    const proof = proofOf("m");
    const { siblings, member } = proof;

    expect(provesMember(tree, 13n, { ...proof, member: { ...member, rank: 1n } })).to.equal(false);
    expect(provesMember(tree, 14n, proof)).to.equal(false);
    expect(provesMember(tree, 13n, { ...proof, siblings: siblings.slice(1) })).to.equal(false);
    expect(provesMember(tree, 13n, { ...proof, siblings: [...siblings, zeroHash] })).to.equal(false);
  });

  it("refuses to show a member as absent, and neighbors that do not stand side by side", function () {
    const between = membershipProof(members, "cc");

    expect(provesAbsence(tree, between, "cc")).to.equal(true);
    expect(provesAbsence(tree, between, "c")).to.equal(false);
    expect(provesAbsence(tree, { ...between, proofs: [proofOf("b"), proofOf("d")] }, "c")).to.equal(false);
    expect(provesAbsence(tree, membershipProof(members, "z"), "z")).to.equal(true);
    expect(provesAbsence(membershipRoot([]), membershipProof([], "a"), "a")).to.equal(true);
  });
});
