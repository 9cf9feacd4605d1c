// Turns a panel's prices and volumes into the grades of an index's coins: 0 to 100, open formula, past data only.
import { at } from "../core/statistics.ts";
import type { Composition } from "./compose.ts";
import type { Panel } from "./panel.ts";

/** Short term or long term. */
export type GradeName = "trader" | "investor";

/** What a grade is made of. All lengths in weeks. */
type GradeRule = {
  /** Return and volatility over so many weeks are ranked across the coins. */
  readonly window: number;
  /** Is the price above its mean of so many Sundays? */
  readonly means: readonly number[];
  /** Is the price above that of so many Sundays ago? */
  readonly looks: readonly number[];
};

/** See docs/methodology.md, Grades. Set beforehand, not fitted. */
const RULES: Readonly<Record<GradeName, GradeRule>> = {
  trader: { window: 4, means: [4, 10], looks: [2, 4] },
  investor: { window: 26, means: [20, 40], looks: [12, 26] },
};

/** {1} Weight of the place among the others; the rest is the coin's own trend. */
const RELATIVE_SHARE = 0.5;

/**
 * The grade of each coin of a composition, in its order: half the mean percentile, among the composition's coins, of
 * return and of calm (low volatility); half the share of the coin's own trend tests that say yes. NaN where the coin has
 * no price for the window.
 */
export function gradesOf(composition: Composition, name: GradeName): Float64Array {
  const rule = RULES[name];
  const { panel, week, coins } = composition;
  const facts = coins.map((coin) => factsOf(panel, { week, coin }, rule));
  const returns = percentiles(facts.map(({ gain }) => gain));
  const calm = percentiles(facts.map(({ volatility }) => -volatility));
  return Float64Array.from(facts, ({ trend }, i) => {
    const relative = (at(returns, i) + at(calm, i)) / 2;
    return 100 * (RELATIVE_SHARE * relative + (1 - RELATIVE_SHARE) * trend);
  });
}

type Facts = { readonly gain: number; readonly volatility: number; readonly trend: number };
const UNKNOWN: Facts = { gain: Number.NaN, volatility: Number.NaN, trend: Number.NaN };

function factsOf(
  panel: Panel,
  { week, coin }: { readonly week: number; readonly coin: number },
  rule: GradeRule,
): Facts {
  const closes = closesBack(panel, { week, coin }, Math.max(rule.window, ...rule.means, ...rule.looks));
  const now = at(closes, 0);
  const gain = now / at(closes, rule.window) - 1;
  if (Number.isNaN(gain)) return UNKNOWN;
  let yes = 0;
  for (const weeks of rule.means) if (now > meanOfKnown(closes, weeks)) yes++;
  for (const weeks of rule.looks) if (now > at(closes, weeks)) yes++;
  const tests = rule.means.length + rule.looks.length;
  return { gain, volatility: volatilityOf(closes, rule.window), trend: yes / tests };
}

/** Closes of a coin from a week back; NaN where there is none. Element k is that of k weeks ago. */
function closesBack(
  panel: Panel,
  { week, coin }: { readonly week: number; readonly coin: number },
  weeks: number,
): Float64Array {
  const closes = new Float64Array(weeks + 1).fill(Number.NaN);
  const { close } = panel.columns;
  for (let ago = 0; ago <= Math.min(weeks, week); ago++) {
    closes[ago] = at(close, (week - ago) * panel.coinIds.length + coin);
  }
  return closes;
}

/** Mean of the known among the last closes; NaN when fewer than half are known, and then the test says no. */
function meanOfKnown(closes: Float64Array, weeks: number): number {
  let [total, known] = [0, 0];
  for (let ago = 0; ago < weeks; ago++) {
    const close = at(closes, ago);
    if (Number.isNaN(close)) continue;
    total += close;
    known++;
  }
  return 2 * known < weeks ? Number.NaN : total / known;
}

/** Root of the mean square of the known weekly log returns. */
function volatilityOf(closes: Float64Array, window: number): number {
  let [total, known] = [0, 0];
  for (let ago = 0; ago < window; ago++) {
    const move = Math.log(at(closes, ago) / at(closes, ago + 1));
    if (Number.isNaN(move)) continue;
    total += move * move;
    known++;
  }
  return Math.sqrt(total / known);
}

/** {1} [0, 1] Place of each value among the known ones, equal ones sharing their mean place; NaN stays NaN. */
export function percentiles(values: readonly number[]): Float64Array {
  const ranks = ranksOf(values);
  const known = values.filter((value) => !Number.isNaN(value)).length;
  return ranks.map((rank) => (known > 1 ? (rank - 1) / (known - 1) : 0.5 + 0 * rank));
}

/** Rank from 1 of each value in ascending order, equal ones sharing their mean rank; NaN stays NaN. */
export function ranksOf(values: readonly number[]): Float64Array {
  const order = values
    .flatMap((value, i) => (Number.isNaN(value) ? [] : [i]))
    .sort((a, b) => at(values, a) - at(values, b));
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && at(values, order[end] ?? -1) === at(values, order[start] ?? -1)) end++;
    for (let i = start; i < end; i++) ranks[order[i] ?? -1] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
