// Turns grades and what came after them into how much they foretold: rank correlations by year, with intervals.
import { at, mean } from "../core/statistics.ts";
import { dateOfDay } from "../core/time.ts";
import { type Interval, bootstrapIntervals } from "./bootstrap.ts";
import type { Composition } from "./compose.ts";
import { type GradeName, gradesOf, ranksOf } from "./grades.ts";
import type { MarketPath } from "./market-path.ts";

/** Rank correlation of a grade with the return of the next weeks, over the weeks of a year. */
export type PredictiveValue = {
  readonly grade: GradeName;
  /** {week} */
  readonly horizon: number;
  /** For example `2021`, or `all`. */
  readonly year: string;
  readonly weeks: number;
  /** {1} Mean of the weekly rank correlations. */
  readonly rank_correlation: number;
  /** 95 % interval of that mean by the stationary bootstrap. */
  readonly interval: Interval;
};

const GRADES: readonly GradeName[] = ["trader", "investor"];
/** {week} */
const HORIZONS = [1, 4] as const;
/** Fewer coins than this say nothing about a rank correlation. */
const LEAST_COINS = 10;
const RESAMPLES = 1000;

type Weekly = { readonly year: string; readonly value: number };

/** Both grades at both horizons, by year and over all. Weeks with fewer than 10 graded coins are left out. */
export function predictiveValues(path: MarketPath): PredictiveValue[] {
  return GRADES.flatMap((grade) => {
    const graded = path.compositions.map((composition) => ({ ...composition, grades: gradesOf(composition, grade) }));
    return HORIZONS.flatMap((horizon) =>
      valuesOf({ ...path, compositions: graded }, horizon).map((value) => ({ grade, horizon, ...value })),
    );
  });
}

type Graded = Composition & { readonly grades: Float64Array };
type GradedPath = Pick<MarketPath, "firstDay"> & { readonly compositions: readonly Graded[] };

function valuesOf(path: GradedPath, horizon: number): Omit<PredictiveValue, "grade" | "horizon">[] {
  const weekly = path.compositions.slice(0, -horizon).flatMap((composition, week): Weekly[] => {
    const value = rankCorrelationAfter(composition, horizon);
    const year = dateOfDay(path.firstDay + 7 * week).slice(0, 4);
    return Number.isNaN(value) ? [] : [{ year, value }];
  });
  const years = [...new Set(weekly.map(({ year }) => year)), "all"];
  return years.map((year) => {
    const values = weekly.filter((week) => year === "all" || week.year === year).map(({ value }) => value);
    // Returns over several weeks overlap: blocks are at least twice as long as the horizon.
    const plan = { resamples: RESAMPLES, meanBlock: Math.min(values.length, 2 * horizon + 2), seed: 1 };
    const { value: interval } = bootstrapIntervals(values, { value: mean }, plan);
    return { year, weeks: values.length, rank_correlation: mean(values), interval };
  });
}

/** Spearman's rank correlation of the grades with the returns to come; NaN for too few coins. */
function rankCorrelationAfter({ panel, week, coins, grades }: Graded, horizon: number): number {
  if (week + horizon >= panel.weeks) return Number.NaN;
  const { close } = panel.columns;
  const pairs = coins.flatMap((coin, i) => {
    const [now, then] = [week, week + horizon].map((w) => at(close, w * panel.coinIds.length + coin));
    const gain = (then ?? Number.NaN) / (now ?? Number.NaN);
    return Number.isNaN(gain) || Number.isNaN(grades[i]) ? [] : [[at(grades, i), gain] as const];
  });
  if (pairs.length < LEAST_COINS) return Number.NaN;
  return correlation(ranksOf(pairs.map(([value]) => value)), ranksOf(pairs.map(([, gain]) => gain)));
}

function correlation(left: Float64Array, right: Float64Array): number {
  const [leftMean, rightMean] = [mean([...left]), mean([...right])];
  let [both, lefts, rights] = [0, 0, 0];
  left.forEach((value, i) => {
    const [x, y] = [value - leftMean, at(right, i) - rightMean];
    both += x * y;
    lefts += x * x;
    rights += y * y;
  });
  return both / Math.sqrt(lefts * rights);
}
