// Turns an exit that would lose more than it may into the part of it that its budget lets through, and into words.
import { AppError } from "../core/errors.ts";
import { DAY } from "../core/time.ts";
import type { PlannedLeg } from "../plan/desk.ts";
import { type Fund, contractsOf } from "./contracts.ts";
import { ContractRefusedError } from "./errors.ts";
import { type Call, type Sender, simulate } from "./send.ts";

/** {s} After its start the extra part of an exit's budget opens by itself. @see LossBudget.EXTRA_OPENS_AFTER */
const EXTRA_OPENS_AFTER = DAY;

/** The budget of an exit does not pay for what is left to sell. */
export class ExitBudgetSpentError extends AppError {
  readonly code = "EXIT_BUDGET_SPENT";
  readonly kind = "risk";
  override readonly retryable = true;

  constructor(id: number, remedy: string, cause: ContractRefusedError) {
    super(`Expected exit ${id} to go on within its budget, but it does not: ${cause.message} ${remedy}`, { cause });
  }
}

/** True when a rebalance would lose more than it may. */
export function isBudgetRefusal(error: unknown): error is ContractRefusedError {
  return error instanceof ContractRefusedError && error.errorName === "LossAboveBudget";
}

/** Legs that could be next, and the call for some of them. */
export type Offer = {
  readonly legs: readonly PlannedLeg[];
  readonly isStarted: boolean;
  readonly callFor: (legs: readonly PlannedLeg[]) => Call;
};

/**
 * A call for the first of the legs that the budget lets through: all, half of them, a quarter and so on. An exit that has
 * not begun begins without any, and with it the day after which its budget grows; the guardian can open it from then on.
 *
 * @returns Undefined when the exit has begun and no trade is left that fits.
 */
export async function callWithinBudget(sender: Sender, { legs, isStarted, callFor }: Offer): Promise<Call | undefined> {
  for (let count = legs.length; ; count = Math.floor(count / 2)) {
    const some = legs.slice(0, count);
    if (isStarted && !some.some(({ outcome }) => outcome === "trade")) return undefined;
    const call = callFor(some);
    try {
      await simulate(sender, call);
      return call;
    } catch (error) {
      if (count === 0 || !isBudgetRefusal(error)) throw error;
    }
  }
}

/** The failure to tell people of, with what helps and who can do it. */
export async function exitBudgetError(
  { client, deployment }: Fund,
  id: number,
  refusal: ContractRefusedError,
): Promise<ExitBudgetSpentError> {
  const { rebalancer } = contractsOf(deployment);
  const [running, time, { timestamp }] = await Promise.all([
    client.readContract({ ...rebalancer, functionName: "running" }),
    client.readContract({ ...rebalancer, functionName: "REBALANCE_TIME" }),
    client.getBlock(),
  ]);
  const opensAt = Number(running.deadline - time) + EXTRA_OPENS_AFTER;
  const isOpen = running.isExtraAgreed || Number(timestamp) >= opensAt;
  const more = `The guardian can open 3 % more at once by agreeToExtraExit() on ${rebalancer.address}; it opens by itself at`;
  const remedy = isOpen
    ? "The extra part of 3 % is open already: the rest is tried at every wake, and waits for pools that pay more."
    : `${more} ${new Date(opensAt * 1000).toISOString()}. It is tried again at every wake.`;
  return new ExitBudgetSpentError(id, remedy, refusal);
}
