// Turns the returns of everything that was tried into what the best of it is worth.
import { OutOfRangeError } from "../core/errors.ts";
import { sampleDeviation } from "../core/statistics.ts";
import { type BootstrapPlan, type Interval, bootstrapIntervals } from "./bootstrap.ts";
import { type CscvResult, cscv } from "./cscv.ts";
import { annualGrowth, maximumDrawdown } from "./metrics.ts";
import { expectedMaximumSharpe, periodSharpe, probabilisticSharpe } from "./sharpe.ts";

/** One thing that was tried. */
export type Trial = { readonly name: string; readonly returns: readonly number[] };

/** What is asked of the trials. */
export type OverfitQuestion = {
  /** Parts of the time for CSCV. */
  readonly blocks: number;
  /** Trials that were ever run, at least as many as are given; more when not all of them left their returns. */
  readonly count: number;
  /** {1/year} */
  readonly perYear: number;
  readonly benchmark: readonly number[] | undefined;
  readonly bootstrap: BootstrapPlan;
};

/** The verdict on the trial with the highest Sharpe ratio. */
export type OverfitReport = {
  readonly cscv: CscvResult;
  readonly best: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<"sharpe" | "cagr" | "max_drawdown", Interval>>;
  /** Sharpe ratio and its probability to be above 0, a trial, in the order given. */
  readonly trials: readonly { readonly name: string; readonly sharpe: number; readonly psr_vs_0: number }[];
};

/**
 * Judges the best of several trials by how it was found. A trial without variation counts as a Sharpe ratio of 0.
 *
 * @param trials Returns over the same periods, in the same order.
 * @throws OutOfRangeError and SeriesTooShortError as {@link cscv}, and when fewer trials are counted than given.
 */
export function judgeTrials(trials: readonly Trial[], question: OverfitQuestion): OverfitReport {
  if (!Number.isInteger(question.count) || question.count < trials.length) {
    throw new OutOfRangeError("number of trials ever run", question.count, `${trials.length} or more`);
  }
  const sharpes = trials.map(({ returns }) => sharpeOrZero(returns));
  const best = trials[sharpes.indexOf(Math.max(...sharpes))] ?? { name: "", returns: [] };
  const perYear = question.perYear;
  return {
    cscv: cscv(
      trials.map(({ returns }) => returns),
      question.blocks,
    ),
    best: best.name,
    figures: deflated(best.returns, sampleDeviation(sharpes) ** 2, question),
    intervals: bootstrapIntervals(
      best.returns,
      {
        sharpe: (returns) => sharpeOrZero(returns) * Math.sqrt(perYear),
        cagr: (returns) => annualGrowth(returns, perYear),
        max_drawdown: maximumDrawdown,
      },
      question.bootstrap,
    ),
    trials: trials.map(({ name, returns }, i) => ({
      name,
      sharpe: (sharpes[i] ?? Number.NaN) * Math.sqrt(perYear),
      psr_vs_0: probabilisticSharpe(returns, 0),
    })),
  };
}

function deflated(returns: readonly number[], variance: number, question: OverfitQuestion): Record<string, number> {
  const expected = expectedMaximumSharpe(question.count, variance);
  const figures = {
    sharpe: sharpeOrZero(returns) * Math.sqrt(question.perYear),
    sharpe_variance: variance,
    expected_max_sharpe: expected,
    psr_vs_0: probabilisticSharpe(returns, 0),
    deflated_sharpe: probabilisticSharpe(returns, expected),
  };
  if (question.benchmark === undefined) return figures;
  const benchmark = sharpeOrZero(question.benchmark);
  return {
    ...figures,
    psr_vs_benchmark: probabilisticSharpe(returns, benchmark),
    deflated_sharpe_vs_benchmark: probabilisticSharpe(returns, benchmark + expected),
  };
}

/** Without variation there is neither risk nor, beside cash, reward. */
function sharpeOrZero(returns: readonly number[]): number {
  const sharpe = periodSharpe(returns);
  return Number.isNaN(sharpe) ? 0 : sharpe;
}
