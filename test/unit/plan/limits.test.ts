// Tests of src/plan/limits.ts, and of what a plan makes of the contracts' limits.
import { expect } from "chai";

import { bps } from "../../../src/core/units.ts";
import { exitLimit } from "../../../src/plan/limits.ts";
import { type PlanInput, planRebalance } from "../../../src/plan/plan.ts";
import { BTC, DAI, USDC, WETH, inputOf, units, usd } from "./support.ts";

const HOUR = 3600;

describe("exitLimit", function () {
  it("doubles after an hour and after six, to 10 % at most", function () {
    const limits = [0, HOUR - 1, HOUR, 6 * HOUR - 1, 6 * HOUR, 48 * HOUR].map((elapsed) =>
      exitLimit(bps(300), elapsed),
    );

    expect(limits).to.deep.equal([300, 300, 600, 600, 1000, 1000]);
  });

  it("takes a limit that was raised, and none that was lowered", function () {
    expect([exitLimit(bps(500), 0), exitLimit(bps(500), HOUR)]).to.deep.equal([500, 1000]);
    expect([exitLimit(bps(150), 0), exitLimit(bps(150), HOUR)]).to.deep.equal([300, 600]);
  });
});

describe("planRebalance, by the limit that holds", function () {
  /** 1,000,000 USD of bitcoin to be sold, on a pool with 5,000,000 USD a side. */
  function sale(change: Partial<PlanInput>, priceLimit?: number): PlanInput {
    const bitcoin = { ...BTC, depth: usd(5_000_000), balance: units(BTC, usd(1_000_000)) };
    const assets = [
      { ...USDC, weight: 1_000_000, balance: units(USDC, usd(1_000_000)) },
      WETH,
      { ...bitcoin, ...(priceLimit === undefined ? {} : { priceLimit }) },
      DAI,
    ];
    return inputOf({ assets, supply: usd(2_000_000) }, change);
  }

  /** {bps} What is sold of the million. */
  function sold(input: PlanInput): number {
    return planRebalance(input).legs.reduce((sum, { value }) => sum + Number((value * 10_000n) / usd(1_000_000)), 0);
  }

  /**
   * A part f of a side, fee apart, moves the root of the price by 1 / (1 + f): 1.4 % are half of a move of 2.8 %, and
   * f = 0.01420 is 71,000 USD, with the fee of 0.3 % on top 71,200.
   */
  it("sells what moves the pool by 2.8 % at first", function () {
    expect(sold(sale({ regime: "bear" }))).to.be.within(710, 714);
  });

  it("sells twice as much in an exit after an hour, and more after six", function () {
    // 2.8 %: f = 0.02881, and 144,500 USD
    expect(sold(sale({ regime: "bear", elapsed: HOUR }))).to.be.within(1442, 1448);
    // 2.8 % * 1000 / 300 = 9.33 % and half of it 4.665 %: f = 0.04893, and 245,400 USD
    expect(sold(sale({ regime: "bear", elapsed: 6 * HOUR }))).to.be.within(2450, 2458);
  });

  it("sells no more in bull, however long it takes", function () {
    expect(sold(sale({ regime: "bull", elapsed: 6 * HOUR }))).to.be.within(710, 714);
  });

  it("goes by the limit of the asset in bull", function () {
    // 1.4 % and half of it 0.7 %: f = 0.00705, and 35,350 USD; 4.66 % and half 2.33 %: f = 0.02386, and 119,600 USD
    expect(sold(sale({ regime: "bull" }, 150))).to.be.within(352, 355);
    expect(sold(sale({ regime: "bull" }, 500))).to.be.within(1193, 1199);
  });
});
