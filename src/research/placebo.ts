// Turns a regime path into random ones that switch as often: what its timing is worth beside chance.
import { type RandomStream, randomStream } from "../core/random.ts";
import { linearQuantile } from "../core/statistics.ts";
import { type WeeklyCosts } from "./costs.ts";
import type { Evaluation, Setting } from "./evaluate.ts";
import { type FundRun, runFund } from "./fund.ts";
import { WEEKS_PER_YEAR, annualGrowth, maximumDrawdown } from "./metrics.ts";
import type { MarketPath } from "./market-path.ts";
import { periodSharpe } from "./sharpe.ts";

/** Middle 95 % of random timing, and the share of it that did as well or better. */
export type PlaceboFigure = {
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly share_as_good: number;
};

/** A figure each of {@link COUNT} random paths. */
export type Placebo = { readonly paths: number } & Readonly<Record<"sharpe" | "cagr" | "max_drawdown", PlaceboFigure>>;

const COUNT = 500;
const SEED = 7;
const WEEK_DAYS = 7;

/**
 * The strategy's own stretches in and out of the market in the range, in a random order: as many switches, as long in
 * the market, the same costs; only the timing is chance.
 */
export function placeboOf(
  path: MarketPath,
  { run, regimes, figures }: Evaluation,
  plan: { readonly setting: Setting; readonly costs: WeeklyCosts },
): Placebo {
  const stream = randomStream(SEED);
  const first = WEEK_DAYS * run.firstWeek;
  const span = { first, last: first + WEEK_DAYS * run.returns.length };
  const runs = Array.from({ length: COUNT }, () => {
    const inMarket = shuffledSpells(regimes.inMarket, span, stream);
    return runFund(path, { ...regimes, inMarket }, { ...plan.setting, costs: plan.costs });
  });
  const of = (figure: (run: FundRun) => number, own: number): PlaceboFigure => {
    const values = runs.map(figure);
    return {
      low: linearQuantile(values, [1, 40]),
      median: linearQuantile(values, [1, 2]),
      high: linearQuantile(values, [39, 40]),
      share_as_good: values.filter((value) => value >= own).length / COUNT,
    };
  };
  return {
    paths: COUNT,
    sharpe: of(({ returns }) => sharpeOf(returns), Number.isNaN(figures.sharpe) ? 0 : figures.sharpe),
    cagr: of(({ returns }) => annualGrowth(returns, WEEKS_PER_YEAR), figures.cagr),
    max_drawdown: of(({ returns }) => maximumDrawdown(returns), figures.max_drawdown),
  };
}

function sharpeOf(returns: readonly number[]): number {
  const sharpe = periodSharpe(returns);
  return Number.isNaN(sharpe) ? 0 : sharpe * Math.sqrt(WEEKS_PER_YEAR);
}

/** The stretches of each kind in a new order, still taking turns and beginning as they did. */
function shuffledSpells(
  inMarket: Uint8Array,
  { first, last }: { readonly first: number; readonly last: number },
  stream: RandomStream,
): Uint8Array {
  const spells: [number[], number[]] = [[], []];
  let start = first;
  for (let day = first + 1; day <= last; day++) {
    if (day < last && inMarket[day] === inMarket[start]) continue;
    spells[inMarket[start] === 1 ? 1 : 0].push(day - start);
    start = day;
  }
  const turns = [shuffled(spells[0], stream), shuffled(spells[1], stream)];
  const result = Uint8Array.from(inMarket);
  let [day, kind] = [first, inMarket[first] === 1 ? 1 : 0];
  while (day < last) {
    const length = turns[kind]?.pop() ?? last - day;
    result.fill(kind, day, day + length);
    day += length;
    kind = 1 - kind;
  }
  return result;
}

/** @see Fisher, Yates; Durstenfeld (1964). */
function shuffled(values: readonly number[], stream: RandomStream): number[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(stream.uniform() * (i + 1));
    [result[i], result[j]] = [result[j] ?? 0, result[i] ?? 0];
  }
  return result;
}
