// Turns a file of one of the table formats into checked rows of its table.
import { basename } from "node:path";
import { dateOf, dateOfDay } from "../../core/time.ts";
import { type Place, forEachLine } from "./csv-file.ts";
import { type FieldValue, parseField } from "./csv-values.ts";
import type { FileReport } from "./file-report.ts";
import { RepeatedRowError } from "./row-order.ts";
import { type StoreColumn, columnsOf, keyOf } from "./store/tables.ts";
import type { TableFormat } from "./table-formats.ts";

/** A file of a format, with its name for reports. */
export type TableFile = { readonly path: string; readonly file: string; readonly bytes: Buffer };

/**
 * Calls `visit` with every row, its values in the order of the table's columns.
 *
 * @throws The named error of the first defect: BadValueError with the column, MalformedLineError, TruncatedFileError,
 *   RepeatedRowError when two rows have one key.
 */
export function readTableFile(
  format: TableFormat,
  file: TableFile,
  visit: (values: readonly FieldValue[]) => void,
): FileReport {
  const columns = columnsOf(format.table);
  const layout = columns.map((column) => placeOf(format, column));
  const constants = constantsOf(format, file.path);
  const watch = watchRows(format, columns);
  const rows = forEachLine({ path: file.path, bytes: file.bytes, columns: format.columns.length }, (fields, line) => {
    const place = { file: file.path, line };
    const parsed = format.columns.map(([column, kind], i) =>
      parseField({ text: fields[i] ?? "", column, kind }, place),
    );
    const values = layout.map((at, i) =>
      at === -1 ? (constants[columns[i]?.[0] ?? ""] ?? null) : (parsed[at] ?? null),
    );
    watch.row(values, { place, series: fields[watch.series] ?? "" });
    visit(values);
  });
  return { file: file.file, format: format.format, rows, ...watch.summary() };
}

function placeOf(format: TableFormat, [name]: StoreColumn): number {
  return format.columns.findIndex(([column, , inTable]) => (inTable ?? column) === name);
}

function constantsOf(format: TableFormat, path: string): Readonly<Record<string, string>> {
  const named = format.named === undefined ? {} : { [format.named]: listName(path) };
  return { ...named, ...format.constants };
}

/** The name under which the rows of a ranked list or another nameless series are kept. */
export function listName(path: string): string {
  return basename(path).replace(/\.csv(\.gz)?$/, "");
}

type RowWatch = {
  /** Place of the series' name in the file; -1 without one. */
  readonly series: number;
  readonly row: (values: readonly FieldValue[], about: { readonly place: Place; readonly series: string }) => void;
  readonly summary: () => Pick<FileReport, "coins" | "from" | "to">;
};

function watchRows(format: TableFormat, columns: readonly StoreColumn[]): RowWatch {
  const keys = keyOf(format.table).length;
  const seen = new Set<string>();
  const names = new Set<string>();
  const when = columns.findIndex(([, type]) => type === "day" || type === "time");
  const isTime = columns[when]?.[1] === "time";
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    series: format.columns.findIndex(([column]) => column === format.series),
    row: (values, { place, series }) => {
      const key = values.slice(0, keys).join("\u0000");
      if (seen.has(key)) throw new RepeatedRowError(place, keyOf(format.table).join(", "));
      seen.add(key);
      names.add(series);
      const at = values[when];
      if (typeof at !== "number") return;
      from = Math.min(from, at);
      to = Math.max(to, at);
    },
    summary: () => {
      const date = isTime ? dateOf : dateOfDay;
      return from > to ? { coins: names.size } : { coins: names.size, from: date(from), to: date(to) };
    },
  };
}
