// Turns a data folder into market history: a history store by its manifest, else a folder of CSV files.
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type LoadedData,
  NoMarketDataError,
  type ReadProgress,
  filesAt,
  readDirectory,
  readFiles,
} from "./directory.ts";
import type { History } from "../history.ts";
import { NO_OUTSIDE_SERIES, type OutsideSeries } from "../outside-series.ts";
import { formatName } from "./format.ts";
import { MANIFEST } from "./store/manifest.ts";
import type { Draft } from "./store/store.ts";

const MAIN_FORMATS: readonly string[] = ["coingecko-daily", "coins"];

/** Whether a folder is a history store. */
export function isStore(directory: string): boolean {
  return existsSync(join(directory, MANIFEST));
}

/**
 * Reads a data folder. A store may hold other data than daily prices; then the history has no provider.
 *
 * @throws NoMarketDataError for a folder of CSV files without daily prices, the named error of the first defect of one;
 *   for a store OtherStoreError and UnreadableFileError.
 */
export async function openMarket(directory: string, progress: ReadProgress): Promise<LoadedData> {
  if (!isStore(directory)) return readDirectory(directory, progress);
  const { readHistory } = await import("./store/read-history.ts");
  return await fromStore(directory, progress, readHistory);
}

/**
 * Reads CoinGecko's main file and the list of coins of a data folder, and nothing that supplements them.
 *
 * @throws As {@link openMarket}, and NoMarketDataError when there is no such file.
 */
export async function openMainFile(directory: string, progress: ReadProgress): Promise<LoadedData> {
  if (isStore(directory)) {
    const { readMainHistory } = await import("./store/read-history.ts");
    const loaded = await fromStore(directory, progress, readMainHistory);
    if (loaded.history.providers.length > 0) return loaded;
    throw new NoMarketDataError(directory, ["a history store without rows of CoinGecko's daily file"]);
  }
  const wanted = filesAt(directory).filter(({ format }) => MAIN_FORMATS.includes(formatName(format)));
  return readFiles(
    wanted.map(({ path }) => path),
    progress,
  );
}

const OUTSIDE_TABLES: readonly string[] = ["funding", "open_interest", "fear_greed"];

/**
 * Reads funding, open interest and sentiment of a data folder; empty series where it holds none.
 *
 * @throws The named error of the first defect of such a file; for a store OtherStoreError and UnreadableFileError.
 */
export async function openOutsideSeries(directory: string, progress: ReadProgress): Promise<OutsideSeries> {
  const isKept = isStore(directory);
  const files = isKept
    ? []
    : filesAt(directory).filter(
        ({ format }) => format.kind === "table" && OUTSIDE_TABLES.includes(format.format.table),
      );
  if (!isKept && files.length === 0) return NO_OUTSIDE_SERIES;
  const [{ Draft }, { fillDraft }, { readOutsideSeries }] = await Promise.all([
    import("./store/store.ts"),
    import("./store/import.ts"),
    import("./store/read-outside.ts"),
  ]);
  const draft = await Draft.open(isKept ? directory : undefined);
  try {
    if (!isKept) await fillDraft(draft, files, progress);
    return await readOutsideSeries(draft);
  } finally {
    draft.close();
  }
}

// The database is loaded only where there is a store: it takes 30 ms and 70 MB.
async function fromStore(
  directory: string,
  progress: ReadProgress,
  read: (draft: Draft) => Promise<History>,
): Promise<LoadedData> {
  progress("the history store", 1, 1);
  const { Draft: StoredDraft } = await import("./store/store.ts");
  const draft = await StoredDraft.open(directory);
  try {
    return { history: await read(draft), files: draft.sources };
  } finally {
    draft.close();
  }
}
