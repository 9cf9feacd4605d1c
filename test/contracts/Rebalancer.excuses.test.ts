import { expect } from "chai";

import { thinPool } from "./support/bad-faith.ts";
import { advanceTo, type Fixture, HOUR, MONDAY, refreshTo, USDC, useFixture, WHOLE, WEEK } from "./support/fixture.ts";
import { linesOf } from "./support/reading.ts";
import {
  batchFrom,
  execute,
  executeAndFinish,
  finish,
  held,
  type Leg,
  leg,
  publish,
  sales,
  type Signed,
} from "./support/rebalance.ts";
import { depositNow, enterBull, investedFund, publishBull } from "./support/situations.ts";

const PAIR = { "usd-coin": 800_000, alpha: 200_000 } as const;

/** Runs one leg that is left out, and expects that the asset must still reach its band. */
async function expectUnexcused(fixture: Fixture, signed: Signed, failing: Leg): Promise<void> {
  await execute(fixture, signed, [failing]);
  const { exceptions, skipped } = await fixture.rebalancer.running();
  expect([exceptions, skipped]).to.deep.equal([0n, 1n]);
  await expect(finish(fixture, signed)).to.be.revertedWithCustomError(fixture.rebalancer, "AssetOutsideBand");
}

describe("Attack: a keeper excuses an asset by a leg that must fail", function () {
  describe("when it should be bought", function () {
    let signed: Signed;
    const get = useFixture(async (fixture) => {
      await depositNow(fixture, "alice", 1_000_000n * USDC);
      await advanceTo(fixture, MONDAY + 60);
      signed = await publishBull(fixture, PAIR);
    });
    const buy = (trade: bigint | readonly [bigint, bigint]): Leg => leg(get(), ["usd-coin", "alpha"], trade);

    it("not by a minimum above the floor", async function () {
      // 1,000 USD are 50 alpha, of which the pool keeps 0.05 %.
      await expectUnexcused(get(), signed, buy([1000n * USDC, 50n * WHOLE]));
    });

    it("not by an amount of zero", async function () {
      await expectUnexcused(get(), signed, buy(0n));
    });

    it("not by more than is held", async function () {
      await expectUnexcused(get(), signed, buy(1_000_000n * USDC));
    });

    it("not by more than the target", async function () {
      await expectUnexcused(get(), signed, buy(300_000n * USDC));
    });

    it("not by a pool that is not listed", async function () {
      await expectUnexcused(get(), signed, {
        ...buy(1000n * USDC),
        pool: (await thinPool(get(), "alpha")) as `0x${string}`,
      });
    });

    it("not by more than a pool can take", async function () {
      const fixture = get();
      const pool = (await thinPool(fixture, "alpha")) as `0x${string}`;
      await fixture.venue.connect(fixture.people.owner).listPool(pool);

      await expectUnexcused(fixture, signed, { ...buy(1000n * USDC), pool });
    });

    it("but by a token that does not move", async function () {
      const fixture = get();
      await fixture.market.freezeToken("alpha");

      await execute(fixture, signed, [buy(1000n * USDC)]);

      const { exceptions } = await fixture.rebalancer.running();
      expect(exceptions).to.equal(1n << BigInt(fixture.fund.indexOf("alpha")));
    });

    it("but while it is closed for buying", async function () {
      const fixture = get();
      await fixture.venue.connect(fixture.people.guardian).closeAsset(fixture.fund.indexOf("alpha"));

      await executeAndFinish(fixture, signed, [buy(1000n * USDC)]);

      expect((await fixture.rebalancer.running()).id).to.equal(0);
    });
  });

  describe("when it should be sold", function () {
    let signed: Signed;
    const get = useFixture(async (fixture) => {
      await depositNow(fixture, "alice", 1_000_000n * USDC);
      await advanceTo(fixture, MONDAY + 60);
      await enterBull(fixture, 1_000_000n * USDC, PAIR);
      signed = await publish(fixture, "bear");
    });

    it("not by a minimum above the floor", async function () {
      // 100 alpha are 2,000 USD.
      await expectUnexcused(get(), signed, leg(get(), ["alpha", "usd-coin"], [100n * WHOLE, 2000n * USDC]));
    });

    it("not by more than is held", async function () {
      await expectUnexcused(get(), signed, leg(get(), ["alpha", "usd-coin"], await held(get(), "alpha")));
    });

    it("not by naming it beside an asset without a price", async function () {
      const fixture = get();
      const weights = { "usd-coin": 800_000, alpha: 100_000, bitcoin: 100_000 };
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const bull = await publishBull(fixture, weights);
      fixture.market.stopFeed("bitcoin"); // last answer Monday 00:01, stale after 25 hours
      await refreshTo(fixture, MONDAY + WEEK + 26 * HOUR);
      const beside = { ...leg(fixture, ["alpha", "usd-coin"], WHOLE), bought: fixture.fund.indexOf("bitcoin") };

      await execute(fixture, bull, [beside]);

      const { exceptions } = await fixture.rebalancer.running();
      expect(exceptions).to.equal(1n << BigInt(fixture.fund.indexOf("bitcoin")));
    });

    it("not during a pause, by naming it as bought", async function () {
      const fixture = get();
      const { venue, people, market } = fixture;
      await refreshTo(fixture, MONDAY + WEEK + 60);
      const bull = await publishBull(fixture, { "usd-coin": 900_000, alpha: 100_000 });
      await venue.connect(people.guardian).pauseBuying((await market.chain.now()) + 2 * HOUR);

      await expectUnexcused(fixture, bull, leg(fixture, ["usd-coin", "alpha"], 1000n * USDC));
    });
  });
});

describe("Rebalancer: what is missing when a start closes a rebalance", function () {
  const get = useFixture(investedFund);

  it("is recorded by the indexes of the assets outside their band", async function () {
    const fixture = get();
    const { vault, fund } = fixture;
    const first = await publish(fixture, "bear");
    await execute(fixture, first, await sales(fixture, ["bitcoin", "beta", "gamma"]));
    const next = await publish(fixture, "bear");

    const sent = await execute(fixture, next, []);

    // Sold are three of six; gamma is now ether in transit, asset 255, which must not be left either.
    const outside = ["alpha", "delta", "binancecoin"].map((coinId) => BigInt(fund.indexOf(coinId)));
    const [line] = await linesOf(fixture, sent, "RebalanceClosed");
    await expect(sent)
      .to.emit(vault, "RebalanceClosed")
      .withArgs(
        first.target.id,
        "superseded",
        [...outside.toSorted((a, b) => Number(a - b)), 255n],
        line?.["sequence"],
        line?.["head"],
      );
  });

  it("may be tried again until the deadline", async function () {
    const fixture = get();
    const signed = await publish(fixture, "bear");
    await fixture.market.freezeToken("alpha");
    await execute(fixture, signed, await sales(fixture, ["alpha"]));
    await fixture.market.thawToken("alpha");

    await execute(fixture, signed, batchFrom(1, await sales(fixture, ["alpha"])));

    expect(await held(fixture, "alpha")).to.equal(1);
  });
});
