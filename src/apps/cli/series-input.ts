// Turns files that the user names into returns over the same periods.
import { type Command, Option } from "commander";
import { AppError, UsageError } from "../../core/errors.ts";
import { type IsoDate, dayNumber } from "../../core/time.ts";
import { linearQuantile } from "../../core/statistics.ts";
import { type SeriesFile, type TrialsFile, seriesOf, trialsOf } from "../../market/sources/series-csv.ts";
import { type Table, readTable } from "../../market/sources/table-csv.ts";
import { WEEKS_PER_YEAR } from "../../research/metrics.ts";
import { type Series, simpleReturns } from "../../research/series.ts";
import { jsonOption } from "./options.ts";
import { printNote } from "./output.ts";

/** {day} */
const DAYS_PER_YEAR = 365.25;
/** Dates that are further apart or closer than the periods of a year by this factor are pointed out. */
const SPACING_TOLERANCE = 1.6;

/** Two series are not of the same periods. */
export class OtherPeriodsError extends AppError {
  readonly code = "OTHER_PERIODS";
  readonly kind = "data";

  constructor(file: string, expected: string, found: string) {
    super(`${file}: expected ${expected}, found ${found}. Give both series over the same periods.`);
  }
}

/** Returns, and the day at the end of each where the file names days. */
export type DatedReturns = {
  readonly file: string;
  readonly returns: readonly number[];
  readonly dates: readonly IsoDate[] | undefined;
};

/** A series as the file has it, and its returns. */
export type LoadedSeries = DatedReturns & {
  readonly column: string;
  readonly series: Series;
  /** {1} Share in the market over the period of each return. */
  readonly positions: readonly number[] | undefined;
};

/** Options of the commands that annualize. */
export type AnnualOptions = { readonly json: boolean; readonly periodsPerYear: number };

/** Adds `--periods-per-year` and `--json` to a command. */
export function addAnnualOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--periods-per-year <n>", "periods of a year: 52 weeks, 365 days, 12 months")
        .argParser(parseAbove(0))
        .default(WEEKS_PER_YEAR),
    )
    .addOption(jsonOption());
}

/** A parser of numbers above a limit. @throws UsageError for anything else. */
export function parseAbove(limit: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!(value > limit && value < Number.POSITIVE_INFINITY)) {
      throw new UsageError(`Expected a number above ${limit}, found '${text}'.`);
    }
    return value;
  };
}

/** A parser of numbers from a limit on. @throws UsageError for anything else. */
export function parseAtLeast(least: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!(value >= least && value < Number.POSITIVE_INFINITY)) {
      throw new UsageError(`Expected a number from ${least}, found '${text}'.`);
    }
    return value;
  };
}

/** A parser of whole numbers from a limit on. @throws UsageError for anything else. */
export function parseWhole(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= 0xff_ff_ff_ff)) {
      throw new UsageError(`Expected a whole number from ${least} to 4294967295, found '${text}'.`);
    }
    return value;
  };
}

/** The table of a file; a last line without a line break is read, and pointed out on standard error. */
export function loadTable(path: string): Table {
  const table = readTable(path);
  if (!table.isEnded) printNote(`${path} ends without a line break; make sure that it was not cut off`);
  return table;
}

/** The series of a file. */
export function loadSeries(path: string): LoadedSeries {
  const file = seriesOf(loadTable(path));
  const series = { kind: kindOf(file.column), values: file.values };
  const returns = simpleReturns(series);
  const afterFirst = file.values.length - returns.length; // 1 for prices, whose first has no return
  return {
    file: path,
    column: file.column,
    series,
    returns,
    dates: file.dates?.slice(afterFirst),
    positions: file.positions?.slice(afterFirst),
  };
}

function kindOf(column: SeriesFile["column"]): Series["kind"] {
  return column === "return" || column === "log_return" ? column : "price";
}

/** The trials of a file. */
export function loadTrials(path: string): TrialsFile {
  return trialsOf(loadTable(path));
}

/**
 * The returns of a benchmark file over the periods of `wanted`: the same dates where both have dates (what lies before
 * or after is left out), otherwise as many returns.
 *
 * @throws OtherPeriodsError
 */
export function loadBenchmark(path: string, wanted: Omit<DatedReturns, "file">): number[] {
  const { returns, dates } = loadSeries(path);
  const length = wanted.returns.length;
  if (dates === undefined || wanted.dates === undefined) {
    if (returns.length === length) return [...returns];
    throw new OtherPeriodsError(path, `${length} returns`, String(returns.length));
  }
  const [first, last] = [wanted.dates[0] ?? "", wanted.dates.at(-1) ?? ""];
  const within = dates.flatMap((date, i) => (date >= first && date <= last ? [{ date, value: returns[i] ?? 0 }] : []));
  for (let i = 0; i < Math.max(within.length, length); i++) {
    const [expected, found] = [wanted.dates[i] ?? "no more", within[i]?.date ?? "no more"];
    if (expected !== found) throw new OtherPeriodsError(path, `return ${i + 1} on ${expected}`, found);
  }
  return within.map(({ value }) => value);
}

/** What a reader has to know of the dates: that they are not as far apart as the periods of a year say. */
export function spacingNotices(dates: readonly IsoDate[] | undefined, perYear: number): string[] {
  if (dates === undefined || dates.length < 2) return [];
  const gaps = dates.slice(1).map((date, i) => dayNumber(date) - dayNumber(dates[i] ?? date));
  const days = linearQuantile(gaps, [1, 2]);
  const ratio = (days * perYear) / DAYS_PER_YEAR;
  if (ratio < SPACING_TOLERANCE && ratio > 1 / SPACING_TOLERANCE) return [];
  const fitting = Math.round(DAYS_PER_YEAR / days);
  return [
    `dates are ${days} days apart (median), but a year is taken as ${perYear} periods: give --periods-per-year ${fitting}`,
  ];
}
