// Turns a journal entry into the columns of a table, and a row back into a checked entry.
import { z } from "zod";

import type { JournalEntry, JournalLine } from "../../execute/journal.ts";

const hex = z.templateLiteral(["0x", z.string()]);

const rowSchema = z.object({
  seq: z.coerce.number().int().positive(),
  at: z.coerce.number().int(),
  task: z.string().min(1),
  step: z.enum([
    "planned",
    "simulated",
    "signed",
    "sent",
    "replaced",
    "mined",
    "final",
    "failed",
    "dropped",
    "reconciled",
  ]),
  nonce: z.coerce.number().int().min(0).nullable(),
  hash: hex.nullable(),
  raw: hex.nullable(),
  note: z.string().nullable(),
});

const noteSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** Columns of the entries' table after `journal`, in order. */
export const COLUMNS = "seq, at, task, step, nonce, hash, raw, note";

/** Steps after which nothing more happens to a nonce, as a list in SQL. */
export const ENDS = "'final', 'failed', 'dropped', 'reconciled'";

/** The values of a line for the columns `task` to `note`. */
export function valuesOf({ task, step, nonce, hash, raw, note }: JournalLine): (string | number | null)[] {
  const text = note === undefined ? null : JSON.stringify(note);
  return [task, step, nonce ?? null, hash ?? null, raw ?? null, text];
}

/** The entry in a row. @throws ZodError when the row is not what this program writes. */
export function entryOf(row: unknown): JournalEntry {
  const { seq, at, task, step, nonce, hash, raw, note } = rowSchema.parse(row);
  return {
    ...{ seq, at, task, step },
    ...(nonce === null ? {} : { nonce }),
    ...(hash === null ? {} : { hash }),
    ...(raw === null ? {} : { raw }),
    ...(note === null ? {} : { note: noteSchema.parse(JSON.parse(note)) }),
  };
}
