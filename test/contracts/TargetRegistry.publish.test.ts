import { expect } from "chai";

import { BEAR, BULL, MONDAY, now, useFixture, VETO_DELAY, WEEK_NUMBER, refreshTo, WEEK } from "./support/fixture.ts";
import { publish, send, sign, type TargetChange, type Weights, weightsOf } from "./support/rebalance.ts";
import { cashFund } from "./support/situations.ts";

/** {s} Longest time that a target may be valid for. */
const LONGEST = 604_800;

describe("TargetRegistry: targets", function () {
  const get = useFixture(cashFund);

  /** Signs the ordinary bull target but for a change. */
  const bull = (change: TargetChange = {}, weights: Weights = weightsOf(get(), BULL)) =>
    sign(get(), "bull", { weights, change });

  /** Signs the ordinary bear target but for a change. */
  const bear = (change: TargetChange = {}) => sign(get(), "bear", { weights: weightsOf(get(), BEAR), change });

  /** A bull target of given assets and parts. */
  const weighing = (assets: number[], parts: (number | bigint)[]) => bull({}, { assets, parts });

  describe("publishing", function () {
    it("makes the target pending", async function () {
      const fixture = get();
      const signed = await bull();

      await send(fixture, signed);

      const pending = await fixture.registry.pending();
      expect([pending.id, pending.regime, pending.validUntil]).to.deep.equal([
        WEEK_NUMBER * 8n,
        1n,
        signed.target.validUntil,
      ]);
    });

    it("writes the weights readably into the ledger", async function () {
      const fixture = get();
      const { vault } = fixture;
      const signed = await bull();

      const sent = await send(fixture, signed);

      const { target, weights } = signed;
      const [sequence, head] = await vault.ledger();
      await expect(sent)
        .to.emit(vault, "TargetPublished")
        .withArgs(
          ...[target.id, "bull", target.decisionHash, target.membershipRoot, target.twinLevel],
          ...[
            target.validFrom,
            (await now(fixture)) + VETO_DELAY,
            target.validUntil,
            weights.assets,
            weights.parts,
            sequence,
            head,
          ],
        );
    });

    it("takes the hash of EIP-712 for what is signed", async function () {
      const { registry, ethers, fund } = get();
      const { target } = await bull();
      const domain = {
        name: "TM Global 100",
        version: "1",
        chainId: 31_337,
        verifyingContract: fund.addresses.registry,
      };
      const types = {
        Target: [
          ...[{ name: "id", type: "uint64" }],
          ...[{ name: "regime", type: "uint8" }],
          ...["weightsHash", "decisionHash", "membershipRoot"].map((name) => ({ name, type: "bytes32" })),
          ...[{ name: "twinLevel", type: "uint256" }],
          ...["validFrom", "validUntil"].map((name) => ({ name, type: "uint64" })),
        ],
      };

      expect(await registry.digestOf(target)).to.equal(ethers.TypedDataEncoder.hash(domain, types, target));
    });

    it("refuses a signature of anyone but the signer", async function () {
      const fixture = get();

      await expect(send(fixture, await bull({ signer: "keeper" })))
        .to.be.revertedWithCustomError(fixture.registry, "SignerUnknown")
        .withArgs(fixture.people.keeper);
    });

    for (const [name, change] of [
      ["on another chain", { chainId: 1 }],
      ["for another registry", { verifyingContract: "0x00000000000000000000000000000000000000aa" }],
    ] as const) {
      it(`refuses a signature made ${name}`, async function () {
        const fixture = get();

        await expect(send(fixture, await bull(change))).to.be.revertedWithCustomError(
          fixture.registry,
          "SignerUnknown",
        );
      });
    }

    it("refuses a target that was changed after the signature", async function () {
      const fixture = get();
      const signed = await bull();
      const target = { ...signed.target, decisionHash: signed.target.membershipRoot };

      await expect(send(fixture, { ...signed, target })).to.be.revertedWithCustomError(
        fixture.registry,
        "SignerUnknown",
      );
    });

    it("refuses a signature that is none", async function () {
      const fixture = get();

      await expect(send(fixture, { ...(await bull()), signature: "0x1234" }))
        .to.be.revertedWithCustomError(fixture.registry, "ECDSAInvalidSignatureLength")
        .withArgs(2);
    });

    it("refuses weights that were not signed", async function () {
      const fixture = get();
      const signed = await bull();
      const other = await weighing([0, 1], [500_000, 500_000]);

      await expect(send(fixture, { ...signed, weights: other.weights }))
        .to.be.revertedWithCustomError(fixture.rebalancer, "WeightsNotSigned")
        .withArgs(signed.target.weightsHash, other.target.weightsHash);
    });

    for (const [name, parts, sum] of [
      ["below", [500_000, 499_999], 999_999],
      ["above", [500_000, 500_001], 1_000_001],
    ] as const) {
      it(`refuses weights that sum to ${name} 1,000,000`, async function () {
        const fixture = get();

        await expect(send(fixture, await weighing([0, 1], [...parts])))
          .to.be.revertedWithCustomError(fixture.registry, "WeightsSumWrong")
          .withArgs(sum);
      });
    }

    for (const [name, assets, parts, refused] of [
      ["that is not listed", [0, 200], [500_000, 500_000], 200],
      ["before a smaller one", [4, 1], [500_000, 500_000], 1],
      ["twice", [4, 4], [500_000, 500_000], 4],
      ["that stands for transit", [0, 255], [500_000, 500_000], 255],
      // Cut to a byte, 257 is wrapped ether.
      ["beyond the last index", [0, 257], [500_000, 500_000], 257],
      ["without its part", [0, 1], [1_000_000], 255],
    ] as const) {
      it(`refuses an asset ${name}`, async function () {
        const fixture = get();

        await expect(send(fixture, await weighing([...assets], [...parts])))
          .to.be.revertedWithCustomError(fixture.registry, "WeightNotAllowed")
          .withArgs(refused);
      });
    }

    it("refuses parts that sum to 1,000,000 only because they wrap", async function () {
      const fixture = get();
      const most = 2n ** 256n - 1n;

      // 2^256 - 1 + 1,000,001 = 1,000,000 modulo 2^256; the deposit coin may be all of a bull target, and no more
      await expect(send(fixture, await weighing([0, 1], [most, 1_000_001])))
        .to.be.revertedWithCustomError(fixture.registry, "PartAboveCap")
        .withArgs(0, most, 1_000_000);
    });

    it("refuses an asset in bear that is no stablecoin", async function () {
      const fixture = get();
      const weights = { assets: [0, 1], parts: [500_000, 500_000] };

      await expect(send(fixture, await sign(fixture, "bear", { weights })))
        .to.be.revertedWithCustomError(fixture.registry, "WeightNotAllowed")
        .withArgs(1);
    });

    it("allows several stablecoins in bear", async function () {
      const fixture = get();

      await publish(fixture, "bear", { "usd-coin": 400_000, tether: 300_000, dai: 300_000 });

      expect((await fixture.registry.pending()).id).to.equal(WEEK_NUMBER * 8n);
    });

    it("refuses an id of the week before", async function () {
      const fixture = get();

      await expect(send(fixture, await bull({ id: WEEK_NUMBER * 8n - 1n })))
        .to.be.revertedWithCustomError(fixture.registry, "TargetOfOtherWeek")
        .withArgs(WEEK_NUMBER * 8n - 1n, WEEK_NUMBER);
    });

    it("refuses an id of the week after", async function () {
      const fixture = get();

      await expect(send(fixture, await bull({ id: WEEK_NUMBER * 8n + 8n })))
        .to.be.revertedWithCustomError(fixture.registry, "TargetOfOtherWeek")
        .withArgs(WEEK_NUMBER * 8n + 8n, WEEK_NUMBER);
    });

    it("refuses the id of what is pending", async function () {
      const fixture = get();
      const { target } = await publish(fixture, "bull");

      await expect(send(fixture, await bull({ id: target.id })))
        .to.be.revertedWithCustomError(fixture.registry, "TargetIdUsed")
        .withArgs(target.id, target.id);
    });

    it("refuses an id below that of what is pending", async function () {
      const fixture = get();
      await send(fixture, await bear({ id: WEEK_NUMBER * 8n + 3n }));

      await expect(send(fixture, await bear({ id: WEEK_NUMBER * 8n + 2n })))
        .to.be.revertedWithCustomError(fixture.registry, "TargetIdUsed")
        .withArgs(WEEK_NUMBER * 8n + 2n, WEEK_NUMBER * 8n + 3n);
    });

    it("refuses a bull target that is not the weekly one, and takes a bear target with that id", async function () {
      const fixture = get();
      const id = WEEK_NUMBER * 8n + 1n;

      await expect(send(fixture, await bull({ id })))
        .to.be.revertedWithCustomError(fixture.registry, "BullTargetNotWeekly")
        .withArgs(id);
      await send(fixture, await bear({ id }));

      expect((await fixture.registry.pending()).id).to.equal(id);
    });

    it("refuses a target whose time is over", async function () {
      const fixture = get();
      const signed = await bull({ validUntil: BigInt(await now(fixture)) });

      await expect(send(fixture, signed))
        .to.be.revertedWithCustomError(fixture.registry, "TargetExpired")
        .withArgs(signed.target.id, signed.target.validUntil);
    });

    it("refuses a target that stays valid for longer than a week", async function () {
      const fixture = get();
      // The next block comes one second later: two seconds more than a week are one too many.
      const signed = await bull({ validUntil: BigInt((await now(fixture)) + LONGEST + 2) });

      await expect(send(fixture, signed)).to.be.revertedWithCustomError(fixture.registry, "TargetExpired");
    });

    it("allows exactly a week", async function () {
      const fixture = get();
      const signed = await bull({ validUntil: BigInt((await now(fixture)) + LONGEST + 1) });

      await send(fixture, signed);

      expect((await fixture.registry.pending()).id).to.equal(signed.target.id);
    });
  });

  it("begins anew in another week", async function () {
    const fixture = get();
    await refreshTo(fixture, MONDAY + WEEK + 60);

    const { target } = await publish(fixture, "bear");

    expect(target.id).to.equal((WEEK_NUMBER + 1n) * 8n);
  });
});
