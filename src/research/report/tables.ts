// Turns a backtest's periods and switches into tables of a page.
import type { Crisis, PeriodReturn, RoundTrip } from "../periods.ts";
import type { JudgedGauge } from "../gauges.ts";
import type { NoiseRange, PriceTest } from "../price-noise.ts";
import type { PredictiveValue } from "../predictive-value.ts";
import { type PageTable, WORDS } from "./page.ts";

const MONTHS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];

/** A line a gauge: its last reading and how often it foretold the next week. */
export function gaugeTable(gauges: readonly JudgedGauge[]): PageTable {
  return {
    headers: ["gauge", "last reading", "unit", "weeks", "hit rate [%]", "95 % interval", "always up [%]", WORDS],
    rows: gauges.map(({ name, unit, definition, values, hitRate }) => {
      const last = values.findLast((value) => Number.isFinite(value));
      const { weeks, hit_rate, interval, always_up } = hitRate;
      const judged =
        weeks === 0 ? ["", "", ""] : [percent(hit_rate), interval.map(percent).join(" … "), percent(always_up)];
      return [name, last === undefined ? "no data" : last.toPrecision(3), unit, String(weeks), ...judged, definition];
    }),
  };
}

/** A line a noise. */
export function priceTestTable(tests: readonly PriceTest[]): PageTable {
  const ends = (range: NoiseRange, shown: (value: number) => string): string => range.map(shown).join(" … ");
  const plain = (value: number): string => value.toFixed(2);
  return {
    headers: [
      ...["noise [bps]", "paths", "same switches [%]", "within bounds [%]", "days on the same side [%]"],
      ...["cagr [%]: 2.5 %, median, 97.5 %", "max_drawdown [%]", "sharpe"],
    ],
    rows: tests.map((test) => [
      String(test.noise_bps),
      String(test.paths),
      percent(test.share_same_switches),
      percent(test.share_within_bounds),
      percent(test.same_side_days),
      ends(test.cagr, percent),
      ends(test.max_drawdown, percent),
      ends(test.sharpe, plain),
    ]),
  };
}

/** A line each way out. */
export function roundTripTable(trips: readonly RoundTrip[]): PageTable {
  return {
    headers: ["left", "returned", "on a daily check", "index meanwhile [%]", "saved, costs in [%]"],
    rows: trips.map(({ left, returned, isDaily, index_return, saved }) => [
      left,
      returned ?? "still out",
      isDaily ? "yes" : "no",
      percent(index_return),
      percent(saved),
    ]),
  };
}

/** A line a crisis. */
export function crisisTable(crises: readonly Crisis[]): PageTable {
  return {
    headers: ["crisis", "from", "to", "return [%]", "index [%]", "deepest fall [%]", "index's [%]"],
    rows: crises.map((crisis) => [
      crisis.period,
      crisis.from,
      crisis.to,
      ...[crisis.total_return, crisis.index_return, crisis.max_drawdown, crisis.index_max_drawdown].map(percent),
    ]),
  };
}

/** A line a year. */
export function yearTable(years: readonly PeriodReturn[]): PageTable {
  return {
    headers: ["year", "return [%]", "index [%]"],
    rows: years.map(({ period, total_return, index_return }) => [period, percent(total_return), percent(index_return)]),
  };
}

/** A line a year, a column a month. */
export function monthTable(months: readonly PeriodReturn[]): PageTable {
  const byMonth = new Map(months.map(({ period, total_return }) => [period, total_return]));
  const years = [...new Set(months.map(({ period }) => period.slice(0, 4)))];
  return {
    headers: ["year", ...MONTHS],
    rows: years.map((year) => [
      year,
      ...MONTHS.map((month) => {
        const value = byMonth.get(`${year}-${month}`);
        return value === undefined ? "" : percent(value);
      }),
    ]),
  };
}

/** A line a grade, horizon and year. */
export function gradeTable(values: readonly PredictiveValue[]): PageTable {
  return {
    headers: ["grade", "horizon [week]", "year", "weeks", "rank correlation", "low", "high"],
    rows: values.map(({ grade, horizon, year, weeks, rank_correlation, interval: [low, high] }) => [
      grade,
      String(horizon),
      year,
      String(weeks),
      ...[rank_correlation, low, high].map((value) => value.toFixed(3)),
    ]),
  };
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}
