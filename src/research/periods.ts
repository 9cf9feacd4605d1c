// Turns a fund's weeks into years, months, crises, and what each way out of the market saved or cost.
import { at } from "../core/statistics.ts";
import { type IsoDate, addDays, isoDate } from "../core/time.ts";
import type { Evaluation } from "./evaluate.ts";
import { type FundRun } from "./fund.ts";
import type { MarketPath } from "./market-path.ts";
import { maximumDrawdown } from "./metrics.ts";
import { wealthOf } from "./series.ts";

/** Return of the fund and of the index over the weeks that close within a period. */
export type PeriodReturn = { readonly period: string; readonly total_return: number; readonly index_return: number };

/** A period in which the market fell. Weeks that close within it, both dates included. */
export type Crisis = PeriodReturn & {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly max_drawdown: number;
  readonly index_max_drawdown: number;
};

/** One way out of the market and back. */
export type RoundTrip = {
  /** Dates of the decisions. */
  readonly left: IsoDate;
  /** `null` while it is still out. */
  readonly returned: IsoDate | null;
  readonly isDaily: boolean;
  /** {1} What the index did meanwhile. */
  readonly index_return: number;
  /** {1} Wealth over that of a twin that stayed, less 1, costs of both switches included: above zero it saved. */
  readonly saved: number;
};

const CRISES: readonly (readonly [string, string, string])[] = [
  ["2018", "2018-01-01", "2018-12-31"],
  ["March 2020", "2020-02-15", "2020-04-05"],
  ["May 2021", "2021-05-03", "2021-07-25"],
  ["2022", "2022-01-01", "2022-12-31"],
];

/** Returns by the first `length` characters of the closing date: 4 for years, 7 for months. */
export function periodReturns(
  { dates, returns }: Pick<FundRun, "dates" | "returns">,
  index: readonly number[],
  length: 4 | 7,
): PeriodReturn[] {
  const periods = [...new Set(dates.map((date) => date.slice(0, length)))];
  return periods.map((period) => {
    const isIn = (_: unknown, i: number): boolean => (dates[i] ?? "").startsWith(period);
    return { period, total_return: total(returns.filter(isIn)), index_return: total(index.filter(isIn)) };
  });
}

/** The crises that the run covers to the end. */
export function crisesOf({ dates, returns }: Pick<FundRun, "dates" | "returns">, index: readonly number[]): Crisis[] {
  return CRISES.flatMap(([period, from, to]) => {
    if ((dates[0] ?? "9") > addDays(isoDate(from), 7) || (dates.at(-1) ?? "") < addDays(isoDate(to), -7)) return [];
    const isIn = (_: unknown, i: number): boolean => (dates[i] ?? "") >= from && (dates[i] ?? "") <= to;
    const [own, others] = [returns.filter(isIn), index.filter(isIn)];
    return {
      period,
      from: isoDate(from),
      to: isoDate(to),
      total_return: total(own),
      index_return: total(others),
      max_drawdown: maximumDrawdown(own),
      index_max_drawdown: maximumDrawdown(others),
    };
  });
}

/** Each way out of the market within the run, by the switches as they were traded without a delay. */
export function roundTrips(path: MarketPath, { regimes, run }: Evaluation): RoundTrip[] {
  const first = 7 * run.firstWeek;
  const last = first + run.wealth.length - 1;
  const inRange = regimes.switches.filter(({ day }) => day >= first && day < last);
  return inRange.flatMap((exit, i): RoundTrip[] => {
    if (exit.to !== "bear") return [];
    const back = inRange[i + 1];
    const end = back?.day ?? last;
    const index = at(path.daily, end) / at(path.daily, exit.day);
    // One day on, so that the cost of the return, which is taken after its close, is in.
    const after = Math.min(end + 1, last);
    const moved = at(path.daily, after) / at(path.daily, exit.day);
    const wealth = at(run.wealth, after - first) / at(run.wealth, exit.day - first);
    const { date: left, isDaily } = exit;
    return [{ left, returned: back?.date ?? null, isDaily, index_return: index - 1, saved: wealth / moved - 1 }];
  });
}

function total(returns: readonly number[]): number {
  return (wealthOf(returns).at(-1) ?? 1) - 1;
}
