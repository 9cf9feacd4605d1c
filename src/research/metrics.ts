// Turns simple returns into the performance figures that every report shows, under one key each.
import { biasedKurtosis, biasedSkewness, linearQuantile, mean, sampleDeviation } from "../core/statistics.ts";
import { SeriesTooShortError, drawdownsOf, wealthOf } from "./series.ts";
import { probabilisticSharpe } from "./sharpe.ts";

/** {1/year} Weeks of a year: the periods that one year has unless told otherwise. */
export const WEEKS_PER_YEAR = 52;

/** {1} A wealth that far below its peak has not recovered from it; what is less is rounding. */
const UNDER_WATER = -1e-12;

/** Share of the worst returns that value at risk looks at: 5 %, as a fraction of integers. */
const TAIL: readonly [number, number] = [1, 20];

/** Figures by key, in the order in which they are shown; NaN where the definition divides by zero. */
export type Metrics = {
  readonly periods: number;
  readonly total_return: number;
  readonly cagr: number;
  readonly vol_annual: number;
  readonly sharpe: number;
  readonly sortino: number;
  readonly max_drawdown: number;
  readonly longest_drawdown_periods: number;
  readonly calmar: number;
  readonly ulcer_index_pct: number;
  readonly martin_ratio: number;
  readonly var95_historical: number;
  readonly cvar95_historical: number;
  readonly skewness_biased: number;
  readonly kurtosis_biased: number;
  readonly psr_vs_0: number;
};

/**
 * All figures of a series.
 *
 * @param returns {1} Simple returns of equal periods, each −1 or more.
 * @param perYear {1/year} Periods of a year.
 * @throws SeriesTooShortError for fewer than two returns.
 * @see METRIC_DEFINITIONS in definitions.ts for the formula of each.
 */
export function metricsOf(returns: readonly number[], perYear: number): Metrics {
  if (returns.length < 2) throw new SeriesTooShortError("A deviation", 2, returns.length);
  const cagr = annualGrowth(returns, perYear);
  const drawdowns = drawdownsOf(returns);
  const maxDrawdown = maximumDrawdown(returns);
  const deviation = sampleDeviation(returns);
  const ulcer = 100 * Math.sqrt(mean(drawdowns.map((drawdown) => drawdown ** 2)));
  const valueAtRisk = linearQuantile(returns, TAIL);
  return {
    periods: returns.length,
    total_return: totalReturn(returns),
    cagr,
    vol_annual: deviation * Math.sqrt(perYear),
    sharpe: over(mean(returns), deviation) * Math.sqrt(perYear),
    sortino: over(perYear * mean(returns), Math.sqrt(perYear) * downsideDeviation(returns)),
    max_drawdown: maxDrawdown,
    longest_drawdown_periods: longestRun(drawdowns),
    calmar: over(cagr, Math.abs(maxDrawdown)),
    ulcer_index_pct: ulcer,
    martin_ratio: over(cagr, ulcer / 100),
    var95_historical: valueAtRisk,
    cvar95_historical: mean(returns.filter((value) => value <= valueAtRisk)),
    skewness_biased: biasedSkewness(returns),
    kurtosis_biased: biasedKurtosis(returns),
    psr_vs_0: probabilisticSharpe(returns, 0),
  };
}

/** E_N^(perYear/N) − 1. */
export function annualGrowth(returns: readonly number[], perYear: number): number {
  return (1 + totalReturn(returns)) ** (perYear / returns.length) - 1;
}

/** Lowest drawdown {1} [-1, 0]. */
export function maximumDrawdown(returns: readonly number[]): number {
  return drawdownsOf(returns).reduce((low, drawdown) => Math.min(low, drawdown), 0);
}

/** How the money was in the market. */
export type Exposure = { readonly switches_per_year: number; readonly time_in_market: number };

/**
 * Switches and time in the market.
 *
 * @param positions {1} The share of the money in the market over each period, one a return.
 */
export function exposureOf(positions: readonly number[], perYear: number): Exposure {
  const switches = positions.filter((position, i) => i > 0 && position !== positions[i - 1]).length;
  return { switches_per_year: (switches * perYear) / positions.length, time_in_market: mean(positions) };
}

function totalReturn(returns: readonly number[]): number {
  return (wealthOf(returns).at(-1) ?? 1) - 1;
}

function downsideDeviation(returns: readonly number[]): number {
  return Math.sqrt(mean(returns.map((value) => Math.min(value, 0) ** 2)));
}

/** Longest stretch of periods below an earlier peak. */
function longestRun(drawdowns: readonly number[]): number {
  let run = 0;
  return drawdowns.reduce((longest, drawdown) => {
    run = drawdown < UNDER_WATER ? run + 1 : 0;
    return Math.max(longest, run);
  }, 0);
}

/** A quotient that is not a number, rather than infinite, when there is nothing to divide by. */
function over(value: number, by: number): number {
  return by === 0 ? Number.NaN : value / by;
}
