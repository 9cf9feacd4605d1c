// Turns a grid of strategies into what each did, how much of the best is chance, and what choosing every year did.
import { defaultMeanBlock } from "./bootstrap.ts";
import { DEFAULT_BLOCKS } from "./cscv.ts";
import type { Strategy } from "./deciders/decider.ts";
import { type Evaluation, type Setting, evaluate } from "./evaluate.ts";
import type { FundFigures } from "./figures.ts";
import { WEEKS_PER_YEAR } from "./metrics.ts";
import type { MarketPath } from "./market-path.ts";
import { type OverfitReport, judgeTrials } from "./overfit.ts";
import { AMBITION } from "./search-grid.ts";

/** A grid after it was run. */
export type Search = {
  readonly trials: readonly Evaluation[];
  readonly overfit: OverfitReport;
  /** Names of the trials that no other beats in both growth and deepest fall. */
  readonly frontier: readonly string[];
};

/** How a grid is run and judged. */
export type SearchPlan = {
  readonly setting: Setting;
  /** Returns of the index, over the setting's range. */
  readonly benchmark: readonly number[];
  /** Trials ever run, these included. */
  readonly count: number;
  readonly progress: (name: string, index: number) => void;
};

const RESAMPLES = 1000;
const SEED = 1;

/** Runs every strategy of a grid over the setting's range. */
export function search(path: MarketPath, grid: readonly Strategy[], plan: SearchPlan): Search {
  const trials = grid.map((strategy, i) => {
    plan.progress(strategy.decider.name, i);
    return evaluate(path, strategy, plan.setting);
  });
  const length = trials[0]?.run.returns.length ?? 0;
  const overfit = judgeTrials(
    trials.map(({ name, run }) => ({ name, returns: run.returns })),
    {
      blocks: Math.min(DEFAULT_BLOCKS, 2 * Math.max(1, Math.floor(length / 8))),
      count: plan.count,
      perYear: WEEKS_PER_YEAR,
      benchmark: plan.benchmark,
      bootstrap: { resamples: RESAMPLES, meanBlock: defaultMeanBlock(length), seed: SEED },
    },
  );
  return { trials, overfit, frontier: frontierOf(trials) };
}

function frontierOf(trials: readonly Evaluation[]): string[] {
  const beats = (a: FundFigures, b: FundFigures): boolean =>
    a.cagr >= b.cagr && a.max_drawdown >= b.max_drawdown && (a.cagr > b.cagr || a.max_drawdown > b.max_drawdown);
  return trials.filter(({ figures }) => !trials.some((other) => beats(other.figures, figures))).map(({ name }) => name);
}

/** One aim of the ambition beside what was found. */
export type Aim = {
  readonly key: string;
  readonly aim: number;
  readonly found: number;
  readonly isReached: boolean;
};

/** What the ambition is compared with. */
export type Found = {
  readonly figures: FundFigures;
  /** {1} CAGR of the same decisions traded a day later. */
  readonly delayedCagr: number;
  readonly baseline: FundFigures;
  readonly hold: FundFigures;
  readonly pbo: number;
};

/** Each aim of the ambition, reached or missed. */
export function aimsOf({ figures, delayedCagr, baseline, hold, pbo }: Found): Aim[] {
  const atLeast = (key: string, aim: number, found: number): Aim => ({ key, aim, found, isReached: found >= aim });
  const atMost = (key: string, aim: number, found: number): Aim => ({ key, aim, found, isReached: found <= aim });
  return [
    atLeast("cagr", baseline.cagr, figures.cagr),
    atLeast("max_drawdown", AMBITION.max_drawdown, figures.max_drawdown),
    atLeast("calmar", AMBITION.calmar, figures.calmar),
    atMost("ulcer_index_pct", AMBITION.ulcer_share * hold.ulcer_index_pct, figures.ulcer_index_pct),
    atMost("switches_per_year", AMBITION.switches_per_year, figures.switches_per_year),
    atMost("delay_cost_share", AMBITION.delay_cost_share, 1 - delayedCagr / figures.cagr),
    { key: "pbo", aim: AMBITION.pbo, found: pbo, isReached: pbo < AMBITION.pbo },
  ];
}
