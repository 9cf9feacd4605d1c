// Turns a data folder into market history: recognizes its files by their headers and reads them.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { type HistoryBuilder, addRow, buildHistory, historyBuilder } from "../history-builder.ts";
import type { ListedPlace } from "../defects/lists.ts";
import type { CoinFlags, History } from "../history.ts";
import { fullLists } from "../ranked-lists.ts";
import { REFERENCE_COIN, type ReferenceBuilder, addReference, buildReferences } from "../references.ts";
import { type Place, UnreadableFileError, readCsvBytes, readHead, readHeader } from "./csv-file.ts";
import { readDailyFile } from "./daily-file.ts";
import type { FileReport } from "./file-report.ts";
import { type DailyFormat, type FileFormat, UnknownFormatError, formatName, formatOf } from "./format.ts";
import { parseCoins } from "./labels-csv.ts";
import { readPlaces } from "./places.ts";
import { isPoolStates } from "./pool-states.ts";
import { readReferenceFile } from "./reference-file.ts";

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

/** The history of a data folder and what was found in each of its files. */
export type LoadedData = { readonly history: History; readonly files: readonly FileReport[] };

/** Called before a file is read, with its name, number and the count of files. */
export type ReadProgress = (file: string, index: number, count: number) => void;

/** A file with its format. `file` is its name in reports. */
export type FoundFile = { readonly path: string; readonly file: string; readonly format: FileFormat };
type Reading = {
  readonly coingecko: HistoryBuilder;
  readonly coinmarketcap: HistoryBuilder;
  readonly flags: Map<string, CoinFlags>;
  readonly references: ReferenceBuilder;
  readonly places: ListedPlace[];
  readonly hasList: boolean;
};

const READING_ORDER = ["coins", "supplement-daily", "coingecko-daily", "cmc-daily"];

/** Files in the order in which they must be read: a list of coins first, as the others are checked against it. */
export function inReadingOrder(files: readonly FoundFile[]): FoundFile[] {
  const place = ({ format }: FoundFile): number => {
    const at = READING_ORDER.indexOf(formatName(format));
    return at === -1 ? READING_ORDER.length : at;
  };
  return [...files].sort((a, b) => place(a) - place(b));
}

/**
 * Reads what a folder holds. Files that hold neither daily prices nor ranked lists are listed and left alone.
 *
 * @throws NoMarketDataError when there are no daily prices, and the named error of the first defect in a file.
 */
export function readDirectory(directory: string, progress: ReadProgress = () => {}): LoadedData {
  return readFound(directory, filesOf(directory), progress);
}

/** Reads these files alone, as a folder that holds no others. Errors are those of {@link readDirectory}. */
export function readFiles(paths: readonly string[], progress: ReadProgress = () => {}): LoadedData {
  const found = paths.map((path) => recognize(path, basename(path)));
  return readFound(paths.join(", "), found, progress);
}

/**
 * The files to import at a path: the file itself, or all of a folder.
 *
 * @throws UnknownFormatError for a file of no known format, NoMarketDataError for a folder without any of a known one.
 */
export function filesAt(path: string): FoundFile[] {
  if (existsSync(path) && statSync(path).isFile()) return [recognized(path)];
  const found = filesOf(path);
  if (found.some((file) => file.format.kind !== "other")) return found;
  throw new NoMarketDataError(
    path,
    found.map((file) => file.file),
  );
}

function recognized(path: string): FoundFile {
  const found = recognize(path, basename(path));
  if (found.format.kind === "other") throw new UnknownFormatError(path, readHeader(path));
  return found;
}

function filesOf(directory: string): FoundFile[] {
  if (!existsSync(directory)) throw new NoMarketDataError(directory, ["no such file or folder"]);
  if (!statSync(directory).isDirectory()) throw new NoMarketDataError(directory, ["a file in the place of a folder"]);
  return namesIn(directory)
    .filter((file) => /\.(?:csv|json)(?:\.gz)?$/.test(file))
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

function recognize(path: string, file: string): FoundFile {
  if (!/\.json(?:\.gz)?$/.test(file)) return { path, file, format: formatOf(path, readHeader(path)) };
  return { path, file, format: { kind: isPoolStates(readHead(path).toString("utf8")) ? "pool-states" : "other" } };
}

function readFound(where: string, found: readonly FoundFile[], progress: ReadProgress): LoadedData {
  const reading: Reading = {
    coingecko: historyBuilder("coingecko"),
    coinmarketcap: historyBuilder("coinmarketcap"),
    flags: new Map(),
    references: new Map(),
    places: [],
    hasList: found.some(({ format }) => format.kind === "coins"),
  };
  const files = inReadingOrder(found).map((file, i) => {
    progress(file.file, i + 1, found.length);
    return readOne(file, reading);
  });
  const providers = [buildHistory(reading.coinmarketcap), buildHistory(reading.coingecko)].filter(
    (history) => history !== undefined,
  );
  if (providers.length === 0)
    throw new NoMarketDataError(
      where,
      found.map((file) => file.file),
    );
  const lists = fullLists(reading.places);
  const references = buildReferences(reading.references);
  return { history: { providers, flags: reading.flags, references, lists }, files };
}

function readOne(found: FoundFile, reading: Reading): FileReport {
  const { path, file, format } = found;
  switch (format.kind) {
    case "daily":
      return readDailyFile(
        { path, file, format: format.format },
        readCsvBytes(path),
        (row, { provider, source, rank, place }) => {
          requireListed(row.coinId, format.format, { reading, place });
          if (rank > 0 && row.coinId === REFERENCE_COIN) addReference(reading.references, { ...row, source });
          addRow(provider === "coingecko" ? reading.coingecko : reading.coinmarketcap, row, rank);
        },
      );
    case "coins": {
      const coins = parseCoins(path, readCsvBytes(path));
      for (const { coinId, flags } of coins) reading.flags.set(coinId, flags);
      return { file, format: "coins", rows: coins.length, coins: coins.length };
    }
    case "table":
      if (format.format.table === "snapshots" && format.format.format !== "coingecko-snapshot") {
        for (const place of readPlaces(format.format, found)) reading.places.push(place);
      }
      return readReferenceFile(found, format.format, reading.references);
    case "pool-states":
    case "other":
      return { file, format: "other", rows: 0, coins: 0 };
  }
}

// The supplement adds coins that the list does not know: it stands for their registration.
function requireListed(
  coinId: string,
  format: DailyFormat,
  { reading, place }: { readonly reading: Reading; readonly place: Place },
): void {
  if (format !== "coingecko-daily" || !reading.hasList) return;
  if (!reading.flags.has(coinId) && !reading.coingecko.drafts.has(coinId)) throw new UnknownCoinError(place, coinId);
}
