// Turns a backtest into plain data of the page, marked as what it is.
import type { Backtest } from "../../research/backtest.ts";
import { definitionsOf } from "../../research/definitions.ts";
import type { BacktestAnswer } from "../answers/performance.ts";
import { figuresJson, orNull } from "../figures.ts";

/** What stands around a backtest. */
export type BacktestFrame = { readonly data: string; readonly dataDigest: string; readonly trialsRun: number };

/** What a reader must know first. */
const NOTICES = [
  "BACKTEST: nobody held this. It follows today's rules over past prices; costs are assumed.",
  "The rules were chosen with this history in view: trialsRun says how many were tried.",
] as const;

/** The backtest for a program, with the field names of `backtest --json`. */
export function backtestAnswer(result: Backtest, { data, dataDigest, trialsRun }: BacktestFrame): BacktestAnswer {
  const { setting, evaluation, benchmarks } = result;
  const { dates, returns, positions } = evaluation.run;
  const figures = { ...evaluation.figures, ...result.relative };
  const { paths, sharpe, cagr, max_drawdown } = result.placebo;
  return {
    isBacktest: true,
    strategy: evaluation.name,
    data,
    dataDigest,
    rules: setting.rules.name,
    from: dates[0] ?? null,
    to: dates.at(-1) ?? null,
    costs: { ...setting.costs },
    delayDays: setting.delayDays,
    cashRate: setting.cashRate,
    trialsRun,
    figures: figuresJson(figures),
    intervals: Object.fromEntries(Object.entries(result.intervals).map(([key, interval]) => [key, [...interval]])),
    benchmarks: benchmarks.map(({ name, figures: own }) => ({ name, ...figuresJson(own) })),
    stresses: result.stresses.map(({ test, value, figures: own }) => ({ test, value, ...figuresJson(own) })),
    placebo: { paths, sharpe, cagr, max_drawdown },
    years: result.years,
    roundTrips: result.roundTrips,
    weeks: dates.map((date, i) => ({
      date,
      return: orNull(returns[i] ?? Number.NaN),
      index_return: orNull(benchmarks[0]?.returns[i] ?? Number.NaN),
      position: positions[i] ?? null,
    })),
    notices: NOTICES,
    definitions: definitionsOf(figures),
  };
}
