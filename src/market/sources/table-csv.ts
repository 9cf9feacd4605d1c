// Turns a CSV file with any columns, plain or gzipped, into named columns of checked numbers and dates.
import { parse } from "csv-parse/sync";
import { AppError } from "../../core/errors.ts";
import { type IsoDate, isoDate } from "../../core/time.ts";
import { MalformedLineError, type Place, readCsvBytes } from "./csv-file.ts";
import { BadValueError } from "./csv-values.ts";

/** The rows of a file as text. */
export type Table = {
  readonly path: string;
  /** In lower case, without spaces around them. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly fields: readonly string[] }[];
  /** False when the last line has no line break: it may be cut off. */
  readonly isEnded: boolean;
};

/** No column of the file is what was looked for. */
export class NoColumnError extends AppError {
  readonly code = "NO_COLUMN";
  readonly kind = "data";

  constructor({ path, columns }: Pick<Table, "path" | "columns">, expected: string) {
    super(`${path}: expected ${expected}, found the columns ${columns.map((name) => `'${name}'`).join(", ")}.`);
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NEWLINE = 10;

/**
 * The table that a file holds.
 *
 * @throws UnreadableFileError, TruncatedFileError for a damaged gzip stream, MalformedLineError for an empty file, a row
 *   with more or fewer fields than the header, or a header that names a column twice.
 */
export function readTable(path: string): Table {
  const bytes = readCsvBytes(path);
  const [header, ...rows] = parseRows(path, bytes);
  if (header === undefined) throw new MalformedLineError({ file: path, line: 1 }, "a header", "an empty file");
  const columns = header.fields.map((name) => name.toLowerCase());
  const repeated = columns.find((name, i) => columns.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw new MalformedLineError({ file: path, line: 1 }, "each column once", `'${repeated}' twice`);
  }
  return { path, columns, rows, isEnded: bytes.at(-1) === NEWLINE };
}

function parseRows(path: string, bytes: Buffer): { line: number; fields: string[] }[] {
  try {
    const lines: number[] = [];
    const records = parse(bytes, {
      bom: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (record, context) => {
        lines.push(context.lines);
        return record;
      },
    });
    return records.map((fields, i) => ({ line: lines[i] ?? 0, fields }));
  } catch (cause) {
    const line = typeof cause === "object" && cause !== null && "lines" in cause ? Number(cause.lines) : 1;
    throw new MalformedLineError(
      { file: path, line },
      "as many fields as the header has",
      cause instanceof Error ? cause.message : String(cause),
    );
  }
}

/** What numbers a column may hold. */
export type NumberRule = { readonly expected: string; readonly isGood: (value: number) => boolean };

/** Any finite number. */
export const ANY_NUMBER: NumberRule = { expected: "a number", isGood: () => true };
/** A simple return. */
export const RETURN: NumberRule = { expected: "a return of -1 or more", isGood: (value) => value >= -1 };
/** A price or a level. */
export const PRICE: NumberRule = { expected: "a price above zero", isGood: (value) => value > 0 };

/**
 * The numbers of a column, a row each.
 *
 * @throws NoColumnError; BadValueError for an empty field, NaN, an infinity, text, or a number against the rule.
 */
export function numbersOf(table: Table, column: string, rule: NumberRule): number[] {
  return textsOf(table, column).map(({ text, place }) => numberOf(text, { column, place, rule }));
}

/** As {@link numbersOf}, with `undefined` for an empty field. */
export function knownNumbersOf(table: Table, column: string, rule: NumberRule): (number | undefined)[] {
  return textsOf(table, column).map(({ text, place }) =>
    text === "" ? undefined : numberOf(text, { column, place, rule }),
  );
}

function numberOf(
  text: string,
  field: { readonly column: string; readonly place: Place; readonly rule: NumberRule },
): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!(Number.isFinite(value) && field.rule.isGood(value))) {
    throw new BadValueError(field.place, { column: field.column, found: text, expected: field.rule.expected });
  }
  return value;
}

/** The fields of a column, and where they stand. @throws NoColumnError */
export function textsOf(table: Table, column: string): { readonly text: string; readonly place: Place }[] {
  const index = table.columns.indexOf(column);
  if (index === -1) throw new NoColumnError(table, `a column '${column}'`);
  return table.rows.map(({ line, fields }) => ({ text: fields[index] ?? "", place: { file: table.path, line } }));
}

/** The days of the column `date`, each written YYYY-MM-DD with or without a time after it. */
export function daysOf(table: Table): IsoDate[] {
  return textsOf(table, "date").map(({ text, place }) => {
    try {
      return isoDate(text.replace(/[T ]\d{2}:\d{2}.*$/, ""));
    } catch {
      throw new BadValueError(place, {
        column: "date",
        found: text,
        expected: "an existing day written as YYYY-MM-DD",
      });
    }
  });
}

/** As {@link daysOf}, but every day once and in ascending order. @throws BadValueError naming the first that is not. */
export function ascendingDaysOf(table: Table): IsoDate[] {
  const days = daysOf(table);
  days.forEach((day, i) => {
    const before = days[i - 1];
    if (before === undefined || before < day) return;
    const place = { file: table.path, line: table.rows[i]?.line ?? 0 };
    throw new BadValueError(place, { column: "date", found: day, expected: `a day after ${before}` });
  });
  return days;
}
