// Turns a published target into trades on chain: plans on the present state, sends, and goes on until it is finished.
import { type Address, isAddressEqual } from "viem";

import { AppError } from "../core/errors.ts";
import type { UnixSeconds } from "../core/units.ts";
import { ETHER } from "../plan/holdings.ts";
import { type GasModel, type PlanLimits, gasModelSchema } from "../plan/limits.ts";
import type { Batch } from "../plan/batches.ts";
import type { PlannedLeg } from "../plan/desk.ts";
import { type Plan, batchesAfter, planRebalance } from "../plan/plan.ts";
import type { Fund } from "./contracts.ts";
import { ContractRefusedError } from "./errors.ts";
import { callWithinBudget, isBudgetRefusal } from "./exit-budget.ts";
import { type RebalanceTransaction, outcomeOf } from "./outcome.ts";
import { refusingAssets } from "./probe.ts";
import type { Target } from "./publish.ts";
import { executeCall, finishCall } from "./rebalance-calls.ts";
import { type FundState, readFundState } from "./read-state.ts";
import { type Call, type Sender, sendSimulated, simulate } from "./send.ts";

/** What a plan on the present state of a fund needs to know. */
export type PlanRequest = Fund & {
  readonly target: Pick<Target, "id" | "regime" | "weights">;
  readonly limits: PlanLimits;
  /** What execution costs, without its price: that is the node's. */
  readonly gas?: Partial<Omit<GasModel, "price">>;
  /** When the rebalance will start; the newest block's time when left out. */
  readonly at?: UnixSeconds;
  /** Indexes of assets that are left alone. */
  readonly blocked?: ReadonlySet<number>;
  /** Indexes of assets whose token does not move. */
  readonly refusing?: ReadonlySet<number>;
};

/** A rebalance to be carried out by the keeper. */
export type RebalanceRequest = Omit<PlanRequest, "at" | "blocked" | "refusing"> &
  Pick<Sender, "wallet" | "transactor"> & {
    readonly target: Target;
    /** Told about each plan before it is sent, and about each transaction after it was mined. */
    readonly onPlan?: (plan: Plan) => void;
    readonly onTransaction?: (transaction: RebalanceTransaction) => void;
  };

/** A plan on the state that it was made from. */
export type PlannedState = { readonly state: FundState; readonly plan: Plan };

/** A finished rebalance. */
export type RebalanceResult = {
  /** The plans in their order: one, unless the chain went another way than planned. */
  readonly plans: readonly Plan[];
  readonly transactions: readonly RebalanceTransaction[];
};

/** The legs were run as far as possible, and the rebalance still cannot end. */
export class RebalanceUnfinishedError extends AppError {
  readonly code = "REBALANCE_UNFINISHED";
  readonly kind = "risk";
  override readonly retryable = true;
  readonly targetId: number;
  /** What was done before it stopped. */
  readonly result: RebalanceResult;

  constructor(targetId: number, result: RebalanceResult, cause: AppError | undefined) {
    const words = cause?.message ?? "it took more rounds than expected.";
    super(
      `Expected to finish rebalance ${targetId}, but it stays open: ${words} Nothing is lost; run it again later.`,
      {
        cause,
      },
    );
    this.targetId = targetId;
    this.result = result;
  }
}

/** When the rest of a rebalance may find pools that have recovered from what was traded. */
export type NextRound = {
  readonly at: number; // {s}
  readonly why: string;
};

/**
 * When to go on with a rebalance that traded what the pools took and stays open for the rest, by the schedule of the plan
 * that was carried out; undefined when nothing was traded or no pool is waited for.
 */
export async function nextRoundOf(
  { client }: Fund,
  { result: { plans, transactions } }: RebalanceUnfinishedError,
): Promise<NextRound | undefined> {
  const last = transactions.at(-1);
  const [tranche] = plans.findLast(({ schedule }) => schedule.tranches.length > 0)?.schedule.tranches ?? [];
  if (last === undefined || tranche === undefined) return undefined;
  const { timestamp } = await client.getBlock({ blockNumber: last.block });
  const legs = `${tranche.legs.length} legs wait until their pools have recovered`;
  return { at: Number(timestamp) + tranche.after, why: `${legs}, which is assumed after ${tranche.after} s` };
}

/** Refusals of the finish that more legs, or another plan, may answer. */
const FINISH_REFUSALS: ReadonlySet<string> = new Set([
  "TransitLeft",
  "AssetOutsideBand",
  "PriceMissing",
  "TooMuchUnpriced",
]);
/** More than any rebalance needs: several batches, a sweep and the finish. */
const MAX_ROUNDS = 12;

/** A plan and how far the chain has followed it. */
type Course = {
  readonly plan: Plan;
  readonly done: number; // legs of the plan
  readonly position: number; // of the next leg on chain
  readonly isStarted: boolean;
};

/** Plans on the present state without sending anything. */
export async function planOnChain(request: PlanRequest): Promise<PlannedState> {
  const { target, limits, at } = request;
  const query = { weights: target.weights, targetId: target.id, ...(at === undefined ? {} : { at }) };
  const state = await readFundState(request, query);
  const isStarted = state.running?.id === target.id;
  const plan = planRebalance({
    regime: target.regime,
    elapsed: isStarted ? state.time - state.running.startedAt : 0,
    holdings: state.holdings,
    pools: state.pools,
    gas: gasModelSchema.parse({ ...request.gas, price: state.gasPrice }),
    limits,
    blocked: request.blocked ?? new Set(),
    refusing: request.refusing ?? new Set(),
  });
  return { state, plan };
}

/**
 * Carries a rebalance to its end: in one transaction when the plan fits, otherwise batch by batch. Goes on where the
 * chain stands, so that it can be called again after any failure. When the chain does otherwise than planned, it plans
 * anew: wrapped ether that was left in transit is swept by the next plan. What the chain skipped is tried again by the
 * next call, not by this one.
 *
 * @throws ContractRefusedError (RoleMissingError, …) when the chain does not let it start; nothing was sent.
 * @throws RebalanceUnfinishedError when it cannot end now.
 */
export async function runRebalance(request: RebalanceRequest): Promise<RebalanceResult> {
  const plans: Plan[] = [];
  const transactions: RebalanceTransaction[] = [];
  let refusal: AppError | undefined;
  let course: Course | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const blocked = skippedAssets(request, transactions);
    const next = await nextTransaction({ ...request, blocked }, course);
    refusal = next.refusal ?? refusal;
    if (next.course.plan !== plans.at(-1)) {
      plans.push(next.course.plan);
      request.onPlan?.(next.course.plan);
    }
    if (next.call === undefined) break;
    const receipt = await sendSimulated(request, next.call);
    const transaction = outcomeOf(receipt, request.deployment.addresses.vault);
    transactions.push(transaction);
    request.onTransaction?.(transaction);
    if (transaction.finished !== undefined) return { plans, transactions };
    course = courseAfter(next.course, transaction);
  }
  throw new RebalanceUnfinishedError(request.target.id, { plans, transactions }, refusal);
}

/** What one call knows of a rebalance: the assets that the chain skipped during it are left alone. */
type Attempt = RebalanceRequest & { readonly blocked: ReadonlySet<number> };

type Next = {
  readonly course: Course;
  /** Simulated already; missing when nothing useful can be sent. */
  readonly call: Call | undefined;
  /** Why the rest and the finish cannot be sent at once. */
  readonly refusal: AppError | undefined;
};

/** What is next; of an exit that would lose more than it may, what its budget lets through. */
async function nextTransaction(request: Attempt, course: Course | undefined): Promise<Next> {
  try {
    return await nextOfPlan(request, course);
  } catch (error) {
    if (request.target.regime === "bull" || !isBudgetRefusal(error)) throw error;
    const fresh = await newCourse(request, new Set());
    const { plan, position, isStarted } = fresh;
    const legs = plan.batches[0]?.legs ?? [];
    const callFor = (some: readonly PlannedLeg[]): Call =>
      executeCall(request, { legs: some, position, functionName: "execute" });
    const call = await callWithinBudget(request, { legs, isStarted, callFor });
    if (call === undefined) throw error;
    return { course: fresh, call, refusal: error };
  }
}

/** The rest of the plan and the finish if the chain takes them; otherwise the same of a new plan, or its first batch. */
async function nextOfPlan(request: Attempt, course: Course | undefined): Promise<Next> {
  if (course !== undefined) {
    const rest = await tryRest(request, course);
    if (rest.call !== undefined) return rest;
  }
  const first = await newCourse(request, new Set());
  const whole = await tryRest(request, first);
  if (whole.call !== undefined) return whole;
  const refusing = await refusingAssets(request, first.plan.legs);
  const second = refusing.size === 0 ? first : await newCourse(request, refusing);
  const without = refusing.size === 0 ? whole : await tryRest(request, second);
  if (without.call !== undefined) return without;
  const [batch] = second.plan.batches;
  // Only trades bring the end nearer.
  const isUseful = !second.isStarted || batch?.legs.some(({ outcome }) => outcome === "trade") === true;
  if (batch === undefined || !isUseful) return without;
  const call = executeCall(request, { legs: batch.legs, position: second.position, functionName: "execute" });
  await simulate(request, call);
  return { ...without, call };
}

async function newCourse(request: Attempt, refusing: ReadonlySet<number>): Promise<Course> {
  const { plan, state } = await planOnChain({ ...request, refusing });
  const running = state.running?.id === request.target.id ? state.running : undefined;
  return { plan, done: 0, position: running?.position ?? 0, isStarted: running !== undefined };
}

/** What is left in one transaction with the finish, or its first batch when that is more than one can hold. */
async function tryRest(request: RebalanceRequest, course: Course): Promise<Next> {
  const [batch, ...more] = batchesAfter(course.plan, course.done, request.limits);
  if (batch === undefined) return { course, call: undefined, refusal: undefined };
  const call = restCall(request, course, { batch, isLast: more.length === 0 });
  try {
    const result = await simulate(request, call);
    const isOpen = call.functionName === "executeAndFinish" && result === false;
    return { course, call: isOpen ? undefined : call, refusal: undefined };
  } catch (error) {
    if (!(error instanceof ContractRefusedError) || !FINISH_REFUSALS.has(error.errorName)) throw error;
    return { course, call: undefined, refusal: error };
  }
}

function restCall(
  request: RebalanceRequest,
  course: Course,
  { batch, isLast }: { readonly batch: Batch; readonly isLast: boolean },
): Call {
  if (isLast && course.isStarted && batch.legs.length === 0) return finishCall(request);
  const functionName = isLast ? "executeAndFinish" : "execute";
  return executeCall(request, { legs: batch.legs, position: course.position, functionName });
}

/** Indexes of what was skipped; the two coins that every route uses are never among them. */
function skippedAssets(
  { deployment }: RebalanceRequest,
  transactions: readonly RebalanceTransaction[],
): ReadonlySet<number> {
  const tokens = transactions.flatMap(({ skipped }) => skipped.flatMap(({ sold, bought }) => [sold, bought]));
  const isSkipped = (token: Address) => tokens.some((skipped) => isAddressEqual(skipped, token));
  return new Set(
    deployment.assets.filter(({ index, token }) => index > ETHER && isSkipped(token)).map(({ index }) => index),
  );
}

/** The course after a transaction; undefined when the chain did otherwise than planned. */
function courseAfter(course: Course, { executed, skipped }: RebalanceTransaction): Course | undefined {
  const count = executed.length + skipped.length;
  const legs = course.plan.legs.slice(course.done, course.done + count);
  const brought = new Map(executed.map(({ position, amountBought }) => [position, amountBought]));
  const isAsPlanned = legs.every(({ outcome, expected }, i) => {
    const found = brought.get(course.position + i);
    return outcome === "trade" ? found === expected : found === undefined;
  });
  if (!isAsPlanned || count === 0) return undefined;
  return { ...course, done: course.done + count, position: course.position + count, isStarted: true };
}
