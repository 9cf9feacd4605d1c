// Tests of src/research/price-noise.ts: what hangs on exact prices is found, and what does not is left alone.
import { expect } from "chai";
import { isoDate } from "../../../src/core/time.ts";
import type { Decider } from "../../../src/research/deciders/decider.ts";
import { HOLD, ensembleDecider } from "../../../src/research/deciders/trend.ts";
import { BASELINE_COSTS } from "../../../src/research/costs.ts";
import { evaluate } from "../../../src/research/evaluate.ts";
import type { MarketPath } from "../../../src/research/market-path.ts";
import { type PriceTest, noisyPath, priceTests } from "../../../src/research/price-noise.ts";
import { methodologyRules } from "../../../src/research/rules.ts";
import { SIMULATED_DATA, pathOf } from "../../research-data.ts";
import { sampleDeviation } from "../../../src/core/statistics.ts";

const RULES = methodologyRules();
const PATH = pathOf(SIMULATED_DATA, RULES);
const SETTING = {
  rules: RULES,
  costs: BASELINE_COSTS,
  delayDays: 0,
  cashRate: 0,
  range: { from: isoDate("2022-01-02"), to: isoDate("2024-12-29") },
};

/** Bull when the fourth digit of the level is even: nothing but noise. */
const DIGITS: Decider = {
  name: "digits",
  wishes: ({ weekly }: MarketPath) =>
    Array.from(weekly, (level) => (Math.floor(Number(level.toPrecision(4).replace(/\D/g, ""))) % 2 ? "bear" : "bull")),
};

function testsOf(decider: Decider, paths = 20): PriceTest[] {
  const strategy = { decider, exit: undefined };
  return priceTests(PATH, strategy, { evaluation: evaluate(PATH, strategy, SETTING), setting: SETTING, paths });
}

describe("priceTests", function () {
  it("finds nothing that changes for a strategy that looks at no price", function () {
    const base = evaluate(PATH, { decider: HOLD, exit: undefined }, SETTING).figures;

    for (const { share_same_switches, share_within_bounds, same_side_days, cagr } of testsOf(HOLD)) {
      expect([share_same_switches, share_within_bounds, same_side_days]).to.deep.equal([1, 1, 1]);
      expect(cagr).to.deep.equal([base.cagr, base.cagr, base.cagr]); // traded at the true prices
    }
  });

  it("finds that a strategy on the digits of prices is nothing but noise", function () {
    for (const { share_same_switches, same_side_days } of testsOf(DIGITS)) {
      expect(share_same_switches).to.equal(0);
      expect(same_side_days).to.be.within(0.3, 0.9);
    }
  });

  it("changes less of the five votes the smaller the noise", function () {
    const [small, , large] = testsOf(ensembleDecider(RULES.regime));

    expect(small?.noise_bps).to.equal(10);
    expect(large?.noise_bps).to.equal(100);
    expect(small?.same_side_days).to.be.greaterThan(large?.same_side_days ?? 1);
    expect(small?.same_side_days).to.be.greaterThan(0.95);
  });

  it("gives the same figures every time", function () {
    expect(testsOf(DIGITS, 3)).to.deep.equal(testsOf(DIGITS, 3));
  });
});

describe("noisyPath", function () {
  it("moves each close by its own draw of the asked size, and Sundays as their day", function () {
    const { daily, weekly } = noisyPath(PATH, 0.01, 5);
    const moves = [...daily].map((level, day) => Math.log(level / (PATH.daily[day] ?? Number.NaN)));

    expect(sampleDeviation(moves)).to.be.within(0.009, 0.011);
    expect([...weekly]).to.deep.equal([...daily].filter((_, day) => day % 7 === 0));
  });
});
