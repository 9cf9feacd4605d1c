// Turns a data folder into market history: a history store by its manifest, else a folder of CSV files.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type LoadedData, type ReadProgress, readDirectory } from "./directory.ts";
import { MANIFEST } from "./store/manifest.ts";

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
  progress("the history store", 1, 1);
  // The database is loaded only where there is a store: it takes 30 ms and 70 MB.
  const [{ Draft }, { readHistory }] = await Promise.all([
    import("./store/store.ts"),
    import("./store/read-history.ts"),
  ]);
  const draft = await Draft.open(directory);
  try {
    const history = await readHistory(draft);
    return { history, files: draft.sources };
  } finally {
    draft.close();
  }
}
