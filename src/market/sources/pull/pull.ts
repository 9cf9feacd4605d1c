// Turns what a source has beyond the history store into rows of the store.
import { quoted, literal } from "../store/database.ts";
import { requireWritable } from "../store/folder.ts";
import { Draft } from "../store/store.ts";
import { columnsOf, keyOf } from "../store/tables.ts";
import type { LastStored, MarketSource, PullBatch } from "./source.ts";

/** Batches after which the store is written, so that little is lost when the process is killed. */
const CHECKPOINT = 50;

/** What a pull brought. */
export type PullReport = {
  readonly source: string;
  /** Rows added to the store. */
  readonly added: number;
  /** Rows that the source now states otherwise than the store, which keeps what it had. */
  readonly revised: number;
  readonly batches: number;
  /** Tables that got rows. */
  readonly tables: readonly string[];
};

/** Called after each batch. */
export type PullProgress = (batch: PullBatch) => void;

/**
 * Fetches what the store of a folder lacks. What came before a failure is kept, and the next pull goes on there.
 *
 * @throws The named error of the source, after the store was written.
 */
export async function pull(source: MarketSource, directory: string, progress: PullProgress): Promise<PullReport> {
  requireWritable(directory);
  const draft = await Draft.open(directory);
  const tables = new Set<string>();
  let [added, revised, batches, unwritten] = [0, 0, 0, 0];
  const checkpoint = async (): Promise<void> => {
    if (unwritten > 0) await draft.write(directory);
    unwritten = 0;
  };
  try {
    for await (const batch of source.batches(lastStoredOf(draft))) {
      const counts = await draft.merge(batch.table, "keep", (write) => {
        for (const row of eachKeyOnce(batch)) write(row);
      });
      added += counts.added;
      revised += counts.changed;
      unwritten += counts.added;
      batches++;
      if (counts.added > 0) tables.add(batch.table);
      progress(batch);
      if (batches % CHECKPOINT === 0) await checkpoint();
    }
  } finally {
    await checkpoint();
    draft.close();
  }
  return { source: source.name, added, revised, batches, tables: [...tables].sort() };
}

// Pages may overlap; the later answer is taken.
function eachKeyOnce({ table, rows }: PullBatch): Iterable<PullBatch["rows"][number]> {
  const keys = keyOf(table).length;
  return new Map(rows.map((row) => [row.slice(0, keys).join("\u0000"), row])).values();
}

function lastStoredOf(draft: Draft): LastStored {
  return async (table, series) => {
    const when = columnsOf(table).find(([, type]) => type === "day" || type === "time");
    if (when === undefined) return undefined;
    const [column, type] = when;
    const last =
      type === "time"
        ? `epoch(max(${quoted(column)}))::DOUBLE`
        : `(max(${quoted(column)}) - DATE '1970-01-01')::INTEGER`;
    const conditions = Object.entries(series).map(([key, value]) => `${quoted(key)}::VARCHAR = ${literal(value)}`);
    const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const [[found = null] = []] = await draft.database.rows(`SELECT ${last} FROM ${await draft.table(table)}${where}`);
    return found === null ? undefined : Number(found);
  };
}
