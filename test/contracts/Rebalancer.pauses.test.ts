import { expect } from "chai";

import { advanceTo, BULL, type Fixture, HOUR, MONDAY, now, stage, USDC, useFixture } from "./support/fixture.ts";
import { reasonsOf } from "./support/reading.ts";
import { batchFrom, execute, held, leg, poolOf, publish, sales, type Signed } from "./support/rebalance.ts";
import { depositNow, investedFund, publishBull } from "./support/situations.ts";

const FAILED = "swap failed or below minimum";
const CLOSED = "closed for buying";

/** Everything that a guardian can do against trading. */
async function closeEverything(fixture: Fixture): Promise<void> {
  const { venue, people, fund } = fixture;
  const guardian = venue.connect(people.guardian);
  await guardian.pauseBuying((await now(fixture)) + 24 * HOUR);
  for (const coinId of Object.keys(BULL)) {
    await guardian.closeAsset(fund.indexOf(coinId));
    await guardian.lowerLimit(fund.indexOf(coinId), 150);
    if (coinId !== "usd-coin") await guardian.closePool(poolOf(fixture, coinId));
  }
  await guardian.closePool(poolOf(fixture, "ethereum"));
}

describe("Attack: a guardian in bad faith", function () {
  const get = useFixture(async (fixture) => {
    await investedFund(fixture);
    await closeEverything(fixture);
  });

  it("cannot keep the fund from leaving the market", async function () {
    const fixture = get();
    const risky = Object.keys(BULL).filter((coinId) => coinId !== "usd-coin");
    const signed = await publish(fixture, "bear");

    await execute(fixture, signed, await sales(fixture, risky));
    await execute(fixture, signed, batchFrom(risky.length, await sales(fixture, ["transit"])));

    expect(await fixture.vault.heldSet()).to.equal(1n);
  });
});

describe("Rebalancer: legs out of stablecoins, when the guardian", function () {
  let signed: Signed;
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await advanceTo(fixture, MONDAY + 60);
    signed = await publishBull(fixture);
  });
  const reasons = async (pair: readonly [string, string], usdc: bigint): Promise<readonly unknown[]> =>
    reasonsOf(get(), await execute(get(), signed, [leg(get(), pair, usdc)]));

  describe("has paused buying", function () {
    stage(get, async (fixture) => {
      await execute(fixture, signed, [leg(fixture, ["usd-coin", "transit"], 1000n * USDC)]);
      await fixture.venue.connect(fixture.people.guardian).pauseBuying((await now(fixture)) + HOUR);
    });
    const next = async (pair: readonly [string, string], amount: bigint): Promise<readonly unknown[]> =>
      reasonsOf(get(), await execute(get(), signed, batchFrom(1, [leg(get(), pair, amount)])));

    it("buy no asset", async function () {
      expect(await next(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([CLOSED]);
    });

    it("buy no ether on the way to one", async function () {
      expect(await next(["usd-coin", "transit"], 1000n * USDC)).to.deep.equal([CLOSED]);
    });

    it("still turn ether in transit back", async function () {
      expect(await next(["transit", "usd-coin"], (await held(get(), "transit")) - 1n)).to.deep.equal([]);
    });

    it("buy again when it has ended", async function () {
      await advanceTo(get(), (await now(get())) + HOUR);

      expect(await next(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([]);
    });
  });

  it("has closed an asset, buy the others", async function () {
    const { venue, people, fund } = get();
    await venue.connect(people.guardian).closeAsset(fund.indexOf("alpha"));

    expect(await reasons(["usd-coin", "beta"], 1000n * USDC)).to.deep.equal([]);
  });

  it("has closed an asset, do not buy it", async function () {
    const { venue, people, fund } = get();
    await venue.connect(people.guardian).closeAsset(fund.indexOf("alpha"));

    expect(await reasons(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([CLOSED]);
  });

  it("has closed a pool, do not use it", async function () {
    const { venue, people } = get();
    await venue.connect(people.guardian).closePool(poolOf(get(), "alpha"));

    expect(await reasons(["usd-coin", "alpha"], 1000n * USDC)).to.deep.equal([FAILED]);
  });
});
