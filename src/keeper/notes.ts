// Turns what is late, or off, into notes for people: one key a trouble, whatever its figures are by now.
import type { IsoDate } from "../core/time.ts";

export const CLOCK_NOTE = "clock";

/** What a person should know; the same key for the same trouble. */
export type Note = {
  readonly key: typeof CLOCK_NOTE | `week-missed:${IsoDate}` | `target-expired:${number}` | `past-deadline:${number}`;
  readonly text: string;
};

/** What may be late. */
export type Lateness = {
  readonly now: number; // {s}
  /** The Monday whose decision it is too late to catch up with. */
  readonly missed: IsoDate | undefined;
  readonly pending: { readonly id: number; readonly validUntil: number /* {s} */ } | undefined;
  readonly running: { readonly id: number; readonly deadline: number /* {s} */ } | undefined;
};

/** The keeper's clock and a block are too far apart. @param ahead {s} Of the block, or behind it when negative. */
export function clockNote(ahead: number, block: bigint): Note {
  const apart = `${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "ahead of" : "behind"} block ${block}`;
  return { key: CLOCK_NOTE, text: `the clock is ${apart}; nothing is done` };
}

/** What is late. */
export function notesOf({ now, missed, pending, running }: Lateness): Note[] {
  const notes: Note[] = [];
  if (missed !== undefined) {
    const text = `the week of ${missed} passed without a decision: it is too late to catch up`;
    notes.push({ key: `week-missed:${missed}`, text });
  }
  if (pending !== undefined && now > pending.validUntil) {
    notes.push({ key: `target-expired:${pending.id}`, text: `target ${pending.id} was not started in time` });
  }
  if (running !== undefined && now > running.deadline) {
    notes.push({ key: `past-deadline:${running.id}`, text: `rebalance ${running.id} is past its deadline` });
  }
  return notes;
}
