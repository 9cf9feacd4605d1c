// Turns the lines of a key's journal into what became of each task's transactions.
import type { Journal, JournalEntry } from "../execute/journal.ts";

/**
 * What became of the transactions of a task that did something on chain. `open`: one is not final yet. `undone`: a
 * reorganization took one away, and it was not sent again. `settled`: neither, or there were none.
 */
export type Fate = "open" | "undone" | "settled";

/** True when a transaction's name in a key's journal is that of the task, or stands under it. */
export function isPartOf(name: string, task: string): boolean {
  return name === task || name.startsWith(`${task}/`);
}

/** Reads a key's journal, each time only what is new. */
export interface FatesReader {
  /** Of the transactions that are part of the task. @param since {ms} What was undone before it is left out. */
  of(task: string, since: number): Promise<Fate>;
}

/** A nonce that is not done with. */
type Pending = { readonly task: string; readonly hasActed: boolean };

const LOSSES: ReadonlySet<string> = new Set(["dropped", "failed"]);
const ENDS: ReadonlySet<string> = new Set([...LOSSES, "final", "reconciled"]);

/** Lines asked for at once. */
const PAGE = 1000;

/** The fates of a journal that this process alone writes. */
export function readFates(journal: Pick<Journal, "entries">): FatesReader {
  const open = new Map<number, Pending>();
  const undone = new Map<string, number>(); // {ms}
  let last = 0;

  const note = (nonce: number, entry: JournalEntry): void => {
    const before = open.get(nonce);
    const hadActed = before?.task === entry.task && before.hasActed;
    const acts = entry.step === "mined" ? isEffective(entry) : hadActed && !LOSSES.has(entry.step);
    if (hadActed && !acts) undone.set(entry.task, entry.at);
    if (ENDS.has(entry.step)) open.delete(nonce);
    else open.set(nonce, { task: entry.task, hasActed: acts });
  };

  return {
    of: async (task, since) => {
      for (;;) {
        const page = await journal.entries({ after: last, limit: PAGE });
        for (const entry of page) if (entry.nonce !== undefined) note(entry.nonce, entry);
        last = page.at(-1)?.seq ?? last;
        if (page.length < PAGE) break;
      }
      if ([...undone].some(([name, at]) => isPartOf(name, task) && at >= since)) return "undone";
      return [...open.values()].some((pending) => isPartOf(pending.task, task)) ? "open" : "settled";
    },
  };
}

/** True when what was mined did what the task wanted. */
function isEffective({ note }: JournalEntry): boolean {
  return note?.["status"] === "success" && note["takenBack"] !== true;
}
