// Turns market history into a folder of normalized files with a manifest, all or nothing.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { dateOfDay } from "../../core/time.ts";
import type { CoinSeries, History, ProviderHistory } from "../history.ts";
import { CMC_CLOSE_COLUMNS } from "./cmc-csv.ts";
import { COINGECKO_COLUMNS } from "./coingecko-csv.ts";
import { readCsvBytes } from "./csv-file.ts";
import { LABEL_COLUMNS } from "./labels-csv.ts";

/** The target folder holds files that this program did not write, and would lose them. */
export class ForeignFilesError extends AppError {
  readonly code = "FOREIGN_FILES";
  readonly kind = "data";

  constructor(directory: string, files: readonly string[]) {
    super(
      `${directory} holds files that 'data import' did not write: ${files.join(", ")}. Choose another folder or move them away.`,
    );
  }
}

/** The target folder cannot be written. */
export class TargetNotWritableError extends AppError {
  readonly code = "TARGET_NOT_WRITABLE";
  readonly kind = "usage";
  readonly directory: string;

  constructor(directory: string, found: string, options?: ErrorOptions) {
    super(
      `Expected a folder that can be written at ${directory}, found ${found}. Name another with --data, or mend its permissions.`,
      options,
    );
    this.directory = directory;
  }
}

/** A file of a data folder is not the one that was written. */
export class ManifestMismatchError extends AppError {
  readonly code = "MANIFEST_MISMATCH";
  readonly kind = "data";

  constructor(file: string, expected: string, found: string) {
    super(`${file} was changed after the import: expected sha-256 ${expected}, found ${found}. Import the data again.`);
  }
}

const manifestSchema = z.strictObject({
  version: z.literal(1),
  files: z.array(z.strictObject({ file: z.string(), rows: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});

/** What a folder of normalized files holds; sha-256 is that of the text before compression. */
export type Manifest = z.infer<typeof manifestSchema>;

const MANIFEST = "manifest.json";
/** The list of coins in a data folder; its other files hold a row a coin and day. */
export const COINS_FILE = "coins.csv";

type NormalizedFile = { readonly file: string; readonly rows: number; readonly text: string };

/**
 * Writes the history's normalized files and replaces the folder by them in one step, so that a failure leaves the old
 * folder as it was.
 *
 * @throws ForeignFilesError when the folder holds anything else, TargetNotWritableError when it cannot be written.
 */
export function writeStore(directory: string, history: History): Manifest {
  requireWritable(directory);
  const files = normalizedFiles(history);
  const manifest: Manifest = {
    version: 1,
    files: files.map(({ file, rows, text }) => ({ file, rows, sha256: sha256(text) })),
  };
  const target = resolve(directory);
  const fresh = `${target}.new-${process.pid}`;
  const old = `${target}.old-${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  try {
    mkdirSync(fresh);
    for (const { file, text } of files) writeFileSync(join(fresh, file), file.endsWith(".gz") ? gzipSync(text) : text);
    writeFileSync(join(fresh, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
  } finally {
    if (!existsSync(target) && existsSync(old)) renameSync(old, target);
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
  return manifest;
}

/**
 * Checks before any work that {@link writeStore} can replace the folder; leaves nothing behind.
 *
 * @throws TargetNotWritableError when it cannot, ForeignFilesError when the folder holds anything else.
 */
export function requireWritable(directory: string): void {
  const target = resolve(directory);
  if (existsSync(target) && !statSync(target).isDirectory()) throw new TargetNotWritableError(directory, "a file");
  const parent = dirname(target);
  try {
    // The folder is replaced as a whole, so that its nearest existing ancestor must take a new folder.
    rmSync(mkdtempSync(join(nearestFolder(parent), ".tm100-")), { recursive: true });
    refuseForeignFiles(directory);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new TargetNotWritableError(directory, `one that cannot be (${found})`, { cause });
  }
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/**
 * Compares a folder's files with its manifest.
 *
 * @returns `undefined` for a folder without a manifest, which nothing can be compared with.
 * @throws ManifestMismatchError at the first file that differs.
 */
export function verifyStore(directory: string): Manifest | undefined {
  const path = join(directory, MANIFEST);
  if (!existsSync(path)) return undefined;
  const manifest = parseManifest(path);
  for (const { file, sha256: expected } of manifest.files) {
    const found = sha256(readCsvBytes(join(directory, file)));
    if (found !== expected) throw new ManifestMismatchError(join(directory, file), expected, found);
  }
  return manifest;
}

/** Paths of the normalized files that a folder holds by its manifest; none without a manifest. */
export function storedFiles(directory: string): string[] {
  const path = join(directory, MANIFEST);
  return existsSync(path) ? parseManifest(path).files.map(({ file }) => join(directory, file)) : [];
}

function parseManifest(path: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new ManifestMismatchError(path, "of a readable manifest", "none");
  }
}

function refuseForeignFiles(directory: string): void {
  if (!existsSync(directory)) return;
  const present = readdirSync(directory);
  const own = present.includes(MANIFEST) ? parseManifest(join(directory, MANIFEST)).files.map(({ file }) => file) : [];
  const foreign = present.filter((file) => file !== MANIFEST && !own.includes(file));
  if (foreign.length > 0) throw new ForeignFilesError(directory, foreign.slice(0, 5));
}

function normalizedFiles(history: History): NormalizedFile[] {
  const daily = history.providers.map((provider) =>
    provider.provider === "coinmarketcap"
      ? dailyFile("cmc_daily.csv.gz", CMC_CLOSE_COLUMNS, provider)
      : dailyFile("coingecko_daily.csv.gz", COINGECKO_COLUMNS, provider),
  );
  return history.flags.size === 0 ? daily : [...daily, coinsFile(history)];
}

function dailyFile(file: string, header: string, history: ProviderHistory): NormalizedFile {
  const hasSymbol = header === COINGECKO_COLUMNS;
  const blocks = history.coins.map((coin) => rowsOf(coin, hasSymbol ? `${coin.coinId},${coin.symbol}` : coin.coinId));
  const lines = blocks.flat();
  return { file, rows: lines.length, text: `${[header, ...lines].join("\n")}\n` };
}

function rowsOf(coin: CoinSeries, name: string): string[] {
  const lines: string[] = [];
  coin.priceUsd.forEach((price, i) => {
    if (Number.isNaN(price)) return;
    const cap = coin.capUsd[i] ?? Number.NaN;
    const volume = coin.volumeUsd[i] ?? Number.NaN;
    lines.push(`${dateOfDay(coin.firstDay + i)},${name},${price},${known(cap)},${known(volume)}`);
  });
  return lines;
}

// Coins with rows that the list lacked are entered without a flag: a later import must not find them unknown.
function coinsFile(history: History): NormalizedFile {
  const traded = history.providers.filter((provider) => provider.provider !== "coinmarketcap");
  const ids = new Set([
    ...history.flags.keys(),
    ...traded.flatMap((provider) => provider.coins.map((coin) => coin.coinId)),
  ]);
  const lines = [...ids].sort().map((coinId) => {
    const flags = history.flags.get(coinId);
    return [
      coinId,
      ...[flags?.stable, flags?.wrapped, flags?.realWorld].map((flag) => (flag === true ? "1" : "0")),
    ].join();
  });
  return { file: COINS_FILE, rows: lines.length, text: `${[LABEL_COLUMNS.join(), ...lines].join("\n")}\n` };
}

function known(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
