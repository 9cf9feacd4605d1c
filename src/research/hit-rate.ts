// Turns a gauge's readings and the index's levels into how often the gauge foretold the next week's direction.
import { at, linearQuantile } from "../core/statistics.ts";
import type { Interval } from "./bootstrap.ts";

/** How often a gauge was right about the direction of the week after, each time judged by its past alone. */
export type HitRate = {
  readonly weeks: number;
  readonly hits: number;
  /** {1} NaN without a week. */
  readonly hit_rate: number;
  /** 95 % score interval of Wilson (1927). */
  readonly interval: Interval;
  /** {1} Share of the same weeks in which the index rose: what saying "up" every week would have hit. */
  readonly always_up: number;
};

/** The definition that stands beside every hit rate. */
export const HIT_RATE_DEFINITION =
  "Each week the gauge says up or down for the next: it is above or below the median of its readings before, and what above " +
  "means is what it meant more often in the weeks before. Nothing later is used; the first 52 readings are not judged.";

/** Readings before the first side is taken, and sides before the first is judged. */
const LEAST_PAST = 26;
const Z95 = 1.959964;

/**
 * The hit rate of a gauge.
 *
 * @param readings One a week, NaN where it cannot be read; `readings[w]` is known at the close of `weekly[w]`.
 * @param range Judges readings of weeks from `first` up to the one before `last`; weeks before `first` are learned from.
 */
export function hitRateOf(
  readings: ArrayLike<number>,
  weekly: ArrayLike<number>,
  { first, last }: { readonly first: number; readonly last: number },
): HitRate {
  const past: number[] = [];
  let [agreed, sides, weeks, hits, rises] = [0, 0, 0, 0, 0];
  for (let week = 0; week < last; week++) {
    const reading = at(readings, week);
    const gain = at(weekly, week + 1) / at(weekly, week) - 1;
    if (Number.isNaN(reading) || Number.isNaN(gain)) continue;
    const side = past.length < LEAST_PAST ? 0 : Math.sign(reading - linearQuantile(past, [1, 2]));
    past.push(reading);
    if (side === 0) continue;
    const agrees = side * gain > 0;
    if (sides >= LEAST_PAST && week >= first) {
      weeks++;
      hits += agrees === 2 * agreed >= sides ? 1 : 0;
      rises += gain > 0 ? 1 : 0;
    }
    sides++;
    agreed += agrees ? 1 : 0;
  }
  return { weeks, hits, hit_rate: hits / weeks, interval: wilson(hits, weeks), always_up: rises / weeks };
}

function wilson(hits: number, weeks: number): Interval {
  if (weeks === 0) return [0, 1];
  const share = hits / weeks;
  const squared = Z95 ** 2 / weeks;
  const middle = (share + squared / 2) / (1 + squared);
  const half = (Z95 * Math.sqrt((share * (1 - share)) / weeks + squared / (4 * weeks))) / (1 + squared);
  return [middle - half, middle + half];
}
