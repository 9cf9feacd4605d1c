import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";

import {
  advanceBy,
  type Fixture,
  HOUR,
  MONDAY,
  now,
  refreshTo,
  stage,
  USDC,
  useFixture,
  VETO_DELAY,
  WEEK,
} from "./support/fixture.ts";
import { pushPool } from "./support/bad-faith.ts";
import { linesOf, reasonsOf } from "./support/reading.ts";
import { batchFrom, execute, executeAndFinish, held, leg, publish, type Signed } from "./support/rebalance.ts";
import { enterBull, publishBull, cashFund } from "./support/situations.ts";

const DAY = 24 * HOUR;
/** D18{1} 1 %. */
const PER_REBALANCE = 10n ** 16n;
/** D18{1} 1.5 %. */
const PER_EXIT = 15n * 10n ** 15n;
/** Dearer by 1.81 %: 1.009². Within the 2 % that a pool may stand away. */
const DEARER: readonly [bigint, bigint] = [1_009n, 1_000n];
/** Cheaper by 2.78 %: 0.986². With the pool's own fee within the floor of a leg, 3 %. */
const CHEAPER: readonly [bigint, bigint] = [986n, 1_000n];

/** Buys `usdc` of alpha at a pool that the keeper made dearer. */
async function buyDear(fixture: Fixture, signed: Signed, usdc: bigint) {
  await pushPool(fixture, "alpha", DEARER);
  return execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], usdc)]);
}

describe("Rebalancer: budgets", function () {
  const get = useFixture(cashFund);

  describe("of a rebalance in the market", function () {
    it("is charged with what a batch loses, rounded up", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, { "usd-coin": 500_000, alpha: 500_000 });

      await buyDear(fixture, signed, 500_000n * USDC);

      // Half of the fund at prices 1.81 to 1.9 % too high, and a fee of 0.05 %, cost 0.9 to 1 % of it.
      const { spent } = await fixture.rebalancer.running();
      expect(spent).to.be.within(9n * 10n ** 15n, PER_REBALANCE);
    });

    it("stops a batch that loses more than 1 %", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, { "usd-coin": 400_000, alpha: 600_000 });

      await expect(buyDear(fixture, signed, 600_000n * USDC))
        .to.be.revertedWithCustomError(fixture.rebalancer, "LossAboveBudget")
        .withArgs(anyValue, PER_REBALANCE);
    });

    it("adds up over batches", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, { "usd-coin": 300_000, alpha: 500_000, beta: 200_000 });
      await buyDear(fixture, signed, 500_000n * USDC);
      await pushPool(fixture, "beta", DEARER);

      await expect(execute(fixture, signed, batchFrom(1, [leg(fixture, ["usd-coin", "beta"], 100_000n * USDC)])))
        .to.be.revertedWithCustomError(fixture.rebalancer, "LossAboveBudget")
        .withArgs(anyValue, PER_REBALANCE);
    });

    it("gets nothing back from a batch that gains", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, { "usd-coin": 200_000, alpha: 500_000, beta: 300_000 });
      await buyDear(fixture, signed, 500_000n * USDC);
      const { spent } = await fixture.rebalancer.running();
      await pushPool(fixture, "beta", CHEAPER);

      const sent = await execute(fixture, signed, batchFrom(1, [leg(fixture, ["usd-coin", "beta"], 290_000n * USDC)]));

      const [line] = await linesOf(fixture, sent, "LegExecuted");
      expect(line?.["amountBought"]).to.be.above(line?.["fair"] as bigint); // beta is priced by a mean of ten minutes
      expect((await fixture.rebalancer.running()).spent).to.equal(spent);
    });

    it("is not charged when the market moves between batches", async function () {
      const fixture = get();
      const signed = await publishBull(fixture, { "usd-coin": 600_000, alpha: 400_000 });
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "alpha"], 200_000n * USDC)]);
      const { spent } = await fixture.rebalancer.running();
      const later = unixSeconds((await now(fixture)) + HOUR);
      await fixture.market.moveTo({ prices: new Map([["alpha", 10]]), at: later, steps: 1 });

      await execute(fixture, signed, batchFrom(1, []));

      expect((await fixture.rebalancer.running()).spent).to.equal(spent);
    });
  });

  describe("of all rebalances within 30 days", function () {
    let first: Signed;
    stage(get, async (fixture) => {
      first = await publishBull(fixture, { "usd-coin": 500_000, alpha: 500_000 });
      await buyDear(fixture, first, 500_000n * USDC);
      await executeAndFinish(fixture, first, batchFrom(1, []));
    });

    it("remembers the losses of finished rebalances", async function () {
      expect(await get().rebalancer.lossInWindow()).to.be.within(9n * 10n ** 15n, PER_REBALANCE);
    });

    it("stops a second rebalance that would lose as much", async function () {
      const fixture = get();
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const second = await publishBull(fixture, { "usd-coin": 100_000, alpha: 500_000, beta: 400_000 });
      await pushPool(fixture, "beta", DEARER);
      const buy = leg(fixture, ["usd-coin", "beta"], 380_000n * USDC);

      await expect(execute(fixture, second, [buy]))
        .to.be.revertedWithCustomError(fixture.rebalancer, "LossAboveWindow")
        .withArgs(anyValue, anyValue);
    });

    it("forgets them after 30 days", async function () {
      const fixture = get();

      await refreshTo(fixture, MONDAY + 31 * DAY);

      expect(await fixture.rebalancer.lossInWindow()).to.equal(0);
    });
  });

  describe("of an exit", function () {
    let signed: Signed;
    stage(get, async (fixture) => {
      await enterBull(fixture, 1_000_000n * USDC, { "usd-coin": 400_000, alpha: 600_000 });
      signed = await publish(fixture, "bear");
      await execute(fixture, signed, []);
      await pushPool(fixture, "alpha", CHEAPER);
    });

    const sellAll = async (fixture: Fixture) => {
      const amount = (await held(fixture, "alpha")) - 1n;
      return execute(fixture, signed, [leg(fixture, ["alpha", "usd-coin"], amount)]);
    };

    it("stops an exit that loses more than 1.5 %", async function () {
      const fixture = get();

      await expect(sellAll(fixture))
        .to.be.revertedWithCustomError(fixture.rebalancer, "LossAboveBudget")
        .withArgs(anyValue, PER_EXIT); // 60 % of the fund at prices 2.8 % too low
    });

    it("is wider once the guardian agrees", async function () {
      const fixture = get();
      await fixture.rebalancer.connect(fixture.people.guardian).agreeToExtraExit();

      await sellAll(fixture);

      expect((await fixture.rebalancer.running()).spent).to.be.within(PER_EXIT, 3n * PER_EXIT);
    });

    it("is no wider a minute before the day is over", async function () {
      const fixture = get();
      const { deadline } = await fixture.rebalancer.running(); // 24 hours after the start
      await refreshTo(fixture, Number(deadline) - 60);
      await pushPool(fixture, "alpha", CHEAPER);

      await expect(sellAll(fixture))
        .to.be.revertedWithCustomError(fixture.rebalancer, "LossAboveBudget")
        .withArgs(anyValue, PER_EXIT);
    });

    it("is wider by itself after a day", async function () {
      const fixture = get();
      await refreshTo(fixture, MONDAY + 2 * DAY + VETO_DELAY);
      await pushPool(fixture, "alpha", CHEAPER);

      await sellAll(fixture);

      expect((await fixture.rebalancer.running()).spent).to.be.within(PER_EXIT, 3n * PER_EXIT);
    });

    it("records the guardian's agreement", async function () {
      const { rebalancer, vault, people } = get();

      const sent = await rebalancer.connect(people.guardian).agreeToExtraExit();

      const [sequence, head] = await vault.ledger();
      await expect(sent).to.emit(vault, "ExitBudgetRaised").withArgs(signed.target.id, people.guardian, sequence, head);
    });

    for (const name of ["keeper", "signer", "owner", "stranger"] as const) {
      it(`is not raised by the ${name}`, async function () {
        const { rebalancer, people } = get();

        await expect(rebalancer.connect(people[name]).agreeToExtraExit())
          .to.be.revertedWithCustomError(rebalancer, "RoleMissing")
          .withArgs(people[name].address, 2);
      });
    }

    it("charges no other budget", async function () {
      const fixture = get();
      const before = await fixture.rebalancer.lossInWindow();
      await fixture.rebalancer.connect(fixture.people.guardian).agreeToExtraExit();

      await sellAll(fixture);

      expect(await fixture.rebalancer.lossInWindow()).to.equal(before);
    });
  });

  it("is not raised while no exit is under way", async function () {
    const { rebalancer, people } = get();

    await expect(rebalancer.connect(people.guardian).agreeToExtraExit())
      .to.be.revertedWithCustomError(rebalancer, "NoExitUnderWay")
      .withArgs();
  });

  describe("the floor of an exit's sales", function () {
    let signed: Signed;
    stage(get, async (fixture) => {
      await enterBull(fixture, 1_000_000n * USDC, { "usd-coin": 900_000, alpha: 100_000 });
      signed = await publish(fixture, "bear");
      await execute(fixture, signed, []);
    });

    const sellAtDiscount = async (fixture: Fixture, discount: readonly [bigint, bigint]) => {
      await pushPool(fixture, "alpha", discount);
      return execute(fixture, signed, [leg(fixture, ["alpha", "usd-coin"], (await held(fixture, "alpha")) - 1n)]);
    };

    for (const [hours, discount, isSold] of [
      [0, [986n, 1_000n], true], // 0.986² = 0.9722: 2.8 % below, limit 3 %
      [0, [983n, 1_000n], false], // 0.983² = 0.9663: 3.4 % below
      [1, [971n, 1_000n], true], // 0.971² = 0.9428: 5.7 % below, limit 6 %
      [1, [968n, 1_000n], false], // 0.968² = 0.9370: 6.3 % below
      [6, [950n, 1_000n], true], // 0.950² = 0.9025: 9.75 % below, limit 10 %, and not 12
      [6, [948n, 1_000n], false], // 0.948² = 0.8987: 10.1 % below
    ] as const) {
      it(`${isSold ? "lets" : "does not let"} a pool at ${discount[0]}² millionths sell after ${hours} hours`, async () => {
        const fixture = get();
        if (hours > 0) await advanceBy(fixture, hours * HOUR);

        const reasons = await reasonsOf(fixture, await sellAtDiscount(fixture, discount));

        expect(reasons).to.deep.equal(isSold ? [] : ["swap failed or below minimum"]);
      });
    }
  });

  it("keeps stablecoins out of ether in bear, where no route needs it", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bear");

    const sent = await execute(fixture, signed, [leg(fixture, ["usd-coin", "transit"], 1_000n * USDC)]);

    expect(await reasonsOf(fixture, sent)).to.deep.equal(["stablecoins stay in bear"]);
  });
});
