// Turns a published target into trades on chain: plans on the present state, sends, and goes on until it is finished.
import { AppError } from "../core/errors.ts";
import { type GasModel, gasModelSchema, type PlanLimits } from "../plan/limits.ts";
import { type Batch, type Plan, planRebalance } from "../plan/plan.ts";
import { type Fund, type Wallet, contractsOf } from "./contracts.ts";
import { ContractRefusedError } from "./errors.ts";
import { type RebalanceTransaction, outcomeOf } from "./outcome.ts";
import { refusingAssets } from "./probe.ts";
import { type Target, chainTarget } from "./publish.ts";
import { type FundState, readFundState } from "./read-state.ts";
import { type Call, TRANSACTION_GAS_CAP, sendSimulated, simulate } from "./send.ts";

/** A rebalance to be carried out by the keeper. */
export type RebalanceRequest = Fund & {
  readonly wallet: Wallet;
  readonly target: Target;
  readonly limits: PlanLimits;
  /** What execution costs, without its price: that is the node's. */
  readonly gas?: Partial<Omit<GasModel, "price">>;
  /** Told about each plan before it is sent, and each transaction after it was mined. */
  readonly onPlan?: (plan: Plan) => void;
  readonly onTransaction?: (transaction: RebalanceTransaction) => void;
};

/** A finished rebalance. */
export type RebalanceResult = {
  /** The plans in their order: one, unless the state changed or a transaction could not hold all legs. */
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

/** Refusals of the finish that more legs, or another plan, may answer. */
const FINISH_REFUSALS: ReadonlySet<string> = new Set(["TransitLeft", "AssetOutsideBand", "CashShort", "PriceMissing"]);
/** More than any rebalance needs: several batches, a sweep and the finish. */
const MAX_ROUNDS = 12;

/** A plan on the state that it was made from. */
export type PlannedState = { readonly state: FundState; readonly plan: Plan };

/** Plans on the present state without sending anything. */
export async function planOnChain(
  request: Pick<RebalanceRequest, "client" | "deployment" | "target" | "limits" | "gas">,
  { refusing, at }: { readonly refusing?: ReadonlySet<number>; readonly at?: FundState["time"] } = {},
): Promise<PlannedState> {
  const { target, limits } = request;
  const query = { weights: target.weights, targetId: target.id, ...(at === undefined ? {} : { at }) };
  const state = await readFundState(request, query);
  const isRunning = state.running?.id === target.id;
  const plan = planRebalance({
    regime: target.regime,
    holdings: state.holdings,
    pools: state.pools,
    gas: gasModelSchema.parse({ ...request.gas, price: state.gasPrice }),
    limits,
    blocked: isRunning ? (state.running?.exceptions ?? new Set()) : new Set(),
    refusing: refusing ?? new Set(),
  });
  return { state, plan };
}

/**
 * Carries a rebalance to its end: in one transaction when the plan fits, otherwise batch by batch, each planned on the
 * state that the last one left. Goes on where the chain stands, so that it can be called again after any failure.
 *
 * @throws ContractRefusedError (RoleMissingError, …) when the chain does not let it start; nothing was sent.
 * @throws RebalanceUnfinishedError when it cannot end now.
 */
export async function runRebalance(request: RebalanceRequest): Promise<RebalanceResult> {
  const plans: Plan[] = [];
  const transactions: RebalanceTransaction[] = [];
  let refusal: AppError | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = await nextTransaction(request, refusal);
    plans.push(next.plan);
    refusal = next.refusal;
    // Only trades bring the end nearer.
    if (next.call === undefined) break;
    request.onPlan?.(next.plan);
    const receipt = await sendSimulated(request, next.call);
    const transaction = outcomeOf(receipt, request.deployment.addresses.vault);
    transactions.push(transaction);
    request.onTransaction?.(transaction);
    if (transaction.finished !== undefined) return { plans, transactions };
  }
  throw new RebalanceUnfinishedError(request.target.id, { plans, transactions }, refusal);
}

type Next = {
  readonly plan: Plan;
  /** Simulated already; missing when nothing useful can be sent. */
  readonly call: Call | undefined;
  /** Why the whole plan cannot be sent at once. */
  readonly refusal: AppError | undefined;
};

/** What to send next: everything and the finish, or the first batch alone. */
async function nextTransaction(request: RebalanceRequest, before: AppError | undefined): Promise<Next> {
  const first = await planOnChain(request);
  const whole = await tryFinish(request, first);
  if (whole.call !== undefined) return whole;
  const refusing = whole.refusal === undefined ? new Set<number>() : await refusingAssets(request, first.plan.legs);
  const again = refusing.size === 0 ? first : await planOnChain(request, { refusing });
  const second = refusing.size === 0 ? whole : await tryFinish(request, again);
  if (second.call !== undefined) return second;

  const { plan, state } = again;
  const refusal = second.refusal ?? before;
  const batch = plan.batches[0];
  const hasTrades = batch?.legs.some(({ outcome }) => outcome === "trade") === true;
  const isStarted = state.running?.id === request.target.id;
  if (batch === undefined || (!hasTrades && isStarted)) return { plan, call: undefined, refusal };
  const call = executeCall(request, again, { batch, functionName: "execute" });
  await simulate(request, call);
  return { plan, call, refusal };
}

/** The whole plan and the finish in one transaction, when it fits and the chain accepts it. */
async function tryFinish(request: RebalanceRequest, planned: PlannedState): Promise<Next> {
  const { plan } = planned;
  const [batch, ...more] = plan.batches;
  if (batch === undefined || more.length > 0) return { plan, call: undefined, refusal: undefined };
  const call = executeCall(request, planned, { batch, functionName: "executeAndFinish" });
  try {
    await simulate(request, call);
    return { plan, call, refusal: undefined };
  } catch (error) {
    if (!(error instanceof ContractRefusedError) || !FINISH_REFUSALS.has(error.errorName)) throw error;
    return { plan, call: undefined, refusal: error };
  }
}

function executeCall(
  { deployment, target }: RebalanceRequest,
  { state }: PlannedState,
  { batch, functionName }: { readonly batch: Batch; readonly functionName: "execute" | "executeAndFinish" },
): Call {
  const legs = batch.legs.map(({ sold, bought, pool, amount, minimum }) => ({ sold, bought, pool, amount, minimum }));
  const position = state.running?.id === target.id ? state.running.position : 0;
  return {
    ...contractsOf(deployment).rebalancer,
    functionName,
    args: [chainTarget(target), target.weights, legs, BigInt(position)],
    gas: TRANSACTION_GAS_CAP,
    action: `execute target ${target.id}`,
  };
}
