// Turns a cycle, the gas money and the time since the last cycle into the alarms that are due.
import { ExitBudgetSpentError } from "../../execute/exit-budget.ts";
import type { Cycle, Deed } from "../keeper.ts";
import type { TaskName } from "../due.ts";
import { CLOCK_NOTE } from "../notes.ts";
import type { Alarm, AlarmKey } from "./alarms.ts";

/** What the keeper's key can still pay. */
export type GasMoney = {
  readonly balance: bigint; // {wei}
  readonly price: bigint; // {wei} a gas
  /** {gas} What the last rebalance used, all transactions together. */
  readonly gasPerPlan: number;
};

/** Whole rebalances that the balance pays for at the present price. */
export function plansLeft({ balance, price, gasPerPlan }: GasMoney): number {
  const cost = price * BigInt(Math.max(1, Math.ceil(gasPerPlan))); // {wei} = {wei/gas} * {gas}
  return cost === 0n ? Number.MAX_SAFE_INTEGER : Number(balance / cost);
}

/** When a person is called. */
export type TroubleLimits = {
  /** Fewer rebalances than this can be paid: a warning; fewer than one: critical. */
  readonly fewestPlans: number;
  /** Failures of one task before they are critical; what no retry mends is so at once. */
  readonly mostFailures: number;
};

export const GAS_ALARM = "gas";
export const SILENCE_ALARM = "silence";

/** The alarms of a cycle. */
export function troublesOf({ view, deeds }: Cycle, money: GasMoney, limits: TroubleLimits): Alarm[] {
  const left = plansLeft(money);
  const gas: Alarm = {
    key: GAS_ALARM,
    severity: left < 1 ? "critical" : "warning",
    text: `the keeper's key can pay ${left} more rebalances at the present price of gas; send it ether`,
  };
  const isCritical = view.chain.regime === "bull" || view.chain.running !== undefined;
  return [
    ...(left < limits.fewestPlans ? [gas] : []),
    ...deeds.flatMap((deed) => failureOf(deed, limits)),
    ...view.notes.map(({ key, text }): Alarm => ({ key, severity: isCritical ? "critical" : "warning", text })),
  ];
}

/** The keys of what went well, whose next trouble is news again. */
export function reliefsOf({ view, deeds }: Cycle, money: GasMoney, limits: TroubleLimits): AlarmKey[] {
  const keys = deeds
    .filter(({ failure }) => failure === undefined)
    .flatMap(({ due: { task } }): AlarmKey[] => [task, budgetKey(task)]);
  if (plansLeft(money) >= limits.fewestPlans) keys.push(GAS_ALARM);
  if (view.notes.every(({ key }) => key !== CLOCK_NOTE)) keys.push(CLOCK_NOTE);
  return keys;
}

/** The alarm of a keeper that got nothing done for `limit` {s}; undefined while it did. */
export function silenceOf(
  { now, aliveAt }: { readonly now: number /* {s} */; readonly aliveAt: number /* {s} */ },
  limit: number,
): Alarm | undefined {
  const quiet = now - aliveAt;
  if (quiet < limit) return undefined;
  const text = `no cycle has ended, and no transaction was mined, for ${Math.round(quiet / 60)} minutes; look at the log and the node`;
  return { key: SILENCE_ALARM, severity: "critical", text };
}

function failureOf({ due, failure }: Deed, { mostFailures }: TroubleLimits): Alarm[] {
  if (failure === undefined) return [];
  const isUrgent = due.kind === "rebalance" && due.isExit;
  const isCritical = isUrgent || !failure.retryable || due.failures + 1 >= mostFailures;
  // Somebody can do something about that: it is told although the task has failed before.
  const key = failure instanceof ExitBudgetSpentError ? budgetKey(due.task) : due.task;
  return [{ key, severity: isCritical ? "critical" : "warning", text: `${due.task}: ${failure.message}` }];
}

function budgetKey(task: TaskName): AlarmKey {
  return `${task}:budget`;
}
