// Turns the last days of a column into one statistic, valid when at least half of the days are known.
import type { CoinSeries } from "../market/history.ts";

/** A column and the days `(day - length, day]`. */
export type Window = {
  readonly column: "priceUsd" | "capUsd" | "volumeUsd";
  readonly day: number;
  readonly length: number;
};

/**
 * Known values of a window, oldest first. A market cap of zero counts as unknown: the provider knew no supply.
 *
 * @returns `undefined` when fewer than half of the days are known.
 */
export function knownValues(series: CoinSeries, window: Window): number[] | undefined {
  const values: number[] = [];
  const column = series[window.column];
  const end = window.day - series.firstDay;
  for (let i = Math.max(0, end - window.length + 1); i <= end && i < column.length; i++) {
    const value = column[i] ?? Number.NaN;
    if (value > 0 || (value === 0 && window.column === "volumeUsd")) values.push(value);
  }
  return values.length * 2 >= window.length ? values : undefined;
}

/** Arithmetic mean. @param values At least one. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Middle value; of an even count, the mean of the two in the middle. @param values At least one. */
export function median(values: readonly number[]): number {
  const ascending = new Float64Array(values).sort();
  const half = ascending.length >> 1;
  const upper = ascending[half] ?? Number.NaN;
  return ascending.length % 2 === 1 ? upper : ((ascending[half - 1] ?? Number.NaN) + upper) / 2;
}
