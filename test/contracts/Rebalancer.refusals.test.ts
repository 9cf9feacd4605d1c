import { expect } from "chai";

import { pushPool } from "./support/bad-faith.ts";
import { advanceTo, CASH, HOUR, MONDAY, now, refreshTo, USDC, useFixture, WHOLE, WIDE } from "./support/fixture.ts";
import { linesOf, reasonsOf } from "./support/reading.ts";
import { execute, batchFrom, held, leg, poolOf, type Signed, tokenOf } from "./support/rebalance.ts";
import { depositNow, publishBull } from "./support/situations.ts";

const FAILED = "swap failed or below minimum";

describe("Rebalancer: legs out of stablecoins", function () {
  let signed: Signed;

  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    signed = await publishBull(fixture);
  });

  /** Runs one leg; why it was left out, or an empty list. */
  async function tryLeg(pair: readonly [string, string], amount: bigint, minimum = 0n): Promise<readonly unknown[]> {
    return reasonsOf(get(), await execute(get(), signed, [leg(get(), pair, [amount, minimum])]));
  }

  describe("a refused leg", function () {
    it("is recorded with its reason", async function () {
      const fixture = get();
      const { vault, fund } = fixture;

      const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 0n)]);

      const [sequence, head] = await vault.ledger();
      expect(fund.indexOf("alpha")).to.be.above(0);
      await expect(sent)
        .to.emit(vault, "LegSkipped")
        .withArgs(
          ...[signed.target.id, 0, tokenOf(fixture, "usd-coin"), tokenOf(fixture, "alpha"), "nothing to trade"],
          ...[sequence, head],
        );
    });

    it("lets the legs after it go on", async function () {
      const fixture = get();
      const legs = [leg(fixture, ["usd-coin", "alpha"], 0n), leg(fixture, ["usd-coin", "alpha"], 1000n * USDC)];

      const sent = await execute(fixture, signed, legs);

      const [line] = await linesOf(fixture, sent, "LegExecuted");
      expect(line?.["position"]).to.equal(1);
    });

    it("is counted", async function () {
      const fixture = get();
      const legs = [leg(fixture, ["usd-coin", "alpha"], 0n), leg(fixture, ["usd-coin", "alpha"], 1000n * USDC)];

      await execute(fixture, signed, legs);

      const { position, executed, skipped } = await fixture.rebalancer.running();
      expect([position, executed, skipped]).to.deep.equal([2n, 1n, 1n]);
    });

    it("has nothing to trade when it sells what it buys", async function () {
      const fixture = get();
      const same = { ...leg(fixture, ["usd-coin", "alpha"], 5n), bought: CASH };

      expect(await reasonsOf(fixture, await execute(fixture, signed, [same]))).to.deep.equal(["nothing to trade"]);
    });

    it("buys an asset that is not targeted", async function () {
      expect(await tryLeg(["usd-coin", "dai"], 5n * USDC)).to.deep.equal(["asset neither held nor targeted"]);
    });

    it("names an asset that does not exist", async function () {
      const fixture = get();
      const unknown = { ...leg(fixture, ["usd-coin", "alpha"], 5n), bought: 200 };

      const [line] = await linesOf(fixture, await execute(fixture, signed, [unknown]), "LegSkipped");

      expect([line?.["reason"], line?.["bought"]]).to.deep.equal([
        "asset neither held nor targeted",
        "0x0000000000000000000000000000000000000000",
      ]);
    });

    it("would bring more units than a leg can carry", async function () {
      const fixture = get();
      const { ethers, oracle, people, fund } = fixture;
      const feed = await ethers.deployContract("MockFeed", ["ALP / USD", 18]);
      await feed.setAnswer(WHOLE, await now(fixture));
      await oracle.connect(people.owner).setFeed(fund.indexOf("alpha"), feed, 48 * HOUR, WIDE);
      await feed.setAnswer(1, await now(fixture));

      // 1,000 USD at 1e-18 USD a coin are 1e21 coins of 1e18 units: 1e39, and 2^128 is 3.4e38.
      expect(await tryLeg(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal(["output too large"]);
    });

    it("sells exactly what is held: one unit must stay", async function () {
      expect(await tryLeg(["usd-coin", "alpha"], 1_000_000n * USDC)).to.deep.equal(["more than is held"]);
    });

    it("sells what is not held", async function () {
      expect(await tryLeg(["alpha", "usd-coin"], 1n)).to.deep.equal(["more than is held"]);
    });

    it("sells the deposit coin below its target", async function () {
      // The target is 100,000 USD and 2 % of it may be missing: 98,000 must stay.
      expect(await tryLeg(["usd-coin", "transit"], 902_000n * USDC + 1n)).to.deep.equal(["sells below target"]);
    });

    it("buys above the target", async function () {
      // 200,000 USD of bitcoin and 2 % more are 204,000; one unit of USDC more is rounded up to one satoshi more.
      expect(await tryLeg(["usd-coin", "bitcoin"], 204_000n * USDC + 1n)).to.deep.equal(["buys above target"]);
    });

    it("buys wrapped ether as a holding when none is targeted", async function () {
      expect(await tryLeg(["usd-coin", "ethereum"], 5n * USDC)).to.deep.equal(["buys above target"]);
    });

    it("demands more than the pool gives", async function () {
      expect(await tryLeg(["usd-coin", "alpha"], 200_000n * USDC, 10_000n * WHOLE)).to.deep.equal([FAILED]);
    });

    it("goes to a pool that is not listed", async function () {
      const fixture = get();
      await fixture.venue.connect(fixture.people.owner).removePool(poolOf(fixture, "alpha"));

      expect(await tryLeg(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([FAILED]);
    });

    it("goes to a pool of other tokens", async function () {
      const fixture = get();
      const astray = { ...leg(fixture, ["usd-coin", "alpha"], 1000n * USDC), pool: poolOf(fixture, "bitcoin") };

      expect(await reasonsOf(fixture, await execute(fixture, signed, [astray]))).to.deep.equal([FAILED]);
    });

    it("goes to an address without code", async function () {
      const fixture = get();
      const nowhere = { ...leg(fixture, ["usd-coin", "alpha"], 1000n * USDC), pool: `0x${"ab".repeat(20)}` as const };

      expect(await reasonsOf(fixture, await execute(fixture, signed, [nowhere]))).to.deep.equal([FAILED]);
    });

    it("turns wrapped ether in transit into wrapped ether held", async function () {
      const fixture = get();
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "transit"], 1000n * USDC)]);
      const rebook = { ...leg(fixture, ["transit", "usd-coin"], 5n), bought: 1 };

      expect(await reasonsOf(fixture, await execute(fixture, signed, batchFrom(1, [rebook])))).to.deep.equal([
        "buys above target",
      ]);
    });

    it("buys after the deadline, when only sales go on", async function () {
      const fixture = get();
      await execute(fixture, signed, []);
      const { deadline } = await fixture.rebalancer.running();
      await refreshTo(fixture, Number(deadline) + 1);
      const legs = batchFrom(0, [leg(fixture, ["usd-coin", "alpha"], 1000n * USDC)]);

      expect(await reasonsOf(fixture, await execute(fixture, signed, legs))).to.deep.equal([
        "only sells after the deadline",
      ]);
    });

    it("has no fresh price in the middle of the rebalance", async function () {
      const fixture = get();
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 1000n * USDC)]);
      fixture.market.stopFeed("bitcoin"); // last answer Sunday 22:00, stale after 25 hours
      await refreshTo(fixture, MONDAY + 24 * HOUR);
      const legs = [
        leg(fixture, ["usd-coin", "bitcoin"], 1000n * USDC),
        leg(fixture, ["usd-coin", "alpha"], 1000n * USDC),
      ];

      expect(await reasonsOf(fixture, await execute(fixture, signed, batchFrom(1, legs)))).to.deep.equal([
        "no fresh price",
      ]);
    });
  });

  describe("when the pool stands away from the oracle", function () {
    it("run when it is less than 2 % dearer", async function () {
      const fixture = get();
      await pushPool(fixture, "alpha", [1_009n, 1_000n]); // 1.009² = 1.0181 times the price

      expect(await tryLeg(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([]);
    });

    it("are left out when it is more than 2 % dearer", async function () {
      const fixture = get();
      await pushPool(fixture, "alpha", [1_011n, 1_000n]); // 1.011² = 1.0221 times the price

      expect(await tryLeg(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([FAILED]);
    });

    it("lose nothing but the leg", async function () {
      const fixture = get();
      await pushPool(fixture, "alpha", [103n, 100n]);

      await tryLeg(["usd-coin", "alpha"], 1000n * USDC);

      expect(await held(fixture, "usd-coin")).to.equal(1_000_000n * USDC);
    });
  });
});
