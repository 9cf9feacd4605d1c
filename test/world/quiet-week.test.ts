// Tests of src/execute/quiet-week.ts on the fund of the contract tests.
import { expect } from "chai";

import { ppm } from "../../src/core/units.ts";
import { isQuietWeek } from "../../src/execute/quiet-week.ts";
import { planLimitsSchema } from "../../src/plan/limits.ts";
import {
  BEAR,
  type Fixture,
  MONDAY,
  refreshTo,
  USDC,
  useFixture,
  WEEK,
  WEEK_NUMBER,
  type WeightsByCoin,
  WHOLE,
} from "../contracts/support/fixture.ts";
import { publish, weightsOf } from "../contracts/support/rebalance.ts";
import { depositNow, requestDeposit, requestRedeem } from "../contracts/support/situations.ts";

describe("isQuietWeek", function () {
  const get = useFixture(async (fixture) => {
    await depositNow(fixture, "alice", 1_000_000n * USDC);
    await refreshTo(fixture, MONDAY + 1200);
  });

  const isQuiet = (fixture: Fixture, regime: "bear" | "bull" = "bear", parts: WeightsByCoin = BEAR) => {
    const { assets, parts: found } = weightsOf(fixture, parts);
    return isQuietWeek({
      client: fixture.market.chain.publicClient,
      deployment: fixture.fund.deployment(),
      target: {
        id: Number(WEEK_NUMBER) * 8,
        regime,
        weights: { assets, parts: found.map((part) => ppm(Number(part))) },
      },
      limits: planLimitsSchema.parse({}),
    });
  };

  it("is true for a fund in stablecoins that stays there", async function () {
    expect(await isQuiet(get())).to.equal(true);
  });

  it("is false when the fund goes into the market", async function () {
    expect(await isQuiet(get(), "bull")).to.equal(false);
  });

  it("is false when another stablecoin is to be bought", async function () {
    expect(await isQuiet(get(), "bear", { "usd-coin": 500_000, tether: 500_000 })).to.equal(false);
  });

  it("is false while a target is pending", async function () {
    await publish(get(), "bear");

    expect(await isQuiet(get())).to.equal(false);
  });

  for (const [what, ask] of [
    ["deposit", (fixture: Fixture) => requestDeposit(fixture, "bob", 100n * USDC)],
    ["redemption", (fixture: Fixture) => requestRedeem(fixture, "alice", 100n * WHOLE)],
  ] as const) {
    it(`is false when a ${what} is due, and true in the week in which it was asked for`, async function () {
      const fixture = get();
      await ask(fixture);

      expect(await isQuiet(fixture)).to.equal(true);
      await refreshTo(fixture, MONDAY + WEEK + 1200);
      expect(await isQuiet(fixture)).to.equal(false);
    });
  }
});
