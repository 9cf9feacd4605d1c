// Tests of src/execute/rebalance.ts against the contracts' limits: a plan is as wide and as narrow as they are now.
import { expect } from "chai";

import { ppm } from "../../src/core/units.ts";
import { planOnChain } from "../../src/execute/rebalance.ts";
import { planLimitsSchema } from "../../src/plan/limits.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { pushPool } from "../contracts/support/bad-faith.ts";
import {
  advanceBy,
  BEAR,
  type Fixture,
  HOUR,
  MONDAY,
  refreshTo,
  stage,
  USDC,
  useFixture,
  WEEK,
  type WeightsByCoin,
} from "../contracts/support/fixture.ts";
import { reasonsOf } from "../contracts/support/reading.ts";
import { execute, held, publish, type Signed, weightsOf } from "../contracts/support/rebalance.ts";
import { depositNow, enterBull, publishBull } from "../contracts/support/situations.ts";

/** Only alpha's pool will stand away from its feed. */
const HELD: WeightsByCoin = { "usd-coin": 900_000, alpha: 100_000 };
const SOLD: WeightsByCoin = { "usd-coin": 1_000_000 };

async function planOf(fixture: Fixture, { target }: Signed, parts: WeightsByCoin): Promise<Plan> {
  const { assets, parts: found } = weightsOf(fixture, parts);
  const { plan } = await planOnChain({
    client: fixture.market.chain.publicClient,
    deployment: fixture.fund.deployment(),
    target: {
      id: Number(target.id),
      regime: target.regime === 1 ? "bull" : "bear",
      weights: { assets: assets.map(Number), parts: found.map((part) => ppm(Number(part))) },
    },
    limits: planLimitsSchema.parse({}),
  });
  return plan;
}

/** Sends a plan's legs. @returns Why the chain left legs out. */
async function skipsOf(fixture: Fixture, signed: Signed, { legs }: Plan): Promise<unknown> {
  const sent = await execute(
    fixture,
    signed,
    legs.map(({ sold, bought, pool, amount, minimum }) => ({ sold, bought, pool, amount, minimum })),
  );
  return reasonsOf(fixture, sent);
}

describe("planOnChain by the contracts' limits", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await refreshTo(fixture, MONDAY + 60);
    await enterBull(fixture, 1_000_000n * USDC, HELD);
  });

  describe("in an exit with a pool 4.5 % under the feed", function () {
    let signed: Signed;
    stage(get, async (fixture) => {
      signed = await publish(fixture, "bear", BEAR);
      await execute(fixture, signed, []);
      await pushPool(fixture, "alpha", [977n, 1000n]); // 0.977² = 0.9545
    });

    it("sells nothing there at first, as the chain would", async function () {
      expect((await planOf(get(), signed, BEAR)).legs).to.deep.equal([]);
    });

    it("sells all of it after an hour, and the chain takes the legs", async function () {
      const fixture = get();
      await advanceBy(fixture, HOUR);

      const plan = await planOf(fixture, signed, BEAR);

      expect(plan.leftOut).to.deep.equal([]);
      expect(await skipsOf(fixture, signed, plan)).to.deep.equal([]);
      expect(await held(fixture, "alpha")).to.equal(1n);
    });
  });

  describe("in an exit with a pool 7.8 % under the feed", function () {
    let signed: Signed;
    stage(get, async (fixture) => {
      signed = await publish(fixture, "bear", BEAR);
      await execute(fixture, signed, []);
      await pushPool(fixture, "alpha", [96n, 100n]); // 0.96² = 0.9216
    });

    it("waits for six hours", async function () {
      const fixture = get();
      await advanceBy(fixture, 5 * HOUR);

      expect((await planOf(fixture, signed, BEAR)).legs).to.deep.equal([]);
      await advanceBy(fixture, HOUR);
      expect(await skipsOf(fixture, signed, await planOf(fixture, signed, BEAR))).to.deep.equal([]);
      expect(await held(fixture, "alpha")).to.equal(1n);
    });
  });

  describe("outside exits with a pool 1.6 % under the feed", function () {
    let signed: Signed;
    stage(get, async (fixture) => {
      await refreshTo(fixture, MONDAY + WEEK + 60);
      signed = await publishBull(fixture, SOLD);
      await execute(fixture, signed, []);
      await pushPool(fixture, "alpha", [992n, 1000n]); // 0.992² = 0.9841
    });

    it("sells within the ordinary limit", async function () {
      const fixture = get();

      expect(await skipsOf(fixture, signed, await planOf(fixture, signed, SOLD))).to.deep.equal([]);
      expect(await held(fixture, "alpha")).to.equal(1n);
    });

    it("plans no leg that a lowered limit would leave out", async function () {
      const fixture = get();
      const { venue, people, fund } = fixture;
      await venue.connect(people.guardian).lowerLimit(fund.indexOf("alpha"), 150);

      expect((await planOf(fixture, signed, SOLD)).legs).to.deep.equal([]);
    });
  });
});
