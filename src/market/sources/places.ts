// Turns a file of ranked lists into their places.
import type { ListedPlace } from "../defects/lists.ts";
import { readCsvBytes } from "./csv-file.ts";
import type { FieldValue } from "./csv-values.ts";
import { columnsOf } from "./store/tables.ts";
import type { TableFormat } from "./table-formats.ts";
import { readTableFile } from "./table-file.ts";

const COLUMNS = columnsOf("snapshots").map(([name]) => name);

/** Every place of a file. @throws The errors of {@link readTableFile}. */
export function readPlaces(format: TableFormat, at: { readonly path: string; readonly file: string }): ListedPlace[] {
  const places: ListedPlace[] = [];
  readTableFile(format, { ...at, bytes: readCsvBytes(at.path) }, (values) => {
    const value = (column: string): FieldValue => values[COLUMNS.indexOf(column)] ?? null;
    const amount = (column: string): number | null => {
      const found = value(column);
      return typeof found === "number" ? found : null;
    };
    places.push({
      list: String(value("list")),
      day: Number(value("date")),
      rank: Number(value("rank")),
      symbol: String(value("symbol")),
      priceUsd: amount("price_usd"),
      capUsd: Number(value("market_cap_usd")),
      supply: amount("circulating_supply"),
    });
  });
  return places;
}
