// Turns a file of daily prices into rows of one provider, each with the rank of its source.
import { dateOfDay } from "../../core/time.ts";
import type { DailyRow } from "../history.ts";
import { readCmcRows } from "./cmc-csv.ts";
import { readCoingeckoRows, readSupplementRows } from "./coingecko-csv.ts";
import type { Place } from "./csv-file.ts";
import type { FileReport } from "./file-report.ts";
import type { DailyFormat } from "./format.ts";

/** A file of daily prices. `file` is its name in reports. */
export type DailyFile = { readonly path: string; readonly file: string; readonly format: DailyFormat };

/** Who states a row. Of several sources of one coin and day the one of the lowest rank is taken. */
export type RowOrigin = {
  readonly provider: "coinmarketcap" | "coingecko";
  readonly source: string;
  readonly rank: number;
  readonly place: Place;
};

/** Name of the source of rows that state none. */
export const MAIN_SOURCE = "main";
/** Rows of the supplement's sources from best to worst; the main file stands above all. */
const SOURCE_RANK: Readonly<Record<string, number>> = { coingecko: 1, sj_export: 2, binance_spot: 3 };
const LAST_RANK = 4;

/** Calls `visit` with every row of the file. @throws The named error of the first defect. */
export function readDailyFile(
  found: DailyFile,
  bytes: Buffer,
  visit: (row: DailyRow, origin: RowOrigin) => void,
): FileReport {
  const last = new Map<string, number>();
  let [from, to, gaps, missingDays] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  const rows = readRows(found, bytes, (row, origin) => {
    const missing = row.day - (last.get(row.coinId) ?? row.day) - 1;
    if (missing > 0) {
      gaps++;
      missingDays += missing;
    }
    last.set(row.coinId, row.day);
    from = Math.min(from, row.day);
    to = Math.max(to, row.day);
    visit(row, origin);
  });
  const span = rows === 0 ? {} : { from: dateOfDay(from), to: dateOfDay(to) };
  return { file: found.file, format: found.format, rows, coins: last.size, missingDays, gaps, ...span };
}

function readRows(found: DailyFile, bytes: Buffer, visit: (row: DailyRow, origin: RowOrigin) => void): number {
  const { path, format } = found;
  const main = { source: MAIN_SOURCE, rank: 0 };
  switch (format) {
    case "cmc-daily":
      return readCmcRows(path, bytes, (row, place) => {
        visit(row, { provider: "coinmarketcap", ...main, place });
      });
    case "coingecko-daily":
      return readCoingeckoRows(path, bytes, (row, place) => {
        visit(row, { provider: "coingecko", ...main, place });
      });
    case "supplement-daily":
      return readSupplementRows(path, bytes, (row, place) => {
        const { source } = place;
        visit(row, { provider: "coingecko", source, rank: SOURCE_RANK[source] ?? LAST_RANK, place });
      });
  }
}
