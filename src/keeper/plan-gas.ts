// Turns what rebalances used into the gas that the next one is counted with.
import type { JournalEntry } from "../execute/journal.ts";
import { TRANSACTION_GAS_CAP } from "../execute/send.ts";
import type { Outcome } from "./act.ts";

/** {gas} Of the newest rebalance in a diary; one full transaction before the first. */
export function gasOfNewest(diary: readonly JournalEntry[]): number {
  return gasOf(diary.findLast(isRebalance)?.note);
}

/** {gas} As an outcome says; one full transaction where it says nothing. */
export function gasOf(outcome: Outcome | undefined): number {
  const gas = Number(outcome?.["gas"] ?? 0);
  return gas > 0 ? gas : Number(TRANSACTION_GAS_CAP);
}

/** The line that says what it used; the line of its finality says nothing of that. */
function isRebalance({ task, step, note }: JournalEntry): boolean {
  return task.startsWith("rebalance:") && (step === "reconciled" || step === "mined") && note?.["gas"] !== undefined;
}
