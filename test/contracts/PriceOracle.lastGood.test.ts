import { expect } from "chai";

import { impersonate, pushPool } from "./support/bad-faith.ts";
import { advanceBy, type Fixture, HOUR, now, useFixture, WHOLE, WIDE } from "./support/fixture.ts";
import { deepPool, execute, publish, sales } from "./support/rebalance.ts";
import { investedFund } from "./support/situations.ts";

/** {s} */
const DAY = 24 * HOUR;

async function lastOf({ oracle, fund }: Fixture, coinId: string): Promise<bigint> {
  const index = fund.indexOf(coinId);
  return (await oracle.lastGood(1n << BigInt(index)))[index] ?? 0n;
}

/** Says, as the rebalancer, what a strike believed. */
async function keep(fixture: Fixture, prices: Readonly<Record<string, bigint>>): Promise<void> {
  const rebalancer = await impersonate(fixture, fixture.rebalancer);
  const pairs = Object.entries(prices).map(([coinId, price]) => [fixture.fund.indexOf(coinId), price] as const);
  const ordered = pairs.toSorted((a, b) => a[0] - b[0]);
  const set = ordered.reduce((sum, [index]) => sum | (1n << BigInt(index)), 0n);
  await fixture.oracle.connect(rebalancer).keep(
    set,
    ordered.map(([, price]) => price),
  );
}

describe("PriceOracle: last good prices", function () {
  // Bitcoin 50,000, alpha 20, delta 100 and BNB 500 USD by feeds, beta 2 and gamma 5 USD by pools; all of them held.
  const get = useFixture(investedFund);

  it("are those of the last strike", async function () {
    const fixture = get();

    // 50,000e18 has 76 binary digits, of which 24 are kept, rounded up: by less than one part in 2^23.
    const exact = 50_000n * WHOLE;
    expect(await lastOf(fixture, "bitcoin")).to.be.within(exact, exact + exact / 2n ** 23n);
  });

  it("are kept eight a word", async function () {
    const fixture = get();
    const alpha = fixture.fund.indexOf("alpha");
    await advanceBy(fixture, DAY);
    await keep(fixture, { alpha: 4096n });

    const { known, words } = await fixture.oracle.kept();

    // Below 2^24 a number stands as it is, in 32 bits.
    const shift = BigInt((alpha % 8) * 32);
    expect(((words[Math.floor(alpha / 8)] ?? 0n) >> shift) & 0xffff_ffffn).to.equal(4096n);
    expect((known >> BigInt(alpha)) & 1n).to.equal(1n);
  });

  it("are rounded up to 24 binary digits", async function () {
    const fixture = get();
    await advanceBy(fixture, DAY);

    await keep(fixture, { alpha: 2n ** 64n + 1n });

    // 2^64 + 1 has 65 digits: 41 are dropped, and the last of those kept goes up.
    expect(await lastOf(fixture, "alpha")).to.equal(2n ** 64n + 2n ** 41n);
  });

  it("carry when all kept digits are ones", async function () {
    const fixture = get();
    await advanceBy(fixture, DAY);

    await keep(fixture, { alpha: 2n ** 70n - 1n });

    expect(await lastOf(fixture, "alpha")).to.equal(2n ** 70n);
  });

  it("are kept by nobody but the rebalancer", async function () {
    const { oracle, people } = get();

    await expect(oracle.connect(people.owner).keep(1, [1n]))
      .to.be.revertedWithCustomError(oracle, "CallerNotRebalancer")
      .withArgs(people.owner);
  });

  it("stay where there is no fresh price", async function () {
    const fixture = get();
    const before = await lastOf(fixture, "alpha");
    await advanceBy(fixture, DAY);

    await keep(fixture, { alpha: 0n, bitcoin: 60_000n * WHOLE });

    expect(await lastOf(fixture, "alpha")).to.equal(before);
  });

  describe("of an asset with a feed", function () {
    it("follow it wherever it goes", async function () {
      const fixture = get();
      await advanceBy(fixture, DAY);

      await keep(fixture, { alpha: 1024n });

      expect(await lastOf(fixture, "alpha")).to.equal(1024);
    });
  });

  describe("of an asset that a pool prices", function () {
    it("fall by a quarter at most", async function () {
      const fixture = get();
      const before = await lastOf(fixture, "beta");
      await advanceBy(fixture, DAY);

      await keep(fixture, { beta: 1n });

      const floor = (before * 3n + 3n) / 4n;
      expect(await lastOf(fixture, "beta")).to.be.within(floor, floor + floor / 2n ** 23n);
    });

    it("rise by a quarter at most", async function () {
      const fixture = get();
      const before = await lastOf(fixture, "beta");
      await advanceBy(fixture, DAY);

      await keep(fixture, { beta: 1000n * WHOLE });

      const ceiling = (before * 5n) / 4n;
      expect(await lastOf(fixture, "beta")).to.be.within(ceiling, ceiling + ceiling / 2n ** 23n);
    });

    it("do not move twice within a day, however often somebody strikes", async function () {
      const fixture = get();
      await advanceBy(fixture, DAY);
      await keep(fixture, { beta: 1n });
      const once = await lastOf(fixture, "beta");

      for (let i = 0; i < 5; i++) await keep(fixture, { beta: 1n });
      await advanceBy(fixture, DAY - 60);
      await keep(fixture, { beta: 1n });

      expect(await lastOf(fixture, "beta")).to.equal(once);
    });
  });

  describe("of an asset that is no longer held", function () {
    it("are forgotten at the next strike, so that they bind no later purchase", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear");
      await execute(fixture, signed, await sales(fixture, ["beta"]));
      await advanceBy(fixture, DAY);

      await keep(fixture, { alpha: 20n * WHOLE });

      expect(await lastOf(fixture, "beta")).to.equal(0);
    });

    it("begin anew, at any price", async function () {
      const fixture = get();
      const signed = await publish(fixture, "bear");
      await execute(fixture, signed, await sales(fixture, ["beta"]));
      await keep(fixture, { alpha: 20n * WHOLE });

      await keep(fixture, { beta: 4096n });

      expect(await lastOf(fixture, "beta")).to.equal(4096);
    });
  });

  describe("when a source is replaced", function () {
    it("are what a new feed says, whatever the old source said last", async function () {
      const fixture = get();
      const { oracle, people, ethers, fund } = fixture;
      const feed = await ethers.deployContract("MockFeed", ["ALP / USD", 18]);
      await feed.setAnswer(4096n, await now(fixture));

      await oracle.connect(people.owner).setFeed(fund.indexOf("alpha"), feed, 1000, WIDE);

      expect(await lastOf(fixture, "alpha")).to.equal(4096);
    });

    it("are what a new pool says", async function () {
      const fixture = get();
      const { oracle, people, fund, market } = fixture;
      await pushPool(fixture, "beta", [2n, 1n]); // four times the price
      await advanceBy(fixture, HOUR);
      const pool = deepPool(market.coin("beta")).address;

      await oracle.connect(people.owner).setPool(fund.indexOf("beta"), pool, 0);

      expect(await lastOf(fixture, "beta")).to.be.within((79n * WHOLE) / 10n, (81n * WHOLE) / 10n);
    });

    it("do not come into being for an asset that is not held", async function () {
      const fixture = get();
      const { oracle, people, ethers, fund } = fixture;
      const feed = await ethers.deployContract("MockFeed", ["DAI / USD", 18]);
      await feed.setAnswer(WHOLE, await now(fixture));

      await oracle.connect(people.owner).setFeed(fund.indexOf("dai"), feed, 1000, WIDE);

      expect(await lastOf(fixture, "dai")).to.equal(0);
    });
  });
});
