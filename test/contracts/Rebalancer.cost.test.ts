import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";

import { type Fixture, HOUR, MONDAY, refreshTo, stage, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { execute, executeAndFinish, finish, batchFrom, held, leg, publish, type Signed } from "./support/rebalance.ts";
import { publishBull, requestRedeem, cashFund } from "./support/situations.ts";

const PAIR = { "usd-coin": 800_000, alpha: 200_000 } as const;

async function emptyFund({ vault, people }: Fixture): Promise<void> {
  await vault.connect(people.alice).redeemInKind(1_000_000n * WHOLE, people.alice, people.alice, [], []);
}

describe("Rebalancer: the prices and the cost at the end", function () {
  const get = useFixture(cashFund);

  describe("when an asset has lost its price", function () {
    let signed: Signed;
    stage(get, async (fixture) => {
      signed = await publishBull(fixture, PAIR);
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);
    });

    it("is refused for a held asset that is a fifth of the fund", async function () {
      const fixture = get();
      fixture.market.stopFeed("alpha");
      await refreshTo(fixture, MONDAY + 30 * HOUR);

      await expect(finish(fixture, signed)).to.be.revertedWithCustomError(fixture.rebalancer, "TooMuchUnpriced");
    });

    it("is refused for the deposit coin", async function () {
      const fixture = get();
      fixture.market.stopFeed("usd-coin");
      await refreshTo(fixture, MONDAY + 30 * HOUR);

      await expect(finish(fixture, signed))
        .to.be.revertedWithCustomError(fixture.rebalancer, "PriceMissing")
        .withArgs(0);
    });

    it("passes for an asset that is not held", async function () {
      const fixture = get();
      fixture.market.stopFeed("bitcoin");
      await refreshTo(fixture, MONDAY + 30 * HOUR);

      await finish(fixture, signed);

      expect((await fixture.rebalancer.running()).id).to.equal(0);
    });
  });

  describe("the cost", function () {
    it("is the value lost in the legs over the NAV before, in basis points rounded up", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);

      const sent = await executeAndFinish(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);

      // 0.05 % fee of 200,000 USD is 100; the impact of 200,000 in a pool of 50 M within 2 %, 1 % of it at the margin
      // every 25 M, is 0.008 % of 200,000 or some 16: 116 USD of 1,000,000 are 1.16 bps, rounded up 2.
      const [line] = await linesOf(fixture, sent, "RebalanceFinished");
      expect(line?.["costBps"]).to.equal(2);
    });

    it("adds up over the batches", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);
      const buy = leg(fixture, ["usd-coin", "alpha"], 100_000n * USDC);

      await execute(fixture, signed, [buy]);
      await execute(fixture, signed, batchFrom(1, [buy]));

      // What left is 200,000 USD; what came is worth its amount at 20 USD.
      const { cost } = await fixture.rebalancer.running();
      expect(cost).to.equal(200_000n * WHOLE - 20n * (await held(fixture, "alpha")));
    });

    it("is zero without legs", async function () {
      const fixture = get();

      const sent = await executeAndFinish(fixture, await publish(fixture, "bear"), []);

      const [line] = await linesOf(fixture, sent, "RebalanceFinished");
      expect(line?.["costBps"]).to.equal(0);
    });

    it("is not raised by a price that falls between two batches", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, PAIR);
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);
      const { cost } = await fixture.rebalancer.running();
      const at = unixSeconds(MONDAY + 14 * HOUR);
      await fixture.market.moveTo({ prices: new Map([["alpha", 18]]), at, steps: 1 });

      await execute(fixture, signed, batchFrom(1, []));

      expect((await fixture.rebalancer.running()).cost).to.equal(cost);
    });
  });

  describe("in an empty fund", function () {
    it("passes with a cost of zero", async function () {
      const fixture = get();
      await emptyFund(fixture);

      const sent = await executeAndFinish(fixture, await publish(fixture, "bear"), []);

      const [line] = await linesOf(fixture, sent, "RebalanceFinished");
      expect([line?.["nav"], line?.["costBps"]]).to.deep.equal([0n, 0n]);
    });
  });

  describe("with redemptions of everything", function () {
    it("pays them all and leaves no shares", async function () {
      const fixture = get();
      const { vault, people } = fixture;
      await requestRedeem(fixture, "alice", 1_000_000n * WHOLE);
      await refreshTo(fixture, MONDAY + WEEK + 60);

      await executeAndFinish(fixture, await publish(fixture, "bear"), []);

      expect([await vault.totalSupply(), await vault.maxWithdraw(people.alice)]).to.deep.equal([0n, 1_000_000n * USDC]);
    });
  });
});
