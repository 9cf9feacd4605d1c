// Turns the index's path into what a strategy is shown beside: holding, bitcoin, a fixed share in cash, Faber's rule.
import { at } from "../core/statistics.ts";
import { faberDecider, HOLD } from "./deciders/trend.ts";
import { type Evaluation, type Setting, evaluate } from "./evaluate.ts";
import { type FundFigures, fundFigures } from "./figures.ts";
import type { FundRun } from "./fund.ts";
import type { MarketPath } from "./market-path.ts";

/** Something to compare with. */
export type Benchmark = { readonly name: string; readonly returns: readonly number[]; readonly figures: FundFigures };

/** {1} Share in the index of the fixed mix, set anew every Sunday without a cost. */
const MIX = 0.6;

/** The index held, bitcoin held, 60/40 with cash, and Faber's 40 weeks at the strategy's own costs. */
export function benchmarksOf(path: MarketPath, setting: Setting): Benchmark[] {
  const hold = evaluate(path, { decider: HOLD, exit: undefined }, { ...setting, delayDays: 0 });
  const faber = evaluate(path, { decider: faberDecider(40), exit: undefined }, setting);
  const weekly = setting.cashRate / 52;
  const mixed = hold.run.returns.map((value) => MIX * value + (1 - MIX) * weekly);
  const bitcoin = bitcoinReturns(path, hold.run);
  return [
    benchmarkOf("hold-index", hold),
    ...(bitcoin === undefined ? [] : [fixed("hold-bitcoin", bitcoin, 1)]),
    fixed("60-40-with-cash", mixed, MIX),
    benchmarkOf("faber-40", faber),
  ];
}

function benchmarkOf(name: string, { run, figures }: Evaluation): Benchmark {
  return { name, returns: run.returns, figures };
}

function fixed(name: string, returns: readonly number[], position: number): Benchmark {
  const run = { firstWeek: 0, dates: [], returns, positions: returns.map(() => position), switches: 0, wealth: [] };
  return { name, returns, figures: fundFigures(run) };
}

/** Bitcoin's weekly returns over the weeks of a run; `undefined` where the index does not know it. */
function bitcoinReturns(
  { compositions }: MarketPath,
  { firstWeek, returns: { length } }: FundRun,
): number[] | undefined {
  const closes = compositions.slice(firstWeek, firstWeek + length + 1).map(({ panel, week }) => {
    const coin = panel.coinIds.indexOf("bitcoin");
    return coin < 0 ? Number.NaN : at(panel.columns.close, week * panel.coinIds.length + coin);
  });
  const returns = closes.slice(1).map((close, i) => close / at(closes, i) - 1);
  return returns.some(Number.isNaN) ? undefined : returns;
}
