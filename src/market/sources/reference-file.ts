// Turns an exchange's candles into closes of bitcoin, and leaves every other table alone.
import { type ReferenceBuilder, addReference, isBitcoinMarket } from "../references.ts";
import { readCsvBytes } from "./csv-file.ts";
import type { FieldValue } from "./csv-values.ts";
import type { FileReport } from "./file-report.ts";
import { columnsOf } from "./store/tables.ts";
import { readTableFile } from "./table-file.ts";
import type { TableFormat } from "./table-formats.ts";

const CANDLES = columnsOf("candles").map(([name]) => name);

/**
 * Adds what a table's file states of bitcoin.
 *
 * @returns Format `other` without rows for a table that states nothing of it: it is not read.
 * @throws The named error of the first defect of a file of candles.
 */
export function readReferenceFile(
  { path, file }: { readonly path: string; readonly file: string },
  format: TableFormat,
  builder: ReferenceBuilder,
): FileReport {
  if (format.table !== "candles") return { file, format: "other", rows: 0, coins: 0 };
  return readTableFile(format, { path, file, bytes: readCsvBytes(path) }, (values) => {
    const value = (name: string): FieldValue => values[CANDLES.indexOf(name)] ?? null;
    const symbol = String(value("symbol"));
    if (!isBitcoinMarket(symbol)) return;
    const source = `${String(value("exchange"))} ${symbol}`;
    addReference(builder, { source, day: Number(value("date")), priceUsd: Number(value("close")) });
  });
}
