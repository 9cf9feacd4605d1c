// The journal that execution writes before and after each step, so that a crash anywhere loses nothing and repeats nothing.
import type { Hex } from "viem";

/** What happened, in the order in which it can happen to one transaction. */
export type JournalStep =
  "planned" | "simulated" | "signed" | "sent" | "replaced" | "mined" | "final" | "failed" | "dropped" | "reconciled";

/** One line, before it has a number. */
export type JournalLine = {
  /** What it is for, the same after a restart: `rebalance:<target id>`, `publish:<target id>`, `strike:<epoch>`, … */
  readonly task: string;
  readonly step: JournalStep;
  /** Of the transaction, from `signed` on. */
  readonly nonce?: number;
  readonly hash?: Hex;
  /** The signed transaction, so that it can be sent again; only with `signed` and `replaced`. */
  readonly raw?: Hex;
  /** Whatever explains the step to a reader; plain JSON. */
  readonly note?: Readonly<Record<string, string | number | boolean | null>>;
};

/** A line as it was kept: numbered without gaps within a journal. */
export type JournalEntry = JournalLine & { readonly seq: number; readonly at: number /* {ms} since 1970 */ };

/** Append-only. */
export interface Journal {
  /** Durable when it resolves; rejects when it cannot be (then nothing may be sent). */
  append(line: JournalLine): Promise<JournalEntry>;
  /** In order; of one task, after a number, newest last. */
  entries(query?: {
    readonly task?: string;
    readonly after?: number;
    readonly limit?: number;
  }): Promise<readonly JournalEntry[]>;
  /** The newest entry of every nonce whose newest entry is neither final, failed, dropped nor reconciled. */
  unfinished(): Promise<readonly JournalEntry[]>;
}
