import { expect } from "chai";

import { type Member, type MembershipProof, membershipProof, membershipRoot } from "../../src/engine/membership.ts";
import { advanceTo, BEAR, type Fixture, MONDAY, useFixture, WEEK, WEEK_NUMBER } from "./support/fixture.ts";
import { send, sign, weightsOf } from "./support/rebalance.ts";

const member = (coinId: string, rank: number): Member => ({
  coinId,
  rank,
  capUsd: 10n ** 12n / BigInt(rank),
  why: `rank ${rank}`,
});

/** In the order of the tree: bitcoin, cardano, ethereum, solana, tron. */
const MEMBERS = [
  member("ethereum", 2),
  member("bitcoin", 1),
  member("tron", 9),
  member("solana", 5),
  member("cardano", 8),
];

type Sent = { position: bigint; member: MembershipProof["member"]; siblings: string[] };

const sent = ({ position, member: stated, siblings }: MembershipProof): Sent => ({
  position,
  member: { ...stated },
  siblings: [...siblings],
});

const proofOf = (coinId: string, members: readonly Member[] = MEMBERS): Sent => {
  const [proof] = membershipProof(members, coinId).proofs;
  if (proof === undefined) throw new TypeError(`no proof about ${coinId}`);
  return sent(proof);
};

/** The week's target, which names the root of these members. */
async function publishMembers(fixture: Fixture, members: readonly Member[]): Promise<void> {
  const change = { membershipRoot: membershipRoot(members) };
  await send(fixture, await sign(fixture, "bear", { weights: weightsOf(fixture, BEAR), change }));
}

describe("VaultLens: members of the index", function () {
  const get = useFixture((fixture) => advanceTo(fixture, MONDAY + 60));

  const proves = (proof: Sent, { week = WEEK_NUMBER, count = 5n } = {}) => get().lens.provesMember(week, count, proof);

  const lacks = (coinId: string, neighbours: Sent[], { week = WEEK_NUMBER, count = 5n } = {}) =>
    get().lens.provesAbsence(week, count, coinId, neighbours);

  const neighboursOf = (coinId: string, members: readonly Member[] = MEMBERS): Sent[] =>
    membershipProof(members, coinId).proofs.map(sent);

  describe("of a week with five", function () {
    beforeEach(() => publishMembers(get(), MEMBERS));

    it("proves each of them", async function () {
      for (const { coinId } of MEMBERS) expect(await proves(proofOf(coinId)), coinId).to.equal(true);
    });

    it("refuses a place behind the last one", async function () {
      expect(await proves({ ...proofOf("ethereum"), position: 5n })).to.equal(false);
    });

    it("keeps the week's root", async function () {
      expect(await get().registry.rootOf(WEEK_NUMBER)).to.equal(membershipRoot(MEMBERS));
    });

    for (const [what, change] of [
      ["rank", { rank: 3n }],
      ["cap", { capUsd: 1n }],
      ["reason", { why: "because" }],
      ["coin", { coinId: "dogecoin" }],
    ] as const) {
      it(`refuses another ${what}`, async function () {
        const proof = proofOf("ethereum");

        expect(await proves({ ...proof, member: { ...proof.member, ...change } })).to.equal(false);
      });
    }

    it("refuses another position, another count and another week", async function () {
      const proof = proofOf("ethereum");

      expect(await proves({ ...proof, position: 3n })).to.equal(false);
      expect(await proves(proof, { count: 6n })).to.equal(false);
      expect(await proves(proof, { week: WEEK_NUMBER - 1n })).to.equal(false);
    });

    it("refuses siblings too many, too few and in another order", async function () {
      const proof = proofOf("bitcoin");

      expect(await proves({ ...proof, siblings: [...proof.siblings, proof.siblings[0] ?? ""] })).to.equal(false);
      expect(await proves({ ...proof, siblings: proof.siblings.slice(1) })).to.equal(false);
      expect(await proves({ ...proof, siblings: proof.siblings.toReversed() })).to.equal(false);
    });

    it("refuses an inner node in the place of a leaf", async function () {
      // The tree of three pairs, read as one of three leaves: position 0 stands for the node above bitcoin and cardano.
      const proof = proofOf("bitcoin");

      expect(await proves({ ...proof, siblings: proof.siblings.slice(1) }, { count: 3n })).to.equal(false);
    });

    for (const [coinId, where, count] of [
      ["aave", "before the first", 1],
      ["dogecoin", "between two", 2],
      ["solan", "before a coin that begins with it", 2],
      ["solana-2", "after a coin that it begins with", 2],
      ["zcash", "after the last", 1],
    ] as const) {
      it(`proves the absence of a coin ${where}`, async function () {
        const neighbours = neighboursOf(coinId);

        expect(neighbours).to.have.lengthOf(count);
        expect(await lacks(coinId, neighbours)).to.equal(true);
      });
    }

    it("refuses to deny a member", async function () {
      for (const { coinId } of MEMBERS) {
        expect(await lacks(coinId, [proofOf(coinId)]), coinId).to.equal(false);
      }
      expect(await lacks("ethereum", [proofOf("ethereum"), proofOf("solana")])).to.equal(false);
      expect(await lacks("ethereum", [proofOf("cardano"), proofOf("ethereum")])).to.equal(false);
    });

    it("refuses neighbours with a member between them", async function () {
      expect(await lacks("ethereum", [proofOf("cardano"), proofOf("solana")])).to.equal(false);
    });

    it("refuses neighbours in the wrong order", async function () {
      expect(await lacks("dogecoin", neighboursOf("dogecoin").toReversed())).to.equal(false);
    });

    it("refuses a single neighbour that is neither the first nor the last", async function () {
      expect(await lacks("dogecoin", [proofOf("cardano")])).to.equal(false);
      expect(await lacks("dogecoin", [proofOf("ethereum")])).to.equal(false);
    });

    it("refuses the first beside a coin after it, and the last beside a coin before it", async function () {
      expect(await lacks("dogecoin", [proofOf("bitcoin")])).to.equal(false);
      expect(await lacks("dogecoin", [proofOf("tron")])).to.equal(false);
    });

    it("refuses a last neighbour of a tree that is said to be smaller", async function () {
      expect(await lacks("zcash", [proofOf("solana")], { count: 4n })).to.equal(false);
    });

    it("refuses no neighbours, three neighbours, and an empty tree", async function () {
      expect(await lacks("dogecoin", [])).to.equal(false);
      expect(await lacks("dogecoin", [...neighboursOf("dogecoin"), proofOf("tron")])).to.equal(false);
      expect(await lacks("dogecoin", [], { count: 0n })).to.equal(false);
    });

    it("refuses neighbours of another week", async function () {
      expect(await lacks("dogecoin", neighboursOf("dogecoin"), { week: WEEK_NUMBER + 1n })).to.equal(false);
    });
  });

  it("keeps the roots of earlier weeks", async function () {
    await publishMembers(get(), MEMBERS);
    await advanceTo(get(), MONDAY + WEEK + 60);
    await publishMembers(get(), MEMBERS.slice(0, 2));

    expect(await proves(proofOf("tron"))).to.equal(true);
    expect(await proves(proofOf("tron"), { week: WEEK_NUMBER + 1n })).to.equal(false);
  });

  it("proves absence in an empty index, and only there", async function () {
    await publishMembers(get(), []);

    expect(await lacks("bitcoin", [], { count: 0n })).to.equal(true);
  });

  it("proves nothing of a week without publication", async function () {
    expect(await proves(proofOf("bitcoin"))).to.equal(false);
    expect(await lacks("bitcoin", [], { count: 0n })).to.equal(false);
  });

  for (const size of [1, 2, 3, 4, 6, 7, 8, 100]) {
    it(`proves every member, and every gap, of ${size}`, async function () {
      const members = Array.from({ length: size }, (_, i) => member(`coin-${String(i * 2).padStart(3, "0")}`, i + 1));
      const count = BigInt(size);
      await publishMembers(get(), members);

      for (const { coinId } of size > 8 ? members.slice(-3) : members) {
        expect(await proves(proofOf(coinId, members), { count }), coinId).to.equal(true);
      }
      for (const gap of ["coin", "coin-001", `coin-${String(size * 2 - 1).padStart(3, "0")}`]) {
        expect(await lacks(gap, neighboursOf(gap, members), { count }), gap).to.equal(true);
      }
    });
  }

  it("orders ids by their bytes, not by the units of a string", async function () {
    // UTF-8: EF BF BD < F0 9F 98 80. UTF-16: FFFD > D83D.
    const members = [member("\uFFFD", 1), member("\u{1F600}", 2)];
    await publishMembers(get(), members);

    expect(proofOf("\uFFFD", members).position).to.equal(0n);
    expect(await lacks("\uFFFD-2", neighboursOf("\uFFFD-2", members), { count: 2n })).to.equal(true);
  });
});
