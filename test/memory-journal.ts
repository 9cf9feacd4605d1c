// Turns journal lines into a list in memory, for tests of what writes and reads a journal.
import type { Journal, JournalEntry, JournalLine } from "../src/execute/journal.ts";

const SETTLED: ReadonlySet<string> = new Set(["final", "failed", "dropped", "reconciled"]);

/** A journal that lives as long as the test; `lines` is all of it. */
export type MemoryJournal = Journal & { readonly lines: readonly JournalEntry[] };

/**
 * A new journal.
 *
 * @param now {ms} Gives the time of each line.
 * @param before Called with each line before it is kept; what it throws is what `append` is rejected with.
 */
export function memoryJournal(now: () => number, before: (line: JournalLine) => void = () => {}): MemoryJournal {
  const lines: JournalEntry[] = [];
  return {
    lines,
    append: async (line) => {
      await Promise.resolve();
      before(line);
      const entry = { ...line, seq: lines.length + 1, at: now() };
      lines.push(entry);
      return entry;
    },
    entries: ({ task, after = 0, limit = Infinity } = {}) =>
      Promise.resolve(
        lines.filter((line) => line.seq > after && (task === undefined || line.task === task)).slice(0, limit),
      ),
    unfinished: () => {
      const newest = new Map<number, JournalEntry>();
      for (const line of lines) if (line.nonce !== undefined) newest.set(line.nonce, line);
      return Promise.resolve([...newest.values()].filter(({ step }) => !SETTLED.has(step)));
    },
  };
}
