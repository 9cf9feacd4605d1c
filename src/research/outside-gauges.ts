// Turns funding, open interest and fear & greed into gauges at each Sunday's close.
import { mean } from "../core/statistics.ts";
import type { DatedValues, OutsideSeries } from "../market/outside-series.ts";
import type { Gauge } from "./gauge.ts";

/** {day} */
const WEEK_DAYS = 7;
/** {day} Open interest is compared with that of four weeks before. */
const LOOK_BACK = 28;
/** Fewer days of a week than this say nothing about it. */
const LEAST_DAYS = 4;

/**
 * The three gauges of a path of weeks. One without data has no reading at all.
 *
 * @param weeks Week w closes on day `firstDay + 7·w`.
 */
export function outsideGauges(
  weeks: { readonly firstDay: number; readonly count: number },
  { funding, openInterest, fearGreed }: OutsideSeries,
): Gauge[] {
  const readings = (read: (day: number) => number): number[] =>
    Array.from({ length: weeks.count }, (_, week) => read(weeks.firstDay + WEEK_DAYS * week));
  return [
    {
      name: "funding of bitcoin",
      unit: "% per 8 hours",
      definition: "mean over the week of the funding rates of bitcoin's perpetuals; above 0 longs pay",
      values: readings((day) => 100 * weekMean(funding, day)),
    },
    {
      name: "open interest of bitcoin",
      unit: "% in 4 weeks",
      definition: "change in 4 weeks, each market in its own unit, mean over bitcoin's markets",
      values: readings((day) => 100 * meanKnown(openInterest.map((market) => changeOf(market, day)))),
    },
    {
      name: "fear & greed",
      unit: "0 to 100",
      definition: "the last value of the week of alternative.me's index; 0 is extreme fear",
      values: readings((day) => lastOfWeek(fearGreed, day)),
    },
  ];
}

function weekMean(values: DatedValues, close: number): number {
  const known = weekOf(values, close);
  return known.length < LEAST_DAYS ? Number.NaN : mean(known);
}

function lastOfWeek(values: DatedValues, close: number): number {
  return weekOf(values, close).at(-1) ?? Number.NaN;
}

function changeOf(values: DatedValues, close: number): number {
  return lastOfWeek(values, close) / lastOfWeek(values, close - LOOK_BACK) - 1;
}

function meanKnown(values: readonly number[]): number {
  const known = values.filter((value) => Number.isFinite(value));
  return known.length === 0 ? Number.NaN : mean(known);
}

/** What is known of the seven days up to a close, oldest first. */
function weekOf(values: DatedValues, close: number): number[] {
  return Array.from({ length: WEEK_DAYS }, (_, i) => values.get(close - WEEK_DAYS + 1 + i)).filter(
    (value) => value !== undefined,
  );
}
