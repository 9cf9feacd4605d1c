// Turns the index's path into gauges that stand beside the regime without deciding on it.
import { relativeMetrics } from "./benchmark.ts";
import { breadthOf } from "./deciders/breadth.ts";
import type { RegimeParameters } from "../regime/parameters.ts";
import type { OutsideSeries } from "../market/outside-series.ts";
import type { FundRun } from "./fund.ts";
import type { Gauge } from "./gauge.ts";
import { type HitRate, hitRateOf } from "./hit-rate.ts";
import { levelGauges, scoreGauge } from "./level-gauges.ts";
import type { MarketPath } from "./market-path.ts";
import { WEEKS_PER_YEAR } from "./metrics.ts";
import { outsideGauges } from "./outside-gauges.ts";
import { BREADTH_WEEKS, LEAST_MEMBERS, priceBreadthOf } from "./price-breadth.ts";

/** A gauge over the weeks of a run, and how often it foretold the next one there. */
export type JudgedGauge = Gauge & {
  /** {1} */
  readonly hitRate: HitRate;
};

/** {week} */
const BETA_WEEKS = 52;

/** What gauges are computed from. */
export type GaugeInput = {
  readonly path: MarketPath;
  readonly parameters: RegimeParameters;
  readonly outside: OutsideSeries;
  /** Over all weeks of the path, for who waits for them: the jump model's takes longer than all the others. */
  readonly more?: readonly Gauge[];
};

/**
 * Every gauge over the weeks of a run. Each reading is one of the week's close; it is judged by the index's week after it.
 */
export function gaugesOf({ run, ...input }: GaugeInput & { readonly run: RunWeeks }): JudgedGauge[] {
  const range = { first: run.firstWeek, last: run.firstWeek + run.dates.length };
  return everyGauge(input).map((gauge) => ({
    ...gauge,
    values: run.dates.map((_, i) => gauge.values[run.firstWeek + 1 + i] ?? Number.NaN),
    hitRate: hitRateOf(gauge.values, input.path.weekly, range),
  }));
}

type RunWeeks = Pick<FundRun, "firstWeek" | "dates">;

/** Every gauge over all weeks of a path. */
export function gaugesOfPath(input: GaugeInput): JudgedGauge[] {
  const { weekly } = input.path;
  const range = { first: 0, last: weekly.length - 1 };
  return everyGauge(input).map((gauge) => ({ ...gauge, hitRate: hitRateOf(gauge.values, weekly, range) }));
}

/** One reading a week of the path each. */
function everyGauge({ path, parameters, outside, more = [] }: GaugeInput): Gauge[] {
  const weeks = { firstDay: path.firstDay, count: path.weekly.length };
  const own = [scoreGauge(path, parameters), ...breadthGauges(path), ...levelGauges(path), ...more];
  return [...own, ...outsideGauges(weeks, outside)];
}

/** What the index's coins give, one by one. */
function breadthGauges(path: MarketPath): Gauge[] {
  const graded = "share of the index's coins with a grade of 60 or more";
  return [
    {
      name: "breadth of prices",
      unit: "share",
      definition:
        `share of the index's coins whose close is above the mean of their last ${BREADTH_WEEKS} weekly closes (280 days); ` +
        `a coin without a close in each of these weeks is not counted, and under ${LEAST_MEMBERS} coins it is not read`,
      values: [...priceBreadthOf(path)],
    },
    { name: "breadth of trader grades", unit: "share", definition: graded, values: [...breadthOf(path, "trader")] },
    { name: "breadth of investor grades", unit: "share", definition: graded, values: [...breadthOf(path, "investor")] },
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
