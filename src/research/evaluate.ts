// Turns a strategy and a setting into what a fund that follows it would have done.
import { type CostModel, weeklyCosts } from "./costs.ts";
import { type Strategy, strategyName } from "./deciders/decider.ts";
import { type FundFigures, fundFigures } from "./figures.ts";
import { type FundPlan, type FundRun, runFund } from "./fund.ts";
import type { MarketPath } from "./market-path.ts";
import { type RegimePath, regimePath } from "./regime-path.ts";
import type { ResearchRules } from "./rules.ts";

/** Everything that a result depends on besides the market and the strategy. */
export type Setting = Omit<FundPlan, "costs"> & { readonly rules: ResearchRules; readonly costs: CostModel };

/** A strategy, what it did, and the figures of it. */
export type Evaluation = {
  readonly name: string;
  readonly regimes: RegimePath;
  readonly run: FundRun;
  readonly figures: FundFigures;
};

/** Runs a strategy on a path. */
export function evaluate(path: MarketPath, strategy: Strategy, setting: Setting): Evaluation {
  return evaluateRegimes(path, regimePath(path, strategy, setting.rules.regime), {
    name: strategyName(strategy),
    setting,
  });
}

/** Runs a given regime path. */
export function evaluateRegimes(
  path: MarketPath,
  regimes: RegimePath,
  { name, setting }: { readonly name: string; readonly setting: Setting },
): Evaluation {
  const run = runFund(path, regimes, { ...setting, costs: weeklyCosts(path, setting.costs) });
  return { name, regimes, run, figures: fundFigures(run) };
}
