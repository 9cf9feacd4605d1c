// Turns the index's path into gauges that stand beside the regime without deciding on it.
import { relativeMetrics } from "./benchmark.ts";
import { breadthOf } from "./deciders/breadth.ts";
import { scoreOf } from "../regime/ensemble.ts";
import { type RegimeParameters, weeksNeeded } from "../regime/parameters.ts";
import { castVotes } from "../regime/votes.ts";
import { sampleDeviation } from "../core/statistics.ts";
import type { OutsideSeries } from "../market/outside-series.ts";
import type { FundRun } from "./fund.ts";
import type { Gauge } from "./gauge.ts";
import { type HitRate, hitRateOf } from "./hit-rate.ts";
import type { MarketPath } from "./market-path.ts";
import { WEEKS_PER_YEAR } from "./metrics.ts";
import { outsideGauges } from "./outside-gauges.ts";

/** A gauge over the weeks of a run, and how often it foretold the next one there. */
export type JudgedGauge = Gauge & {
  /** {1} */
  readonly hitRate: HitRate;
};

/** {week} */
const VOLATILITY_WEEKS = 13;
const BETA_WEEKS = 52;

/** What gauges are computed from. */
export type GaugeInput = {
  readonly path: MarketPath;
  readonly run: Pick<FundRun, "firstWeek" | "dates">;
  readonly parameters: RegimeParameters;
  readonly outside: OutsideSeries;
};

/**
 * Score of the votes, breadth of both grades, volatility of a quarter, funding, open interest and fear & greed over the
 * weeks of a run. Each reading is one of the week's close; it is judged by the index's week after it.
 */
export function gaugesOf({ path, run, parameters, outside }: GaugeInput): JudgedGauge[] {
  const weeks = { firstDay: path.firstDay, count: path.weekly.length };
  const range = { first: run.firstWeek, last: run.firstWeek + run.dates.length };
  return [...ownGauges(path, parameters), ...outsideGauges(weeks, outside)].map((gauge) => ({
    ...gauge,
    values: run.dates.map((_, i) => gauge.values[run.firstWeek + 1 + i] ?? Number.NaN),
    hitRate: hitRateOf(gauge.values, path.weekly, range),
  }));
}

/** The gauges that the index's own path gives. */
function ownGauges(path: MarketPath, parameters: RegimeParameters): Gauge[] {
  const breadth = "share of the index's coins with a grade of 60 or more";
  return [
    {
      name: "score of the votes",
      unit: "share",
      definition: "share of the regime's votes that say yes",
      values: scoresOf(path, parameters),
    },
    {
      name: "breadth of trader grades",
      unit: "share",
      definition: breadth,
      values: [...breadthOf(path, "trader")],
    },
    {
      name: "breadth of investor grades",
      unit: "share",
      definition: breadth,
      values: [...breadthOf(path, "investor")],
    },
    {
      name: "volatility of 13 weeks, annual",
      unit: "share",
      definition: "sd of the index's last 13 weekly returns (n-1) * sqrt(52)",
      values: Array.from(path.weekly, (_, week) => volatilityAt(path, week)),
    },
  ];
}

function scoresOf(path: MarketPath, parameters: RegimeParameters): number[] {
  const needed = weeksNeeded(parameters);
  return Array.from(path.weekly, (_, week) => {
    const levels = [...path.weekly.subarray(Math.max(0, week + 1 - needed), week + 1)];
    return scoreOf(castVotes(levels, parameters)) ?? Number.NaN;
  });
}

function volatilityAt({ weekly }: MarketPath, week: number): number {
  if (week < VOLATILITY_WEEKS) return Number.NaN;
  const levels = weekly.subarray(week - VOLATILITY_WEEKS, week + 1);
  const returns = Array.from(levels.subarray(1), (level, i) => level / (levels[i] ?? Number.NaN) - 1);
  return sampleDeviation(returns) * Math.sqrt(WEEKS_PER_YEAR);
}

/** Beta to the index over the last 52 weeks, a week each. */
export function rollingBeta(returns: readonly number[], index: readonly number[]): number[] {
  return returns.map((_, i) => {
    if (i + 1 < BETA_WEEKS) return Number.NaN;
    const [from, to] = [i + 1 - BETA_WEEKS, i + 1];
    const pair = { returns: returns.slice(from, to), benchmark: index.slice(from, to) };
    return relativeMetrics(pair, WEEKS_PER_YEAR).beta;
  });
}
