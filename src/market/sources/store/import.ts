// Turns files of market data into rows of a history store, all or nothing.
import type { FileReport } from "../file-report.ts";
import { readCsvBytes } from "../csv-file.ts";
import { readDailyFile } from "../daily-file.ts";
import { type FoundFile, type ReadProgress, UnknownCoinError, inReadingOrder } from "../directory.ts";
import { parseCoins } from "../labels-csv.ts";
import { type PoolRows, readPoolRows } from "../pool-states.ts";
import { readTableFile } from "../table-file.ts";
import { requireWritable } from "./folder.ts";
import { type Manifest, sha256 } from "./manifest.ts";
import { Draft, type MergeCounts } from "./store.ts";

/** What was read and written, and how many rows were left out because the store or another file has them. */
export type ImportReport = {
  readonly read: readonly FileReport[];
  readonly manifest: Manifest;
  readonly overlap: number;
};

/**
 * Imports files into the store of a folder. After a failure the folder is as it was.
 *
 * @throws The named error of the first defect in a file, with its line and column.
 */
export async function importFiles(
  files: readonly FoundFile[],
  directory: string,
  progress: ReadProgress,
): Promise<ImportReport> {
  requireWritable(directory);
  const draft = await Draft.open(directory);
  try {
    const read = await fillDraft(draft, files, progress);
    progress("the store", files.length, files.length);
    const manifest = await draft.write(directory);
    return {
      read: read.map(({ report }) => report),
      manifest,
      overlap: read.reduce((sum, { known }) => sum + known, 0),
    };
  } finally {
    draft.close();
  }
}

type ReadFile = { readonly report: FileReport; readonly known: number };

/** Adds the rows of files to a draft, without writing anything. */
export async function fillDraft(
  draft: Draft,
  files: readonly FoundFile[],
  progress: ReadProgress,
): Promise<ReadFile[]> {
  const read: ReadFile[] = [];
  const ordered = inReadingOrder(files);
  const hasList = files.some(({ format }) => format.kind === "coins") || draft.tables().includes("coins");
  for (const [i, file] of ordered.entries()) {
    progress(file.file, i + 1, files.length);
    read.push(await addFile(draft, file, hasList));
  }
  return read;
}

async function addFile(draft: Draft, found: FoundFile, hasList: boolean): Promise<ReadFile> {
  const { path, file, format } = found;
  if (format.kind === "other") return { report: { file, format: "other", rows: 0, coins: 0 }, known: 0 };
  const bytes = readCsvBytes(path);
  const { report, known } = await addRows(draft, { ...found, bytes }, hasList);
  draft.addSource({ ...report, sha256: sha256(bytes) });
  return { report, known };
}

type OpenedFile = FoundFile & { readonly bytes: Buffer };

async function addRows(draft: Draft, opened: OpenedFile, hasList: boolean): Promise<ReadFile> {
  const { path, file, format, bytes } = opened;
  switch (format.kind) {
    case "daily":
      return await addDaily(draft, opened, hasList ? await knownCoins(draft) : undefined);
    case "coins": {
      const coins = parseCoins(path, bytes);
      const counts = await draft.merge("coins", "replace", (write) => {
        for (const { values } of coins) write(values);
      });
      return { report: { file, format: "coins", rows: coins.length, coins: coins.length }, known: counts.known };
    }
    case "table":
      return await collect((keep) =>
        draft.merge(format.format.table, "refuse", (write) => {
          keep(readTableFile(format.format, { path, file, bytes }, write));
        }),
      );
    case "pool-states":
      return await addPoolStates(draft, opened);
    case "other":
      return { report: { file, format: "other", rows: 0, coins: 0 }, known: 0 };
  }
}

async function addPoolStates(draft: Draft, opened: OpenedFile): Promise<ReadFile> {
  const { report, rows } = readPoolRows(opened);
  const merge = (table: keyof PoolRows): Promise<MergeCounts> =>
    draft.merge(table, "refuse", (write) => {
      for (const row of rows[table]) write(row);
    });
  const [states, ticks] = [await merge("pool_states"), await merge("pool_ticks")];
  return { report, known: states.known + ticks.known };
}

async function addDaily(
  draft: Draft,
  { path, file, format, bytes }: OpenedFile,
  coins: ReadonlySet<string> | undefined,
): Promise<ReadFile> {
  if (format.kind !== "daily") throw new TypeError("a file of daily prices was expected");
  const found = { path, file, format: format.format };
  return await collect((keep) =>
    draft.merge("daily", "refuse", (write) => {
      const report = readDailyFile(found, bytes, (row, { provider, source, rank, place }) => {
        // The supplement adds coins that the list does not know: it stands for their registration.
        if (found.format === "coingecko-daily" && coins?.has(row.coinId) === false)
          throw new UnknownCoinError(place, row.coinId);
        const { priceUsd, capUsd, volumeUsd } = row;
        write([provider, row.coinId, row.day, rank, source, row.symbol, priceUsd, known(capUsd), known(volumeUsd)]);
      });
      keep(report);
    }),
  );
}

async function collect(merge: (keep: (report: FileReport) => void) => Promise<MergeCounts>): Promise<ReadFile> {
  const reports: FileReport[] = [];
  const counts = await merge((report) => reports.push(report));
  return { report: reports[0] as FileReport, known: counts.known }; // a reader that ends without error reports once
}

async function knownCoins(draft: Draft): Promise<Set<string>> {
  const [listed, traded] = [await draft.table("coins"), await draft.table("daily")];
  const rows = await draft.database.rows(
    `SELECT coin_id FROM ${listed} UNION SELECT DISTINCT coin_id FROM ${traded} WHERE provider = 'coingecko'`,
  );
  return new Set(rows.map(([coinId]) => String(coinId)));
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
