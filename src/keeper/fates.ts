// Turns the lines of a key's journal into what became of each task's transactions.
import type { Journal, JournalEntry } from "../execute/journal.ts";

/**
 * What became of the transactions of a task that did something on chain. `open`: one is not final yet. `undone`: a
 * reorganization took one away, and it was not sent again. `settled`: neither, or there were none.
 */
export type Fate = "open" | "undone" | "settled";

/** Reads a key's journal, each time only what is new. */
export interface FatesReader {
  /**
   * Of the transactions whose lines name the task, or begin with it and a slash.
   *
   * @param since {ms} What was undone before it is left out.
   */
  of(task: string, since: number): Promise<Fate>;
}

/** A nonce that is not done with. */
type Pending = { readonly task: string; readonly hasActed: boolean };

/** Lines asked for at once. */
const PAGE = 1000;

/** The fates of a journal that this process alone writes. */
export function readFates(journal: Pick<Journal, "entries">): FatesReader {
  const open = new Map<number, Pending>();
  const undone = new Map<string, number>(); // {ms}
  let last = 0;

  const note = (nonce: number, entry: JournalEntry): void => {
    const before = open.get(nonce);
    switch (entry.step) {
      case "mined":
        open.set(nonce, { task: entry.task, hasActed: entry.note?.["status"] === "success" });
        break;
      case "dropped":
      case "failed":
        if (before?.hasActed === true) undone.set(entry.task, entry.at);
        open.delete(nonce);
        break;
      case "final":
      case "reconciled":
        open.delete(nonce);
        break;
      default:
        open.set(nonce, { task: entry.task, hasActed: before?.task === entry.task && before.hasActed });
    }
  };

  return {
    of: async (task, since) => {
      for (;;) {
        const page = await journal.entries({ after: last, limit: PAGE });
        for (const entry of page) if (entry.nonce !== undefined) note(entry.nonce, entry);
        last = page.at(-1)?.seq ?? last;
        if (page.length < PAGE) break;
      }
      const belongs = (name: string): boolean => name === task || name.startsWith(`${task}/`);
      if ([...undone].some(([name, at]) => belongs(name) && at >= since)) return "undone";
      return [...open.values()].some((pending) => belongs(pending.task)) ? "open" : "settled";
    },
  };
}
