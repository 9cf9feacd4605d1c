// Turns the search grid into its verdict: what was tried, what choosing by the past did, and what of the ambition holds.
import { benchmarksOf } from "./benchmarks.ts";
import type { StrategyMaker } from "./deciders/names.ts";
import { type Evaluation, type Setting, evaluate, evaluateRegimes } from "./evaluate.ts";
import { dateOfDay } from "../core/time.ts";
import type { MarketPath } from "./market-path.ts";
import { BASELINE_RULES } from "./rules.ts";
import { type Aim, type Search, aimsOf, search } from "./search.ts";
import { type SelectionPlan, type WalkForward, walkForward } from "./walk-forward.ts";

/** A grid's verdict. */
export type HonestSearch = {
  readonly search: Search;
  /** Five votes under the baseline's own rules, without the limits on returns. */
  readonly baseline: Evaluation;
  readonly walkForward: WalkForward;
  /** Of what the walk-forward did: the only result that no hindsight chose. */
  readonly aims: readonly Aim[];
  /** Of the trial with the highest Calmar ratio, which hindsight chose: no more than how far the grid reaches. */
  readonly hindsight: { readonly name: string; readonly aims: readonly Aim[] };
};

/** What a search depends on besides the path. */
export type HonestPlan = {
  readonly names: readonly string[];
  readonly strategies: StrategyMaker;
  readonly setting: Setting;
  readonly selection: SelectionPlan;
  readonly count: number;
  readonly progress: (name: string, index: number) => void;
};

/** Runs the grid over the setting's range, and the yearly choice with all weeks before as its past. */
export function honestSearch(path: MarketPath, plan: HonestPlan): HonestSearch {
  const { setting, strategies, selection } = plan;
  const benchmarks = benchmarksOf(path, setting);
  const hold = benchmarks[0];
  const grid = plan.names.map(strategies);
  const found = search(path, grid, { ...plan, benchmark: hold?.returns ?? [] });
  const baseline = evaluate(path, strategies("ensemble"), { ...setting, rules: BASELINE_RULES });
  const whole = { ...setting, delayDays: 0, range: { from: dateOfDay(path.firstDay), to: setting.range.to } };
  const past = grid.map((strategy) => evaluate(path, strategy, whole));
  const chosen = walkForward(path, past, { plan: selection, setting });
  const aims = (evaluation: Evaluation): Aim[] =>
    aimsOf({
      figures: evaluation.figures,
      delayedCagr: evaluateRegimes(path, evaluation.regimes, {
        name: evaluation.name,
        setting: { ...setting, delayDays: setting.delayDays + 1 },
      }).figures.cagr,
      baseline: baseline.figures,
      hold: hold?.figures ?? baseline.figures,
      pbo: found.overfit.cscv.pbo,
    });
  const best = found.trials.reduce((a, b) => (b.figures.calmar > a.figures.calmar ? b : a));
  return {
    search: found,
    baseline,
    walkForward: chosen,
    aims: aims(chosen.evaluation),
    hindsight: { name: best.name, aims: aims(best) },
  };
}
