// Turns a backtest's periods and switches into tables of a page.
import type { Crisis, PeriodReturn, RoundTrip } from "../periods.ts";
import type { PredictiveValue } from "../predictive-value.ts";
import type { PageTable } from "./page.ts";

const MONTHS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];

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
