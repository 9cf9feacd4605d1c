// Turns a strategy into how much of what it did hangs on the exact prices: it decides again on closes with noise.
import { linearQuantile, mean } from "../core/statistics.ts";
import { randomStream } from "../core/random.ts";
import type { Strategy } from "./deciders/decider.ts";
import { type Evaluation, type Setting, evaluateRegimes } from "./evaluate.ts";
import type { FundFigures } from "./figures.ts";
import type { MarketPath } from "./market-path.ts";
import { type RegimePath, type Switch, regimePath } from "./regime-path.ts";

/** What decisions on noisy closes did, over all paths of one noise. Figures are low (2.5 %), median and high (97.5 %). */
export type PriceTest = {
  /** {bps} Standard deviation of the noise of a day's close. */
  readonly noise_bps: number;
  readonly paths: number;
  /** {1} */
  readonly share_same_switches: number;
  /** {1} */
  readonly share_within_bounds: number;
  /** {1} */
  readonly same_side_days: number;
  readonly cagr: NoiseRange;
  readonly max_drawdown: NoiseRange;
  readonly sharpe: NoiseRange;
};

/** Low, median, high. */
export type NoiseRange = readonly [low: number, median: number, high: number];

/** {day} A switch may come so much sooner or later and is the same. */
const SAME_SWITCH_DAYS = 7;
/** {1} Growth rate and deepest fall may be so far from those without noise. */
const BOUND = 0.05;
/** {bps} */
const NOISES = [10, 50, 100] as const;
const SEED = 7;

/** What stands beside the test in every output. */
export const PRICE_TEST_DEFINITION =
  "Every daily close of the index is multiplied by exp(noise * z), z standard normal, one draw a day and none carried on: the " +
  "strategy decides on these closes and trades at the true ones. Grades of coins see no noise. Same switches: as many as " +
  `without noise, each within ${SAME_SWITCH_DAYS} days. Within bounds: the growth rate within ${100 * BOUND} points a year and ` +
  `the deepest fall no more than ${100 * BOUND} points deeper. Seeded: the same command gives the same figures.`;

/**
 * The strategy on noisy closes, for each noise on so many paths.
 *
 * @param plan `paths` 1 or more; `evaluation` is what the strategy did without noise.
 */
export function priceTests(
  path: MarketPath,
  strategy: Strategy,
  plan: { readonly evaluation: Evaluation; readonly setting: Setting; readonly paths: number },
): PriceTest[] {
  return NOISES.map((noiseBps, i) => {
    const noisy = Array.from({ length: plan.paths }, (_, n): Outcome => {
      const closes = noisyPath(path, noiseBps / 10_000, SEED + n + i * plan.paths);
      const regimes = regimePath(closes, strategy, plan.setting.rules.regime);
      return { regimes, figures: evaluateRegimes(path, regimes, { name: "", setting: plan.setting }).figures };
    });
    return testOf(noiseBps, noisy, { path, ...plan });
  });
}

type Outcome = { readonly regimes: RegimePath; readonly figures: FundFigures };

/** The path with noise on every daily close, and on the weekly ones, which are those of Sundays. */
export function noisyPath(path: MarketPath, noise: number, seed: number): MarketPath {
  const { normal } = randomStream(seed);
  const daily = path.daily.map((level) => level * Math.exp(noise * normal()));
  return { ...path, daily, weekly: path.weekly.map((_, week) => daily[7 * week] ?? Number.NaN) };
}

function testOf(
  noiseBps: number,
  noisy: readonly Outcome[],
  {
    path,
    evaluation,
    setting,
  }: { readonly path: MarketPath; readonly evaluation: Evaluation; readonly setting: Setting },
): PriceTest {
  const { from, to } = setting.range;
  const inRange = ({ switches }: RegimePath): Switch[] => switches.filter(({ date }) => date > from && date <= to);
  const share = (isTrue: (outcome: Outcome) => boolean): number => noisy.filter(isTrue).length / noisy.length;
  const range = (key: "cagr" | "max_drawdown" | "sharpe"): NoiseRange => {
    const values = noisy.map(({ figures }) => figures[key]);
    return [linearQuantile(values, [1, 40]), linearQuantile(values, [1, 2]), linearQuantile(values, [39, 40])];
  };
  const { regimes, figures } = evaluation;
  return {
    noise_bps: noiseBps,
    paths: noisy.length,
    share_same_switches: share((one) => areSame(inRange(one.regimes), inRange(regimes))),
    share_within_bounds: share((one) => isWithin(one.figures, figures)),
    same_side_days: mean(noisy.map((one) => sameDays(one.regimes, regimes, path))),
    cagr: range("cagr"),
    max_drawdown: range("max_drawdown"),
    sharpe: range("sharpe"),
  };
}

function areSame(found: readonly Switch[], expected: readonly Switch[]): boolean {
  if (found.length !== expected.length) return false;
  return found.every(({ day, to }, i) => {
    const base = expected[i];
    return base?.to === to && Math.abs(day - base.day) <= SAME_SWITCH_DAYS;
  });
}

function isWithin(found: FundFigures, base: FundFigures): boolean {
  return Math.abs(found.cagr - base.cagr) <= BOUND && found.max_drawdown >= base.max_drawdown - BOUND;
}

function sameDays(found: RegimePath, expected: RegimePath, { daily }: MarketPath): number {
  return found.inMarket.filter((side, day) => side === expected.inMarket[day]).length / daily.length;
}
