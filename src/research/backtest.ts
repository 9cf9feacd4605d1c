// Turns a strategy and a setting into everything that a report says of it.
import { type Benchmark, benchmarksOf } from "./benchmarks.ts";
import { type RelativeMetrics, relativeMetrics } from "./benchmark.ts";
import { type Interval, bootstrapIntervals, defaultMeanBlock } from "./bootstrap.ts";
import { weeklyCosts } from "./costs.ts";
import type { Strategy } from "./deciders/decider.ts";
import { type Evaluation, type Setting, evaluate, evaluateRegimes } from "./evaluate.ts";
import type { FundFigures } from "./figures.ts";
import type { MarketPath } from "./market-path.ts";
import { WEEKS_PER_YEAR, annualGrowth, maximumDrawdown } from "./metrics.ts";
import { type Crisis, type PeriodReturn, type RoundTrip, crisesOf, periodReturns, roundTrips } from "./periods.ts";
import { type Placebo, placeboOf } from "./placebo.ts";
import { periodSharpe } from "./sharpe.ts";

/** Figures of the same decisions under another delay or cost. */
export type Stress = { readonly test: string; readonly value: number; readonly figures: FundFigures };

/** What a backtest found. */
export type Backtest = {
  readonly setting: Setting;
  readonly evaluation: Evaluation;
  readonly relative: RelativeMetrics;
  /** Middle 95 % by the stationary bootstrap. */
  readonly intervals: Readonly<Record<"sharpe" | "cagr" | "max_drawdown" | "calmar", Interval>>;
  readonly benchmarks: readonly Benchmark[];
  readonly stresses: readonly Stress[];
  readonly placebo: Placebo;
  readonly years: readonly PeriodReturn[];
  readonly months: readonly PeriodReturn[];
  readonly crises: readonly Crisis[];
  readonly roundTrips: readonly RoundTrip[];
};

/** {day} */
const DELAYS = [0, 1, 7] as const;
/** {bps} A switch. */
const COSTS = [0, 25, 50, 100, 200] as const;
const RESAMPLES = 1000;
const SEED = 1;

/** Runs a strategy and every test of it. Pure: the same arguments give the same figures. */
export function backtest(path: MarketPath, strategy: Strategy, setting: Setting): Backtest {
  const evaluation = evaluate(path, strategy, setting);
  const benchmarks = benchmarksOf(path, setting);
  const { returns } = evaluation.run;
  const index = benchmarks[0]?.returns ?? [];
  return {
    setting,
    evaluation,
    relative: relativeMetrics({ returns, benchmark: index }, WEEKS_PER_YEAR),
    intervals: intervalsOf(returns),
    benchmarks,
    stresses: stressesOf(path, evaluation, setting),
    placebo: placeboOf(path, evaluation, { setting, costs: weeklyCosts(path, setting.costs) }),
    years: periodReturns(evaluation.run, index, 4),
    months: periodReturns(evaluation.run, index, 7),
    crises: crisesOf(evaluation.run, index),
    roundTrips: roundTrips(path, evaluation),
  };
}

function intervalsOf(returns: readonly number[]): Backtest["intervals"] {
  const cagr = (drawn: readonly number[]): number => annualGrowth(drawn, WEEKS_PER_YEAR);
  const figures = {
    sharpe: (drawn: readonly number[]) => finite(periodSharpe(drawn) * Math.sqrt(WEEKS_PER_YEAR)),
    cagr,
    max_drawdown: maximumDrawdown,
    calmar: (drawn: readonly number[]) => finite(cagr(drawn) / Math.abs(maximumDrawdown(drawn))),
  };
  return bootstrapIntervals(returns, figures, {
    resamples: RESAMPLES,
    meanBlock: defaultMeanBlock(returns.length),
    seed: SEED,
  });
}

/** Without variation there is neither risk nor reward. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function stressesOf(path: MarketPath, { name, regimes }: Evaluation, setting: Setting): Stress[] {
  const figuresUnder = (changed: Partial<Setting>): FundFigures =>
    evaluateRegimes(path, regimes, { name, setting: { ...setting, ...changed } }).figures;
  return [
    ...DELAYS.map((delayDays) => ({ test: "delay_days", value: delayDays, figures: figuresUnder({ delayDays }) })),
    ...COSTS.map((switchBps) => ({
      test: "switch_cost_bps",
      value: switchBps,
      figures: figuresUnder({ costs: { kind: "flat", switchBps } }),
    })),
  ];
}
