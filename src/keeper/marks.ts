// Turns the lines of the keeper's diary into what is known of each task.
import type { Journal, JournalEntry } from "../execute/journal.ts";
import type { Mark } from "./due.ts";

/** Reads a diary, each time only what is new. */
export interface MarksReader {
  /**
   * One mark a task: `reconciled` is done for good, `mined` is done as long as the chain says so too, `dropped` was undone
   * by a reorganization, `failed` is a failure, anything else was begun;
   * `planned` with `goesOnAt` goes on then.
   */
  read(): Promise<ReadonlyMap<string, Mark>>;
}

/** Lines asked for at once. */
const PAGE = 1000;

/** The marks of a diary, which other keepers may write too. */
export function readMarks(diary: Pick<Journal, "entries">): MarksReader {
  const marks = new Map<string, Mark>();
  let last = 0;
  return {
    read: async () => {
      for (;;) {
        const page = await diary.entries({ after: last, limit: PAGE });
        for (const entry of page) marks.set(entry.task, next(marks.get(entry.task), entry));
        last = page.at(-1)?.seq ?? last;
        if (page.length < PAGE) return new Map(marks);
      }
    },
  };
}

const NOTHING: Mark = {
  ...{ doneAt: undefined, isFinal: false, by: undefined, upTo: 0 },
  ...{ goesOnAt: undefined, failures: 0, failedAt: undefined },
};

function next(before: Mark = NOTHING, { step, at, note }: JournalEntry): Mark {
  switch (step) {
    case "reconciled":
    case "mined":
      return { ...NOTHING, doneAt: at / 1000, isFinal: step === "reconciled", ...doerOf(note) };
    case "dropped":
      return { ...before, doneAt: undefined, isFinal: false };
    case "failed":
      return { ...before, failures: before.failures + 1, failedAt: at / 1000 };
    case "planned": {
      const goesOnAt = note?.["goesOnAt"];
      return typeof goesOnAt === "number" ? { ...before, goesOnAt, failures: 0, failedAt: undefined } : before;
    }
    default:
      return before;
  }
}

/** Who did it, and how far the journal of that key had come. */
function doerOf(note: JournalEntry["note"] = {}): Pick<Mark, "by" | "upTo"> {
  const { keeper, upTo } = note;
  return { by: typeof keeper === "string" ? keeper : undefined, upTo: typeof upTo === "number" ? upTo : 0 };
}
