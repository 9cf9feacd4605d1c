// Turns a CSV file into a series of returns or prices, or into a matrix with a series a column.
import type { IsoDate } from "../../core/time.ts";
import {
  ANY_NUMBER,
  NoColumnError,
  PRICE,
  RETURN,
  type Table,
  ascendingDaysOf,
  numbersOf,
  textsOf,
} from "./table-csv.ts";
import { BadValueError } from "./csv-values.ts";

/** Columns that hold a series, the first one that a file has is taken. */
export const SERIES_COLUMNS = ["return", "log_return", "price", "level", "close"] as const;

/** Columns that name the rows. */
const LABEL_COLUMNS: readonly string[] = ["date", "time", "week", ""];

/** What a file says of one series, row by row. */
export type SeriesFile = {
  readonly path: string;
  readonly column: (typeof SERIES_COLUMNS)[number];
  readonly values: readonly number[];
  /** `undefined` without a column `date`. */
  readonly dates: readonly IsoDate[] | undefined;
  /** {1} [0, 1] Share in the market over the row's period; `undefined` without a column `position` or `regime`. */
  readonly positions: readonly number[] | undefined;
};

/**
 * The series of a file: the first of the columns {@link SERIES_COLUMNS} that it has.
 *
 * @throws NoColumnError; BadValueError for anything but a number, a return under −1, a price that is not above zero, and
 *   for dates out of order.
 */
export function seriesOf(table: Table): SeriesFile {
  const column = SERIES_COLUMNS.find((name) => table.columns.includes(name));
  if (column === undefined) throw new NoColumnError(table, `one of ${SERIES_COLUMNS.join(", ")}`);
  const rule = column === "return" ? RETURN : column === "log_return" ? ANY_NUMBER : PRICE;
  return {
    path: table.path,
    column,
    values: numbersOf(table, column, rule),
    dates: table.columns.includes("date") ? ascendingDaysOf(table) : undefined,
    positions: positionsOf(table),
  };
}

function positionsOf(table: Table): number[] | undefined {
  if (table.columns.includes("position")) {
    const rule = { expected: "a share from 0 to 1", isGood: (value: number) => value >= 0 && value <= 1 };
    return numbersOf(table, "position", rule);
  }
  if (!table.columns.includes("regime")) return undefined;
  return textsOf(table, "regime").map(({ text, place }) => {
    if (text === "bull") return 1;
    if (text === "bear") return 0;
    throw new BadValueError(place, { column: "regime", found: text, expected: "bull or bear" });
  });
}

/** Simple returns of several trials over the same periods. */
export type TrialsFile = {
  readonly path: string;
  readonly dates: readonly IsoDate[] | undefined;
  readonly trials: readonly { readonly name: string; readonly returns: readonly number[] }[];
};

/**
 * The trials of a file: every column but the one that names the rows (`date`, `time`, `week` or without a name) is one.
 *
 * @throws NoColumnError when there is no such column; BadValueError as {@link seriesOf}.
 */
export function trialsOf(table: Table): TrialsFile {
  const names = table.columns.filter((name) => !LABEL_COLUMNS.includes(name));
  if (names.length === 0) throw new NoColumnError(table, "a column of returns for each trial");
  return {
    path: table.path,
    dates: table.columns.includes("date") ? ascendingDaysOf(table) : undefined,
    trials: names.map((name) => ({ name, returns: numbersOf(table, name, RETURN) })),
  };
}
