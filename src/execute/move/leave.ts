// Turns a holder's shares of the old fund into the batch that takes everything out of it, and into what that brings.
import { type Hex, hexToBigInt, encodeFunctionData } from "viem";

import { tokenUnits } from "../../core/units.ts";
import { CASH, type PlanAsset, TRANSIT, valueOf } from "../../plan/holdings.ts";
import { ERC20_ABI } from "../contracts.ts";
import { type Leftover, fetchHoldings } from "../read-account.ts";
import type { SafeCall } from "../safe-batch.ts";
import { claimInKindCall, claimMoneyCall, claimSharesCall, leaveAtOnceCalls, leaveCall } from "./calls.ts";
import { type MeasuredCalls, type MoveOrder, MoveRefusedError, type Staying, requireCalls, staying } from "./order.ts";
import { type HolderState, frameOf, planAsset } from "./read-holder.ts";
import { type MeasuredSales, measureSales, outputValue } from "./sell.ts";
import { SAFE_GAS, type Trial, callsGasOf, refusalOf, tryCalls } from "./trial.ts";

/** The way out of the old fund. */
export type Leaving = MeasuredCalls & {
  readonly way: "in kind" | "for money";
  /** The old fund's assets, with what the holder has to sell or to deposit afterwards. */
  readonly held: readonly PlanAsset[];
  /** What can be sold afterwards, and what stays. */
  readonly sales: MeasuredSales;
  /** What earlier exits owe of tokens that still do not move. */
  readonly kept: readonly Leftover[];
};

type Place = { readonly deployment: MoveOrder["from"]["deployment"]; readonly holder: MoveOrder["holder"] };

/**
 * The batch that claims what is struck, redeems all shares, and takes what earlier exits still owe; undefined when the
 * holder has nothing there. While the fund is wholly in stablecoins its gateway pays money at once, which is taken
 * where it brings more than the tokens would.
 *
 * @throws MoveRefusedError when the vault refuses a trial of it.
 */
export async function planLeaving(order: MoveOrder, state: HolderState): Promise<Leaving | undefined> {
  const { from, holder } = order;
  const place = { deployment: from.deployment, holder };
  const { view, claimable } = state.before;
  const shares = view.shares + claimable.depositShares;
  const claims = [
    ...(claimable.depositAssets > 0n ? [claimSharesCall(place, claimable)] : []),
    ...(claimable.redeemShares > 0n ? [claimMoneyCall(place, claimable)] : []),
  ];
  const { owed, kept } = await splitLeftovers(order, state);
  if (shares === 0n && claims.length === 0 && owed.length === 0) return undefined;
  const inKind = [...claims, ...(shares > 0n ? [leaveCall(place, shares)] : []), ...owed];
  const left = await tryLeaving(order, state, inKind);
  const sales = await measureSales(order, left.held, inKind);
  const stays = [...sales.stays, ...(await undelivered(order, shares, left.gains))];
  const result: Leaving = {
    calls: inKind,
    gas: left.gas,
    way: "in kind",
    held: left.held,
    sales: { ...sales, stays },
    kept,
  };
  if (shares === 0n) return result;
  return (await planMoney(order, { place, before: [...claims, ...owed], shares, state, result })) ?? result;
}

/** What earlier exits owe: calls for tokens that move again, and the tokens that do not. */
async function splitLeftovers(
  { from, holder }: MoveOrder,
  { before: { leftovers } }: HolderState,
): Promise<{ readonly owed: readonly SafeCall[]; readonly kept: readonly Leftover[] }> {
  const calls = leftovers.map((leftover) => claimInKindCall({ deployment: from.deployment, holder }, leftover));
  const trials = await tryCalls(from.client, holder, calls);
  const moves = (i: number): boolean => trials[i]?.succeeds === true;
  return { owed: calls.filter((_, i) => moves(i)), kept: leftovers.filter((_, i) => !moves(i)) };
}

type Left = { readonly held: readonly PlanAsset[]; readonly gains: ReadonlyMap<number, bigint>; readonly gas: bigint };

/** Balances before and after tell what is really delivered. */
async function tryLeaving(order: MoveOrder, state: HolderState, calls: readonly SafeCall[]): Promise<Left> {
  const data = encodeFunctionData({ abi: ERC20_ABI, functionName: "balanceOf", args: [order.holder] });
  const reads = state.assets.map(({ token }): SafeCall => ({ to: token, data }));
  const trials = await requireCalls(order, [...reads, ...calls, ...reads], "leave the old fund");
  const count = state.assets.length;
  const [before, after] = [trials.slice(0, count), trials.slice(-count)];
  const gains = new Map(state.assets.map(({ index }, i) => [index, amountIn(after[i]) - amountIn(before[i])]));
  const held = state.assets.map((asset): PlanAsset => {
    return { ...asset, balance: tokenUnits(asset.balance + (gains.get(asset.index) ?? 0n)) };
  });
  return { held, gains, gas: SAFE_GAS + callsGasOf(calls, trials.slice(count, -count)) };
}

/** Tokens that do not move: their part stays claimable in the old vault. */
async function undelivered(
  { from }: MoveOrder,
  shares: bigint,
  gains: ReadonlyMap<number, bigint>,
): Promise<Staying[]> {
  if (shares === 0n) return [];
  const [holdings, supply] = await Promise.all([
    fetchHoldings(from),
    from.client.readContract({
      address: from.deployment.addresses.vault,
      abi: SUPPLY_ABI,
      functionName: "totalSupply",
    }),
  ]);
  return holdings.flatMap(({ asset, index, amount, value }) => {
    if (asset === undefined || index === TRANSIT || (gains.get(index) ?? 0n) > 0n) return [];
    const [part, worth] = [(amount * shares) / supply, (value * shares) / supply];
    return part === 0n ? [] : [staying(planAsset(asset, 0n, part), { amount: part, value: worth, reason: KEPT })];
  });
}

/** Why something stays in the old vault. */
export const KEPT = "its token does not move; the old vault keeps it for the holder";

const SUPPLY_ABI = [
  { type: "function", name: "totalSupply", inputs: [], outputs: [{ type: "uint256" }], stateMutability: "view" },
] as const;

type MoneyWay = {
  readonly place: Place;
  readonly before: readonly SafeCall[];
  readonly shares: bigint;
  readonly state: HolderState;
  readonly result: Leaving;
};

/** Out through the gateway; undefined when the fund is not wholly in stablecoins, lacks the money, or pays less. */
async function planMoney(order: MoveOrder, way: MoneyWay): Promise<Leaving | undefined> {
  const { place, before, shares, state, result } = way;
  const trial = [...before, ...leaveAtOnceCalls(place, shares, 0n)];
  const trials = await tryCalls(order.from.client, order.holder, trial);
  if (!trials.every(({ succeeds }) => succeeds)) return undefined;
  const paid = amountIn(trials.at(-1));
  const { cash } = frameOf(result.held);
  if (valueOf(cash, paid) < valueOf(cash, cash.balance) + outputValue(cash, result.sales.sales)) return undefined;
  const minimum = (paid * BigInt(10_000 - order.slippage)) / 10_000n;
  const calls = [...before, ...leaveAtOnceCalls(place, shares, minimum)];
  const held = state.assets.map((asset): PlanAsset => {
    return asset.index === CASH ? { ...asset, balance: tokenUnits(asset.balance + paid) } : asset;
  });
  const gas = SAFE_GAS + callsGasOf(calls, trials);
  return { calls, gas, way: "for money", held, sales: { sales: [], stays: [] }, kept: result.kept };
}

function amountIn(trial: Trial | undefined): bigint {
  if (trial === undefined || trial.data === "0x") {
    throw new MoveRefusedError(
      `Expected an amount from a trial, found ${trial === undefined ? "none" : refusalOf(trial)}.`,
    );
  }
  return hexToBigInt(trial.data.slice(0, 66) as Hex);
}
