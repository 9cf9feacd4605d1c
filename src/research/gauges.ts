// Turns the index's path into gauges that stand beside the regime without deciding on it.
import { relativeMetrics } from "./benchmark.ts";
import { breadthOf } from "./deciders/breadth.ts";
import { scoreOf } from "../regime/ensemble.ts";
import { type RegimeParameters, weeksNeeded } from "../regime/parameters.ts";
import { castVotes } from "../regime/votes.ts";
import { sampleDeviation } from "../core/statistics.ts";
import type { FundRun } from "./fund.ts";
import type { MarketPath } from "./market-path.ts";
import { WEEKS_PER_YEAR } from "./metrics.ts";

/** A gauge at the close of each week of a run; NaN where it cannot be read. */
export type Gauge = { readonly name: string; readonly values: readonly number[] };

/** {week} */
const VOLATILITY_WEEKS = 13;
const BETA_WEEKS = 52;

/** Score of the votes, breadth of both grades, and volatility of a quarter, over the weeks of a run. */
export function gaugesOf(path: MarketPath, run: FundRun, parameters: RegimeParameters): Gauge[] {
  const inRun = (values: ArrayLike<number>): number[] =>
    run.dates.map((_, i) => values[run.firstWeek + 1 + i] ?? Number.NaN);
  const needed = weeksNeeded(parameters);
  const scores = Array.from(path.weekly, (_, week) => {
    const levels = [...path.weekly.subarray(Math.max(0, week + 1 - needed), week + 1)];
    return scoreOf(castVotes(levels, parameters)) ?? Number.NaN;
  });
  const volatility = Array.from(path.weekly, (_, week) => {
    if (week < VOLATILITY_WEEKS) return Number.NaN;
    const levels = path.weekly.subarray(week - VOLATILITY_WEEKS, week + 1);
    const returns = Array.from(levels.subarray(1), (level, i) => level / (levels[i] ?? Number.NaN) - 1);
    return sampleDeviation(returns) * Math.sqrt(WEEKS_PER_YEAR);
  });
  return [
    { name: "score of the votes", values: inRun(scores) },
    { name: "breadth of trader grades", values: inRun(breadthOf(path, "trader")) },
    { name: "breadth of investor grades", values: inRun(breadthOf(path, "investor")) },
    { name: "volatility of 13 weeks, annual", values: inRun(volatility) },
  ];
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
