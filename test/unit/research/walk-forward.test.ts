// Tests of src/research/walk-forward.ts and search.ts: choices by the past, and aims that are met or missed.
import { expect } from "chai";
import { isoDate } from "../../../src/core/time.ts";
import { BASELINE_COSTS } from "../../../src/research/costs.ts";
import type { Decider } from "../../../src/research/deciders/decider.ts";
import { type Evaluation, type Setting, evaluate } from "../../../src/research/evaluate.ts";
import { BASELINE_RULES } from "../../../src/research/rules.ts";
import { aimsOf } from "../../../src/research/search.ts";
import { walkForward } from "../../../src/research/walk-forward.ts";
import { pathOfLevels } from "../../research-data.ts";
import { expectClose } from "../../close.ts";

// 2018: up and down by turns, more up; 2019: down all the time; 2020: up again.
const LEVELS = [100];
for (let week = 1; week <= 156; week++) {
  const before = LEVELS.at(-1) ?? 100;
  if (week <= 52) LEVELS.push(before * (week % 2 === 0 ? 1.04 : 0.98));
  else LEVELS.push(before * (week <= 104 ? 0.99 : 1.01) * (week % 2 === 0 ? 1.002 : 0.998));
}
const PATH = pathOfLevels(LEVELS);
const SETTING: Setting = {
  rules: BASELINE_RULES,
  costs: BASELINE_COSTS,
  delayDays: 0,
  cashRate: 0,
  range: { from: isoDate("2018-01-07"), to: isoDate("2020-12-27") },
};
const IN: Decider = { name: "in", wishes: ({ weekly }) => Array.from(weekly, () => "bull" as const) };
const OUT: Decider = {
  name: "half-out", // in on every fourth week only, so that its figures are defined
  wishes: ({ weekly }) => Array.from(weekly, (_, w) => (w % 4 === 0 ? "bull" : "bear")),
};

describe("walkForward", function () {
  const trials: Evaluation[] = [IN, OUT].map((decider) => evaluate(PATH, { decider, exit: undefined }, SETTING));
  const setting = { ...SETTING, range: { from: isoDate("2019-01-01"), to: isoDate("2020-12-27") } };
  const { choices, evaluation } = walkForward(PATH, trials, {
    plan: { figure: "martin_ratio" },
    setting,
  });

  it("chooses each year what was best in all weeks before", function () {
    const martin = (weeks: number, i: number): number => {
      const { returns = [] } = trials[i]?.run ?? {};
      let [wealth, peak, squares] = [1, 1, 0];
      for (const value of returns.slice(0, weeks)) {
        wealth *= 1 + value;
        peak = Math.max(peak, wealth);
        squares += (wealth / peak - 1) ** 2;
      }
      return (wealth ** (52 / weeks) - 1) / Math.sqrt(squares / weeks);
    };

    for (const { strategy, weeks, figure } of choices) {
      const best = martin(weeks, 0) > martin(weeks, 1) ? 0 : 1;
      expect([strategy, weeks < 110]).to.deep.equal([trials[best]?.name, true]);
      expectClose(figure, martin(weeks, best), 1e-9);
    }
    expect(choices.map(({ from }) => from)).to.deep.equal(["2019-01-01", "2020-01-01"]);
  });

  it("does what the chosen one does in its year", function () {
    const chosen = trials.find(({ name }) => name === choices[0]?.strategy);
    const first = 7 * 52; // Sunday 2018-12-30

    const own = evaluation.regimes.inMarket.subarray(first, first + 7 * 52);

    expect([...own]).to.deep.equal([...(chosen?.regimes.inMarket.subarray(first, first + 7 * 52) ?? [])]);
    expect(evaluation.run.dates[0]).to.equal("2019-01-06");
  });

  it("looks at no later week when it chooses", function () {
    const shorter = trials.map((trial) => ({
      ...trial,
      run: { ...trial.run, returns: trial.run.returns.map((value, i) => (i < 52 ? value : -0.5)) },
    }));

    const again = walkForward(PATH, shorter, { plan: { figure: "martin_ratio" }, setting });

    expect(again.choices[0]).to.deep.equal(choices[0]);
  });
});

describe("aimsOf", function () {
  it("says of each aim whether it is reached", function () {
    const [base] = [evaluate(PATH, { decider: IN, exit: undefined }, SETTING).figures];
    const figures = { ...base, cagr: 0.4, max_drawdown: -0.5, calmar: 0.8, ulcer_index_pct: 20, switches_per_year: 5 };
    const baseline = { ...base, cagr: 0.33 };
    const hold = { ...base, ulcer_index_pct: 50 };

    const aims = aimsOf({ figures, delayedCagr: 0.37, baseline, hold, pbo: 0.3 });

    expect(aims.map(({ key, isReached }) => [key, isReached])).to.deep.equal([
      ["cagr", true],
      ["max_drawdown", false], // -0.5 is deeper than -0.44
      ["calmar", false],
      ["ulcer_index_pct", true], // 20 of 50 / 2
      ["switches_per_year", true],
      ["delay_cost_share", true], // 1 - 0.37 / 0.4 = 0.075
      ["pbo", false], // under 0.3, not at it
    ]);
  });
});
