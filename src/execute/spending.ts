// Turns the journal into what was spent on gas, and refuses to spend more than was set.
import { formatEther } from "viem";

import { AppError } from "../core/errors.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import type { Urgency } from "./send.ts";
import type { SendingSettings } from "./sending-settings.ts";

/** The gas budget of a task or of a day leaves too little for another transaction. */
export class GasBudgetSpentError extends AppError {
  readonly code = "GAS_BUDGET_SPENT";
  readonly kind = "risk";

  constructor(task: string, room: Room) {
    super(
      `Expected to spend on '${task}' no more than ${formatEther(room.budget)} ether of gas ${room.span}, of which ` +
        `${formatEther(room.spent)} are spent: the rest does not pay for another transaction at present fees. ` +
        "Look at what was sent before you raise the budget.",
    );
  }
}

/** What may still be spent, and which of the two budgets says so. */
export type Room = {
  readonly left: bigint; // {wei}
  readonly budget: bigint; // {wei}
  readonly spent: bigint; // {wei}
  readonly span: "in 7 days" | "in 24 hours";
};

/** {ms} */
const DAY = 86_400_000;
/** {ms} A task belongs to a week; one that comes again later starts with the whole budget. */
const WEEK = 7 * DAY;

/** What a transaction is for, and how urgent it is. */
export type Purpose = { readonly task: string; readonly urgency: Urgency };

/** The room that the budgets leave at a time {ms}. */
export type Spending = (purpose: Purpose, now: number) => Promise<Room>;

/**
 * Reads the journal as it grows. A way out has a budget of its own, on top of the day's: neither what trades have spent
 * nor the price of gas in a panic shall keep the fund in the market.
 */
export function spendingOf(
  journal: Pick<Journal, "entries">,
  settings: Pick<SendingSettings, "exitBudgetEther" | "taskBudgetEther" | "dayBudgetEther">,
): Spending {
  const paid = new Map<string, JournalEntry>(); // by hash: what is mined again after a reorganization counts once
  let last = 0;
  return async ({ task, urgency }, now) => {
    const isExit = urgency === "exit";
    for (const entry of await journal.entries({ after: last })) {
      last = entry.seq;
      if (entry.step === "mined" && entry.hash !== undefined) paid.set(entry.hash, entry);
    }
    const entries = [...paid.values()];
    const ofTask = sumOf(entries.filter((entry) => entry.task === task && entry.at > now - WEEK));
    const ofDay = sumOf(entries.filter((entry) => entry.at > now - DAY));
    const forTask = roomOf(isExit ? settings.exitBudgetEther : settings.taskBudgetEther, ofTask, "in 7 days");
    const dayBudget = settings.dayBudgetEther + (isExit ? settings.exitBudgetEther : 0n);
    const forDay = roomOf(dayBudget, ofDay, "in 24 hours");
    return forTask.left <= forDay.left ? forTask : forDay;
  };
}

function roomOf(budget: bigint, spent: bigint, span: Room["span"]): Room {
  return { left: spent < budget ? budget - spent : 0n, budget, spent, span };
}

/** {wei} */
function sumOf(entries: readonly JournalEntry[]): bigint {
  return entries.reduce((sum, { note }) => sum + BigInt(note?.["fee"] ?? 0), 0n);
}
