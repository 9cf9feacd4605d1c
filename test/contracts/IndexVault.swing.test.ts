import { expect } from "chai";

import { unixSeconds } from "../../src/core/units.ts";
import { type Fixture, HOUR, MONDAY, refreshTo, stage, USDC, useFixture, WEEK, WHOLE } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import { execute, executeAndFinish, leg, publish, sales } from "./support/rebalance.ts";
import { depositNow, investedFund, pegDai, publishBull, requestDeposit, requestRedeem } from "./support/situations.ts";

/** {bps} Of a deposit and of a redemption that would be requested now. */
async function swingsOf({ vault }: Fixture): Promise<readonly bigint[]> {
  const { depositSwing, redemptionSwing } = await vault.conditions();
  return [depositSwing, redemptionSwing];
}

/** A week in stablecoins that turns this much of the deposit coin into DAI. @returns {bps} What it cost. */
async function bearWeek(fixture: Fixture, week: number, usdc: bigint): Promise<bigint> {
  await refreshTo(fixture, MONDAY + week * WEEK + HOUR);
  const signed = await publish(fixture, "bear", { "usd-coin": 500_000, dai: 500_000 });
  const legs = usdc === 0n ? [] : [leg(fixture, ["usd-coin", "dai"], usdc)];
  const end = await executeAndFinish(fixture, signed, legs);
  return (await linesOf(fixture, end, "RebalanceFinished"))[0]?.["costBps"] as bigint;
}

describe("IndexVault: swing", function () {
  const get = useFixture();

  it("is nothing in stablecoins before anything was traded", async function () {
    expect(await swingsOf(get())).to.deep.equal([0n, 0n]);
  });

  describe("when the fund is in the market", function () {
    stage(get, investedFund);

    it("is at least 30 bps", async function () {
      // Entering cost less: of 1,000,000 USD more than 999,000 are left.
      expect(await get().vault.nav()).to.be.at.least(999_000n * WHOLE);
      expect(await swingsOf(get())).to.deep.equal([30n, 30n]);
    });

    it("is kept from deposits, rounded for the fund", async function () {
      const fixture = get();
      const { vault } = fixture;
      await requestDeposit(fixture, "bob", 100_000n * USDC);
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const signed = await publishBull(fixture);
      const [nav, supply] = [await vault.nav(), await vault.totalSupply()];

      const start = await execute(fixture, signed, []);

      // {share} = 100,000 USD * 0.997 * supply / NAV
      const shares = (100_000n * WHOLE * 9970n * supply) / (nav * 10_000n);
      const [sequence, head] = await vault.ledger();
      await expect(start)
        .to.emit(vault, "DepositsStruck")
        .withArgs(2, 100_000n * USDC, shares, nav, supply, 30, sequence, head);
    });

    it("shows what a start of the next week would take from deposits", async function () {
      const fixture = get();
      await requestDeposit(fixture, "bob", 100_000n * USDC);

      // Monday noon belongs to week 2696; its requests are due in the next.
      expect([await fixture.vault.swingDue(2696), await fixture.vault.swingDue(2697)]).to.deep.equal([0n, 30n]);
    });
  });

  describe("when the fund left the market, with requests of both times", function () {
    // 100,000 of 1,000,000 shares were asked for in the market: 30 bps.
    stage(get, async (fixture) => {
      await investedFund(fixture);
      await requestRedeem(fixture, "alice", 100_000n * WHOLE);
    });

    it("stays what it was when the epoch opened", async function () {
      const fixture = get();
      const [, before] = await swingsOf(fixture);

      await requestRedeem(fixture, "alice", 10n * WHOLE);

      expect([before, (await swingsOf(fixture))[1]]).to.deep.equal([30n, 30n]);
    });

    it("is fixed anew for the epoch of the next week", async function () {
      const fixture = get();
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const signed = await publish(fixture, "bear", { "usd-coin": 1_000_000 });
      await execute(fixture, signed, []);

      // In bear only the measured cost counts: the one rebalance that entered.
      const [, next] = await swingsOf(fixture);
      expect(next).to.be.within(1n, 29n);
    });
  });

  describe("after several rebalances in stablecoins", function () {
    let costs: bigint[] = [];

    // The first turns some USDC into DAI, whose pool keeps 0.01 % or more.
    stage(get, async (fixture) => {
      costs = [];
      await pegDai(fixture);
      await depositNow(fixture, "alice", 1_000_000n * USDC);
      costs.push(await bearWeek(fixture, 0, 500_000n * USDC));
      for (let week = 1; week < 4; week++) costs.push(await bearWeek(fixture, week, 0n));
    });

    it("is the mean cost of the last four, rounded up", async function () {
      const fixture = get();
      const sum = costs.reduce((total, cost) => total + cost, 0n);

      expect(costs.slice(1)).to.deep.equal([0n, 0n, 0n]);
      expect(sum).to.be.above(0n);
      expect(await swingsOf(fixture)).to.deep.equal([(sum + 3n) / 4n, (sum + 3n) / 4n]);
    });

    it("forgets the fifth", async function () {
      const fixture = get();

      await bearWeek(fixture, 4, 0n);

      expect(await swingsOf(fixture)).to.deep.equal([0n, 0n]);
    });

    it("is taken by a strike in stablecoins both ways", async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      const [swing = 0n] = await swingsOf(fixture);

      await depositNow(fixture, "bob", 1000n * USDC);
      await requestRedeem(fixture, "bob", await vault.balanceOf(people.bob));
      await rebalancer.strikeInStablecoins();

      // 1,000 USDC less twice the swing, and a thousandth of what bob himself left behind
      const kept = (1000n * USDC * (10_000n - swing) ** 2n) / 10n ** 8n;
      expect(swing).to.be.above(0n);
      expect(await vault.maxWithdraw(people.bob)).to.be.within(kept - 1n, kept + (1000n * USDC - kept) / 900n);
    });
  });

  describe("when everybody leaves", function () {
    stage(get, async (fixture) => {
      await pegDai(fixture);
      await depositNow(fixture, "alice", 1_000_000n * USDC);
      await bearWeek(fixture, 0, 500_000n * USDC);
      const at = unixSeconds(MONDAY + WEEK + HOUR);
      await fixture.market.moveTo({ prices: new Map([["dai", 0.98]]), at, steps: 1 }); // one stablecoin may be all again
      const back = await publish(fixture, "bear", { "usd-coin": 1_000_000 });
      await executeAndFinish(fixture, back, await sales(fixture, ["dai"]));
    });

    it("is not taken, for nobody stays", async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      await requestRedeem(fixture, "alice", 1_000_000n * WHOLE);
      const nav = await vault.nav();

      const strike = await rebalancer.strikeInStablecoins();

      const [line] = await linesOf(fixture, strike, "RedemptionsStruck");
      expect([line?.["swing"], line?.["assets"]]).to.deep.equal([0n, nav / 10n ** 12n]);
      expect(await vault.maxWithdraw(people.alice)).to.equal(nav / 10n ** 12n);
    });

    it("lets the next one begin at a share a USD, without a swing", async function () {
      const fixture = get();
      const { vault, people, rebalancer } = fixture;
      await requestRedeem(fixture, "alice", 1_000_000n * WHOLE);
      await rebalancer.strikeInStablecoins();

      await depositNow(fixture, "bob", 5n * USDC);

      expect(await vault.balanceOf(people.bob)).to.equal(5n * WHOLE);
    });
  });
});
