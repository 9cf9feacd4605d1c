// Turns lines of CSV into files of a temporary folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Header of the CoinGecko daily format. */
export const COINGECKO_HEADER = "date,coin_id,symbol,price_usd,market_cap_usd,volume_usd";
/** Header of the CoinMarketCap daily format. */
export const CMC_HEADER = "date,slug,open_usd,close_usd,market_cap_usd,volume_usd";

/** A folder that exists until the end of the test that asked for it. */
export type TemporaryFolder = {
  readonly path: string;
  /** Writes lines, each ended by a line break, and gives back the file's path. */
  readonly write: (file: string, lines: readonly string[]) => string;
  /** Writes bytes as they are. */
  readonly writeBytes: (file: string, bytes: Buffer | string) => string;
  readonly remove: () => void;
};

/** A new empty folder. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "tm100-"));
  const writeBytes = (file: string, bytes: Buffer | string): string => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, file), bytes);
    return join(path, file);
  };
  return {
    path,
    writeBytes,
    write: (file, lines) => writeBytes(file, lines.map((line) => `${line}\n`).join("")),
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
