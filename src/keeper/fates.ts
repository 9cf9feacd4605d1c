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
  /** The number of the journal's last line; 0 while it has none. */
  position(): Promise<number>;
  /** Of the transactions that are part of the task. @param after What was undone up to this line is left out. */
  of(task: string, after: number): Promise<Fate>;
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
  const undone = new Map<string, number>(); // the line that says so
  let last = 0;

  const note = (nonce: number, entry: JournalEntry): void => {
    const before = open.get(nonce);
    const hadActed = before?.task === entry.task && before.hasActed;
    const acts = entry.step === "mined" ? isEffective(entry) : hadActed && !isLoss(entry);
    if (hadActed && !acts) undone.set(entry.task, entry.seq);
    if (ENDS.has(entry.step)) open.delete(nonce);
    else open.set(nonce, { task: entry.task, hasActed: acts });
  };

  const catchUp = async (): Promise<number> => {
    for (;;) {
      const page = await journal.entries({ after: last, limit: PAGE });
      for (const entry of page) if (entry.nonce !== undefined) note(entry.nonce, entry);
      last = page.at(-1)?.seq ?? last;
      if (page.length < PAGE) return last;
    }
  };

  return {
    position: catchUp,
    of: async (task, after) => {
      await catchUp();
      if ([...undone].some(([name, seq]) => isPartOf(name, task) && seq > after)) return "undone";
      return [...open.values()].some((pending) => isPartOf(pending.task, task)) ? "open" : "settled";
    },
  };
}

/** True when it is given up, or another transaction has its nonce; it may come back from that. */
function isLoss({ step, note }: JournalEntry): boolean {
  return LOSSES.has(step) || note?.["lostTo"] !== undefined;
}

/** True when what was mined did what the task wanted. */
function isEffective({ note }: JournalEntry): boolean {
  return note?.["status"] === "success" && note["takenBack"] !== true;
}
