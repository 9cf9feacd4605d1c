// Turns the transactions of a deed into the fields of its line in the diary, and the diary into the newest of them.
import type { Hex, TransactionReceipt } from "viem";

import type { Journal, JournalLine } from "../execute/journal.ts";

/** A transaction of a deed that came into a block. */
export type SentTransaction = { readonly hash: Hex; readonly block: number };

/** The newest transaction of a diary, with what it was for and when the diary said so. */
export type LastSent = SentTransaction & { readonly task: string; readonly at: number /* {ms} since 1970 */ };

/** What a line of the diary says about itself. */
type Note = NonNullable<JournalLine["note"]>;

/** Notes hold no lists. */
const SEPARATOR = ",";

/** Of a receipt, what is told of it. */
export function sentOf({ transactionHash, blockNumber }: TransactionReceipt): SentTransaction {
  return { hash: transactionHash, block: Number(blockNumber) };
}

/** As fields of a note, in the order in which they were sent; no field for none. */
export function sentNote(sent: readonly SentTransaction[]): Note {
  if (sent.length === 0) return {};
  return {
    hashes: sent.map(({ hash }) => hash).join(SEPARATOR),
    blocks: sent.map(({ block }) => block).join(SEPARATOR),
  };
}

/** The newest transaction of which a diary does not say that a reorganization took it away; undefined without one. */
export async function readLastSent(diary: Pick<Journal, "entries">): Promise<LastSent | undefined> {
  const newest = new Map<string, LastSent>(); // by task, the newest last
  for (const { task, step, at, note } of await diary.entries()) {
    const last = lastOf(note);
    if (step === "dropped" || last !== undefined) newest.delete(task);
    if (last !== undefined) newest.set(task, { ...last, task, at });
  }
  return [...newest.values()].at(-1);
}

function lastOf({ hashes, blocks }: Note = {}): SentTransaction | undefined {
  if (typeof hashes !== "string" || typeof blocks !== "string") return undefined;
  return { hash: hashes.split(SEPARATOR).at(-1) as Hex, block: Number(blocks.split(SEPARATOR).at(-1)) };
}
