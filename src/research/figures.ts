// Turns what a fund did into its performance figures.
import { mean } from "../core/statistics.ts";
import type { FundRun } from "./fund.ts";
import { type Exposure, type Metrics, WEEKS_PER_YEAR, metricsOf } from "./metrics.ts";

/** The figures of a backtest, by key. */
export type FundFigures = Metrics & Exposure;

/** All figures of a fund's weekly returns; switches are counted by the day. */
export function fundFigures({ returns, positions, switches }: FundRun): FundFigures {
  return {
    ...metricsOf(returns, WEEKS_PER_YEAR),
    switches_per_year: (switches * WEEKS_PER_YEAR) / returns.length,
    time_in_market: mean(positions),
  };
}
