// Turns how far a holder has come between two funds into the batches of the next step, its cost, and what stays behind.
import { type SafeBatch, safeBatch } from "../safe-batch.ts";
import { isSingleKey } from "../single-key.ts";
import { requireOpen } from "../successor.ts";
import { bpsOf, valueOf } from "../../plan/holdings.ts";
import { claimSharesCall } from "./calls.ts";
import { type Joining, type JoiningTerms, fetchJoiningTerms, planJoining } from "./join.ts";
import { KEPT, type Leaving, planLeaving } from "./leave.ts";
import {
  HolderError,
  type MeasuredCalls,
  type MoveCost,
  type MoveOrder,
  type Staying,
  requireCalls,
  staying,
} from "./order.ts";
import { type HolderState, frameOf, planAsset, readHolder } from "./read-holder.ts";
import { type MeasuredSales, gasValueOf, measureSales, outputOf, packSales } from "./sell.ts";
import { SAFE_GAS, callsGasOf } from "./trial.ts";

/** The steps of a move in their order; `wait` is for the strike, and after `done` nothing is left to do. */
export const MOVE_STEPS = ["leave", "sell", "deposit", "wait", "claim", "done"] as const;
/** A step of a move. */
export type MoveStep = (typeof MOVE_STEPS)[number];

/** A batch to sign, and the gas {gas} that it takes at most. */
export type MoveBatch = { readonly name: string; readonly batch: SafeBatch; readonly gas: bigint };

/** What is next. */
export type MovePlan = {
  readonly step: MoveStep;
  /** How the old fund is left or the new one joined. */
  readonly way?: Leaving["way"] | Joining["way"];
  /** In the order in which they are to be carried out; none in `wait` and `done`. */
  readonly batches: readonly MoveBatch[];
  readonly stays: readonly Staying[];
  /** Of everything that is still on its way to the new fund. */
  readonly cost?: MoveCost;
  readonly state: HolderState;
};

/**
 * Looks at the chain and plans the next step. Carried out or not, the same call plans what is to be done then: nothing
 * is remembered elsewhere.
 *
 * @param order Of two funds of which `requireSuccessor` says that one can follow the other.
 * @throws SuccessorError when the new fund takes no deposit now.
 * @throws HolderError when the holder has a single key, or nothing to move.
 * @throws MoveRefusedError when a vault or the router refuses a trial.
 */
export async function planMove(order: MoveOrder): Promise<MovePlan> {
  await requireMultisig(order);
  const state = await readHolder(order);
  const leaving = await planLeaving(order, state);
  if (leaving !== undefined) return leavePlan(order, state, leaving);
  const sales = await measureSales(order, state.assets, []);
  const stays = [...waiting(state), ...sales.stays];
  if (sales.sales.length > 0) return salePlan(order, state, { ...sales, stays });
  const { cash } = frameOf(state.assets);
  const terms = await fetchJoiningTerms(order);
  if (cash.balance >= terms.least) return depositPlan(order, state, { stays, terms });
  const small = cash.balance === 0n ? [] : [staying(cash, { ...worthOf(cash), reason: "less than a deposit may be" })];
  return endPlan(order, state, [...stays, ...small]);
}

async function leavePlan(order: MoveOrder, state: HolderState, leaving: Leaving): Promise<MovePlan> {
  const { way, sales, held } = leaving;
  const terms = await fetchJoiningTerms(order);
  const cost = await costOf(order, { held, sales, terms, gas: [leaving, ...packSales(sales.sales, order.batchGas)] });
  await requireOpen({ client: order.from.client, deployment: order.to }, cost.cash);
  const batch = batchOf(order, leaving, {
    name: "1-leave",
    title: "Leave the old fund",
    description: `Out of the old fund ${way}. What it brings is sold and deposited by later batches.`,
  });
  return {
    step: "leave",
    way,
    batches: [batch],
    stays: [...waiting(state, leaving.kept), ...sales.stays],
    cost,
    state,
  };
}

async function salePlan(order: MoveOrder, state: HolderState, sales: MeasuredSales): Promise<MovePlan> {
  const packed = packSales(sales.sales, order.batchGas);
  const terms = await fetchJoiningTerms(order);
  const cost = await costOf(order, { held: state.assets, sales, terms, gas: packed });
  await requireOpen({ client: order.from.client, deployment: order.to }, cost.cash);
  const hours = order.validFor / 3600;
  const batches = packed.map((part, i) =>
    batchOf(order, part, {
      name: `2-sell-${i + 1}-of-${packed.length}`,
      title: `Sell for the deposit coin, ${i + 1} of ${packed.length}`,
      description: `Each sale brings the oracle's price less ${order.slippage} bps at least, within ${hours} hours, or the batch reverts.`,
    }),
  );
  return { step: "sell", batches, stays: sales.stays, cost, state };
}

async function depositPlan(
  order: MoveOrder,
  state: HolderState,
  { stays, terms }: { readonly stays: readonly Staying[]; readonly terms: JoiningTerms },
): Promise<MovePlan> {
  const { cash } = frameOf(state.assets);
  await requireOpen({ client: order.from.client, deployment: order.to }, cash.balance);
  const joining = await planJoining(order, cash, cash.balance);
  const sales = { sales: [], stays: [] };
  const cost = await costOf(order, { held: state.assets, sales, terms, gas: [joining] });
  const batch = batchOf(order, joining, {
    name: "3-deposit",
    title: "Deposit in the new fund",
    description: joining.way === "at once" ? "The shares come at once." : "The new fund's next start strikes it.",
  });
  return { step: "deposit", way: joining.way, batches: [batch], stays, cost, state };
}

/** Nothing is on its way any more but what the new fund has. */
async function endPlan(order: MoveOrder, state: HolderState, stays: readonly Staying[]): Promise<MovePlan> {
  const { claimable, requests, view } = state.after;
  if (claimable.depositAssets > 0n) {
    const calls = [claimSharesCall({ deployment: order.to, holder: order.holder }, claimable)];
    const gas = SAFE_GAS + callsGasOf(calls, await requireCalls(order, calls, "claim the new fund's shares"));
    const titled = { name: "4-claim", title: "Claim the new fund's shares", description: "The deposit was struck." };
    return { step: "claim", batches: [batchOf(order, { calls, gas }, titled)], stays, state };
  }
  if (requests.some(({ kind, pending }) => kind === "deposit" && pending > 0n)) {
    return { step: "wait", batches: [], stays, state };
  }
  if (!state.hasLeft && stays.length === 0 && view.shares === 0n) {
    throw new HolderError(
      `Expected ${order.holder} to hold shares of ${order.from.deployment.addresses.vault}, found none, and nothing ` +
        "that came out of it since the new fund exists. Name the multisig that holds them with --holder.",
    );
  }
  return { step: "done", batches: [], stays, state };
}

type CostInput = {
  readonly held: HolderState["assets"];
  readonly sales: MeasuredSales;
  readonly terms: JoiningTerms;
  readonly gas: readonly Pick<MeasuredCalls, "gas">[];
};

/** Against the oracle's prices of the old fund. */
async function costOf(order: MoveOrder, { held, sales, terms, gas: parts }: CostInput): Promise<MoveCost> {
  const { cash, ether } = frameOf(held);
  const sold = sales.sales.reduce((sum, { sale }) => sum + sale.value, 0n);
  const brought = outputOf(sales.sales);
  const gas = parts.reduce((sum, part) => sum + part.gas, 0n);
  const value = valueOf(cash, cash.balance) + sold;
  return {
    value,
    cash: cash.balance + brought,
    tradingBps: bpsOf(sold - valueOf(cash, brought), value),
    swingBps: terms.swingBps,
    gas,
    gasValue: gasValueOf(gas, await order.from.client.getGasPrice(), ether),
  };
}

/** What waits in the old fund: requests for their strike, tokens until they move. */
function waiting(state: HolderState, leftovers = state.before.leftovers): Staying[] {
  const { cash } = frameOf(state.assets);
  const shares = { symbol: "shares", decimals: 18 };
  const requests = state.before.requests.filter(({ pending }) => pending > 0n);
  return [
    ...requests.map(({ kind, pending: amount }): Staying => {
      const reason = "waits for its strike in the old fund, or is taken back there; then run this again";
      return kind === "deposit"
        ? staying(cash, { amount, value: valueOf(cash, amount), reason })
        : { ...shares, amount, value: 0n, reason };
    }),
    ...leftovers.map(({ asset, amount }) => {
      const price = state.assets.find(({ index }) => index === asset.index)?.price ?? 0n;
      const kept = planAsset(asset, price, amount);
      return staying(kept, { ...worthOf(kept), reason: KEPT });
    }),
  ];
}

function worthOf(asset: HolderState["assets"][number]): { readonly amount: bigint; readonly value: bigint } {
  return { amount: asset.balance, value: valueOf(asset, asset.balance) };
}

type Titled = { readonly name: string; readonly title: string; readonly description: string };

function batchOf(order: MoveOrder, { calls, gas }: MeasuredCalls, { name, title, description }: Titled): MoveBatch {
  const { chainId } = order.to;
  const shared = { chainId, safe: order.holder, createdAt: order.createdAt, name: title, description };
  return { name, batch: safeBatch(shared, calls), gas };
}

/** @throws HolderError for an account that signs its transactions itself. */
async function requireMultisig({ from, holder }: MoveOrder): Promise<void> {
  if (!isSingleKey(await from.client.getCode({ address: holder }))) return;
  throw new HolderError(
    `Expected a multisig with --holder, found ${holder}, an account with a single key. It moves by itself: ` +
      "`redeem-in-kind`, then `deposit` in the new fund.",
  );
}
