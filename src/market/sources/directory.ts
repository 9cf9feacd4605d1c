// Turns a data folder into market history: recognizes its files by their headers and reads them.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { type IsoDate, dateOfDay } from "../../core/time.ts";
import { type HistoryBuilder, addRow, buildHistory, historyBuilder } from "../history-builder.ts";
import type { CoinFlags, DailyRow, History } from "../history.ts";
import { readCmcCloseRows, readCmcRows } from "./cmc-csv.ts";
import { readCoingeckoRows, readSupplementRows } from "./coingecko-csv.ts";
import { type Place, UnreadableFileError, readCsvBytes, readHeader } from "./csv-file.ts";
import { type FileFormat, UnknownFormatError, formatOf } from "./format.ts";
import { parseLabels } from "./labels-csv.ts";

/** There is a list of coins, and a row names a coin that is not in it. */
export class UnknownCoinError extends AppError {
  readonly code = "UNKNOWN_COIN";
  readonly kind = "data";
  readonly place: Place;
  readonly coinId: string;

  constructor(place: Place, coinId: string) {
    super(
      `${place.file}, line ${place.line}: the coin '${coinId}' is not in the list of coins. ` +
        "Correct the coin id, or add the coin with its flags to the list.",
    );
    this.place = place;
    this.coinId = coinId;
  }
}

/** A folder or file holds no daily prices in a known format. */
export class NoMarketDataError extends AppError {
  readonly code = "NO_MARKET_DATA";
  readonly kind = "data";

  constructor(path: string, found: readonly string[]) {
    super(
      `${path} holds no daily prices: expected a .csv or .csv.gz file in the CoinGecko or CoinMarketCap daily format, ` +
        `found ${found.length === 0 ? "no CSV file" : found.join(", ")}. Fill it with 'data import', or use '--data simulated'.`,
    );
  }
}

/** What was found in one file. */
export type FileReport = {
  /** Name without the folder. */
  readonly file: string;
  readonly format: FileFormat | "simulated";
  readonly rows: number;
  readonly coins: number;
  /** Days without a row between two rows of one series of the file, summed over all, and their runs. */
  readonly missingDays: number;
  readonly gaps: number;
  /** First and last day with a row; absent for a list of coins and for files that are not read. */
  readonly from?: IsoDate;
  readonly to?: IsoDate;
};

/** The history of a data folder and what was found in each of its files. */
export type LoadedData = { readonly history: History; readonly files: readonly FileReport[] };

/** Called before a file is read, with its name, number and the count of files. */
export type ReadProgress = (file: string, index: number, count: number) => void;

type Found = { readonly path: string; readonly file: string; readonly format: FileFormat };
type DailyFormat = Exclude<FileFormat, "coins" | "other">;
type DailyFile = Found & { readonly format: DailyFormat };
type Reading = {
  readonly coingecko: HistoryBuilder;
  readonly coinmarketcap: HistoryBuilder;
  readonly flags: Map<string, CoinFlags>;
  readonly hasList: boolean;
};

/** Rows of the supplement's sources from best to worst; the main file stands above all. */
const SOURCE_RANK: Readonly<Record<string, number>> = { coingecko: 1, sj_export: 2, binance_spot: 3 };
const LAST_RANK = 4;
const READING_ORDER: readonly FileFormat[] = [
  "coins",
  "supplement-daily",
  "coingecko-daily",
  "cmc-daily",
  "cmc-close-daily",
  "other",
];

/**
 * Reads what a folder holds. Files in other formats are listed and left alone.
 *
 * @throws NoMarketDataError when there are no daily prices, and the named error of the first defect in a file.
 */
export function readDirectory(directory: string, progress: ReadProgress = () => {}): LoadedData {
  return readFound(directory, filesOf(directory), progress);
}

/** Reads several files as one history. @throws UnknownFormatError for a file of no known format. */
export function readFiles(paths: readonly string[], progress: ReadProgress = () => {}): LoadedData {
  return readFound(
    paths.join(", "),
    paths.map((path) => recognized(path)),
    progress,
  );
}

/**
 * The files to read at a path: the file itself, or those of a folder that are of a known format.
 *
 * @throws UnknownFormatError for a file of no known format, NoMarketDataError for a folder without any of a known one.
 */
export function recognizedFiles(path: string): string[] {
  if (existsSync(path) && statSync(path).isFile()) return [recognized(path).path];
  const found = filesOf(path);
  const known = found.filter((file) => file.format !== "other");
  if (known.length === 0)
    throw new NoMarketDataError(
      path,
      found.map((file) => file.file),
    );
  return known.map((file) => file.path);
}

function recognized(path: string): Found {
  const found = recognize(path, path);
  if (found.format === "other") throw new UnknownFormatError(path, readHeader(path));
  return found;
}

function filesOf(directory: string): Found[] {
  if (!existsSync(directory)) throw new NoMarketDataError(directory, ["no such folder"]);
  if (!statSync(directory).isDirectory()) throw new NoMarketDataError(directory, ["a file in the place of a folder"]);
  return namesIn(directory)
    .filter((file) => /\.csv(\.gz)?$/.test(file))
    .sort()
    .map((file) => recognize(join(directory, file), file));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    throw new UnreadableFileError(directory, cause);
  }
}

function recognize(path: string, file: string): Found {
  return { path, file, format: formatOf(path, readHeader(path)) };
}

function readFound(where: string, found: readonly Found[], progress: ReadProgress): LoadedData {
  const ordered = [...found].sort((a, b) => READING_ORDER.indexOf(a.format) - READING_ORDER.indexOf(b.format));
  const reading: Reading = {
    coingecko: historyBuilder("coingecko"),
    coinmarketcap: historyBuilder("coinmarketcap"),
    flags: new Map(),
    hasList: found.some((file) => file.format === "coins"),
  };
  const files = ordered.map((file, i) => {
    progress(file.file, i + 1, ordered.length);
    return readOne(file, reading);
  });
  const providers = [buildHistory(reading.coinmarketcap), buildHistory(reading.coingecko)].filter(
    (history) => history !== undefined,
  );
  if (providers.length === 0 && !reading.hasList)
    throw new NoMarketDataError(
      where,
      found.map((file) => file.file),
    );
  return { history: { providers, flags: reading.flags }, files };
}

function readOne(found: Found, reading: Reading): FileReport {
  if (found.format === "other")
    return { file: found.file, format: "other", rows: 0, coins: 0, missingDays: 0, gaps: 0 };
  const bytes = readCsvBytes(found.path);
  if (found.format === "coins") {
    const flags = parseLabels(found.path, bytes);
    for (const [coinId, coinFlags] of flags) reading.flags.set(coinId, coinFlags);
    return { file: found.file, format: "coins", rows: flags.size, coins: flags.size, missingDays: 0, gaps: 0 };
  }
  return readDaily({ ...found, format: found.format }, bytes, reading);
}

function readDaily(found: DailyFile, bytes: Buffer, reading: Reading): FileReport {
  const last = new Map<string, number>();
  let [from, to, gaps, missingDays] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  const rows = readDailyRows(found, bytes, (row, place) => {
    const missing = row.day - (last.get(row.coinId) ?? row.day) - 1;
    if (missing > 0) {
      gaps++;
      missingDays += missing;
    }
    last.set(row.coinId, row.day);
    from = Math.min(from, row.day);
    to = Math.max(to, row.day);
    keepRow(found.format, reading, { row, place });
  });
  const span = rows === 0 ? {} : { from: dateOfDay(from), to: dateOfDay(to) };
  return { file: found.file, format: found.format, rows, coins: last.size, missingDays, gaps, ...span };
}

type SourcedPlace = Place & { readonly source?: string };

function readDailyRows(found: DailyFile, bytes: Buffer, visit: (row: DailyRow, place: SourcedPlace) => void): number {
  switch (found.format) {
    case "cmc-daily":
      return readCmcRows(found.path, bytes, visit);
    case "cmc-close-daily":
      return readCmcCloseRows(found.path, bytes, visit);
    case "coingecko-daily":
      return readCoingeckoRows(found.path, bytes, visit);
    case "supplement-daily":
      return readSupplementRows(found.path, bytes, visit);
  }
}

function keepRow(
  format: DailyFormat,
  reading: Reading,
  found: { readonly row: DailyRow; readonly place: SourcedPlace },
): void {
  const { row, place } = found;
  switch (format) {
    case "cmc-daily":
    case "cmc-close-daily":
      addRow(reading.coinmarketcap, row, 0);
      return;
    case "coingecko-daily":
      if (reading.hasList && !isKnown(row.coinId, reading)) throw new UnknownCoinError(place, row.coinId);
      addRow(reading.coingecko, row, 0);
      return;
    case "supplement-daily": // adds coins that the list does not know: it stands for their registration
      addRow(reading.coingecko, row, SOURCE_RANK[place.source ?? ""] ?? LAST_RANK);
  }
}

function isKnown(coinId: string, reading: Reading): boolean {
  return reading.flags.has(coinId) || reading.coingecko.drafts.has(coinId);
}
