// Tests of src/research/costs.ts and grades.ts on a panel of three coins, by hand.
import { expect } from "chai";
import type { Composition } from "../../../src/research/compose.ts";
import { weeklyCosts } from "../../../src/research/costs.ts";
import { gradesOf, percentiles, ranksOf } from "../../../src/research/grades.ts";
import type { MarketPath } from "../../../src/research/market-path.ts";
import type { Panel } from "../../../src/research/panel.ts";
import { predictiveValues } from "../../../src/research/predictive-value.ts";
import { placeboOf } from "../../../src/research/placebo.ts";
import { weeklyCosts as costsOfWeeks, BASELINE_COSTS } from "../../../src/research/costs.ts";
import { HOLD } from "../../../src/research/deciders/trend.ts";
import { evaluate } from "../../../src/research/evaluate.ts";
import { methodologyRules } from "../../../src/research/rules.ts";
import { isoDate } from "../../../src/core/time.ts";
import { SIMULATED_DATA, pathOf, pathOfLevels } from "../../research-data.ts";
import { expectClose } from "../../close.ts";

/** Closes by week and coin; every coin trades 1,000,000 USD a day. */
function panelOfCloses(closes: readonly (readonly number[])[]): Panel {
  const coins = closes[0]?.length ?? 0;
  const flat = Float64Array.from(closes.flat());
  const panel = SIMULATED_DATA.panels[0] as Panel;
  return {
    ...panel,
    coinIds: ["a", "b", "c", "d"].slice(0, coins),
    weeks: closes.length,
    columns: { ...panel.columns, close: flat, price: flat, volume: flat.map(() => 1e6) },
  };
}

function pathOfWeights(panel: Panel, weights: readonly (readonly number[])[]): MarketPath {
  const compositions = weights.map((own, week): Composition => {
    return { panel, week, coins: own.map((_, coin) => coin), weights: own };
  });
  return { ...pathOfLevels(weights.map(() => 100)), compositions };
}

const TRADED = { kind: "traded", feeBps: 30, spreadBps: 20, impactBps: 100, gasUsd: 2, navUsd: 1e6 } as const;

describe("weeklyCosts", function () {
  it("charges a switch with fee, half the spread, impact by the root of the volume's share, and gas", function () {
    const path = pathOfWeights(panelOfCloses([[1, 1]]), [[0.64, 0.36]]);

    // 0.64 * (30 + 10 + 100 * 0.8) + 0.36 * (30 + 10 + 100 * 0.6) bps + 2 * 2 USD of 1e6
    const expected = (0.64 * 120 + 0.36 * 100) / 10_000 + 4e-6;
    expectClose(weeklyCosts(path, TRADED).ofSwitch[0], expected, 1e-15);
  });

  it("charges staying with the trades that leave the band, after the drift of prices", function () {
    // b doubles: 0.5/0.5 drifts to 1/3 and 2/3; both targets are 0.5 again, more than a fifth away.
    const far = pathOfWeights(
      panelOfCloses([
        [1, 1],
        [1, 2],
      ]),
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    );
    // b gains 10 %: 0.476 and 0.524 lie within a fifth of 0.5.
    const near = pathOfWeights(
      panelOfCloses([
        [1, 1],
        [1, 1.1],
      ]),
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    );

    const size = 1 / 6;
    const expected = 2 * ((size * (40 + 100 * Math.sqrt(size))) / 10_000 + 2e-6);
    expectClose(weeklyCosts(far, TRADED).ofStaying[1], expected, 1e-15);
    expect(weeklyCosts(near, TRADED).ofStaying[1]).to.equal(0);
  });
});

describe("grades", function () {
  it("share ranks among equals and leave out what is unknown", function () {
    expect([...ranksOf([3, 1, Number.NaN, 3, 2])]).to.deep.equal([3.5, 1, Number.NaN, 3.5, 2]);
    expect([...percentiles([3, 1, Number.NaN, 2])]).to.deep.equal([1, 0, Number.NaN, 0.5]);
  });

  it("are half place among the others and half own trend", function () {
    // a rises steadily, b is flat, c falls and swings, d is listed too late.
    const closes = Array.from({ length: 11 }, (_, week) => [
      1.1 ** week,
      1,
      0.9 ** week * (week % 2 === 0 ? 1 : 1.02),
      week > 8 ? 1 : Number.NaN,
    ]);
    const composition = {
      panel: panelOfCloses(closes),
      week: 10,
      coins: [0, 1, 2, 3],
      weights: [0.25, 0.25, 0.25, 0.25],
    };

    const [a, b, c, d] = gradesOf(composition, "trader");

    // Return of 4 weeks: a 1, b 0.5, c 0. Calm: b 1; a moves by ln 1.1 = 0.095 a week, c by ln 0.9 ± 0.0198 = 0.107: a 0.5.
    expectClose(a, 100 * (0.5 * 0.75 + 0.5), 1e-9); // all four trend tests say yes
    expectClose(b, 100 * (0.5 * 0.75), 1e-9);
    expectClose(c, 0, 1e-9);
    expect(d).to.deep.equal(Number.NaN);
  });

  it("come with their rank correlations, by year and over all", function () {
    const values = predictiveValues(pathOf(SIMULATED_DATA, methodologyRules()));
    const years = values.filter(({ grade, horizon }) => grade === "trader" && horizon === 1);

    expect(years.map(({ year }) => year)).to.deep.equal(["2021", "2022", "2023", "2024", "all"]);
    const weeks = years.slice(0, -1).reduce((total, year) => total + year.weeks, 0);
    expect(years.at(-1)?.weeks).to.equal(weeks);
    for (const { rank_correlation, interval } of values) {
      expect(rank_correlation).to.be.within(...(interval as [number, number]));
      expect(Math.abs(rank_correlation)).to.be.below(0.5);
    }
  });
});

describe("placeboOf", function () {
  const path = pathOf(SIMULATED_DATA, methodologyRules());
  const range = { from: isoDate("2022-01-02"), to: isoDate("2024-12-29") };
  const setting = { rules: methodologyRules(), costs: BASELINE_COSTS, delayDays: 0, cashRate: 0, range };
  const costs = costsOfWeeks(path, BASELINE_COSTS);

  it("cannot do better or worse than holding when there is nothing to shuffle", function () {
    const evaluation = evaluate(path, { decider: HOLD, exit: undefined }, setting);

    const { sharpe } = placeboOf(path, evaluation, { setting, costs });

    expect([sharpe.low, sharpe.high]).to.deep.equal([evaluation.figures.sharpe, evaluation.figures.sharpe]);
    expect(sharpe.share_as_good).to.equal(1);
  });

  it("is beaten by timing that knows the future", function () {
    const knowing = {
      name: "knowing",
      wishes: ({ weekly }: MarketPath) =>
        Array.from(weekly, (level, w) => ((weekly[w + 1] ?? level) > level ? ("bull" as const) : ("bear" as const))),
    };
    const free = {
      ...setting,
      rules: { ...setting.rules, regime: { ...setting.rules.regime, dwellDays: 0, maxReturns: 999 } },
    };
    const evaluation = evaluate(path, { decider: knowing, exit: undefined }, free);

    expect(placeboOf(path, evaluation, { setting: free, costs }).sharpe.share_as_good).to.equal(0);
  });
});
