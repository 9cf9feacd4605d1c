import { expect } from "chai";

import { planLimitsSchema } from "../../../src/plan/limits.ts";
import { planRebalance } from "../../../src/plan/plan.ts";
import { recoveryOf } from "../../../src/plan/recovery.ts";
import { SHARES, market } from "./executable.ts";
import { UNI, WETH, fullRangePool, inputOf, poolsOf, units, usd } from "./support.ts";

/** UNI, half a million USD, is sold for the deposit coin. */
const ASSETS = market([0, 500_000, 500_000, 0, 0, 0], [500_000, 500_000, 0, 0, 0, 0]);
const OTHERS = poolsOf(ASSETS).filter(({ address }) => address !== fullRangePool(UNI, WETH).address);
/** The pool's price falls by 2.8 % at most: half of that off the root, so 1.4 % of the 10 M USD on its side. */
const THIN = fullRangePool({ ...UNI, depth: usd(10_000_000) }, WETH);

describe("a schedule", function () {
  it("has no tranches when the pools take everything at once", function () {
    const plan = planRebalance(inputOf({ assets: ASSETS, supply: SHARES }));

    expect(plan.schedule).to.deep.equal({ tranches: [], unfilled: 0n });
  });

  it("sells the rest once the pool has recovered, part by part, until nothing is left", function () {
    const input = inputOf({ assets: ASSETS, supply: SHARES }, { pools: [...OTHERS, { ...THIN, tradeGap: 30 }] });

    const { legs, schedule } = planRebalance(input);

    const parts = [legs, ...schedule.tranches.map((tranche) => tranche.legs)].map((part) =>
      part.filter(({ soldSymbol }) => soldSymbol === "UNI").reduce((sum, { amount }) => sum + amount, 0n),
    );
    // 500,000 USD in parts of about 142,000: four
    expect(parts.length).to.equal(4);
    expect(parts.reduce((sum, part) => sum + part, 0n)).to.equal(units(UNI, usd(500_000)) - 1n);
    expect(schedule.tranches.map(({ after }) => after)).to.deep.equal([300, 600, 900]); // ten times 30 seconds each
    expect(schedule.unfilled).to.equal(0n);
  });

  it("states an hour for a pool that keeps no history, and plans no further than a day", function () {
    const thin = fullRangePool({ ...UNI, depth: usd(600_000) }, WETH);
    const input = inputOf({ assets: ASSETS, supply: SHARES }, { pools: [...OTHERS, thin] });

    const { schedule } = planRebalance(input);

    // 8,500 USD an hour
    expect(schedule.tranches.at(-1)?.after).to.equal(24 * 3600);
    expect(new Set(schedule.tranches.map(({ recovery }) => recovery.basis))).to.deep.equal(new Set(["assumed"]));
    expect(schedule.unfilled > usd(250_000) && schedule.unfilled < usd(300_000)).to.equal(true);
  });

  it("splits a leg whose impact is above the limit, whatever the contracts allow", function () {
    const pools = [...OTHERS, { ...THIN, tradeGap: 60 }];
    const limits = planLimitsSchema.parse({ maxImpact: 50 });

    const { legs, schedule } = planRebalance(inputOf({ assets: ASSETS, supply: SHARES }, { pools, limits }));

    const all = [...legs, ...schedule.tranches.flatMap((tranche) => tranche.legs)];
    expect(Math.max(...all.map(({ impactBps }) => impactBps))).to.equal(50);
    expect(schedule.tranches.length).to.be.greaterThan(6); // half a per cent of 10 M USD a time
  });

  it("is part of what the hash stands for", function () {
    const planWith = (tradeGap: number) =>
      planRebalance(inputOf({ assets: ASSETS, supply: SHARES }, { pools: [...OTHERS, { ...THIN, tradeGap }] }));

    expect(planWith(30).hash).to.not.equal(planWith(60).hash);
    expect(planWith(30).hash).to.equal(planWith(30).hash);
  });
});

describe("recoveryOf", function () {
  it("is ten times the mean time between trades, a minute at least", function () {
    expect(recoveryOf({ tradeGap: 90 })).to.deep.equal({ seconds: 900, basis: "history" });
    expect(recoveryOf({ tradeGap: 1 })).to.deep.equal({ seconds: 60, basis: "history" });
  });

  it("is an hour without a history", function () {
    expect(recoveryOf({})).to.deep.equal({ seconds: 3600, basis: "assumed" });
  });
});
