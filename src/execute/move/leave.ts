// Turns a holder's shares of the old fund into the batch that takes everything out of it, and into what that brings.
import { type Hex, hexToBigInt, encodeFunctionData } from "viem";

import { lessBps, tokenUnits } from "../../core/units.ts";
import { type PlanAsset, TRANSIT } from "../../plan/holdings.ts";
import { ERC20_ABI } from "../contracts.ts";
import { type Leftover, fetchHoldings } from "../read-account.ts";
import type { SafeCall } from "../safe-batch.ts";
import { type Place, claimInKindCall, claimMoneyCall, claimSharesCall, leaveAtOnceCalls, leaveCall } from "./calls.ts";
import { type MeasuredCalls, type MoveOrder, MoveRefusedError, type Staying, requireCalls, staying } from "./order.ts";
import { type HolderState, frameOf, planAsset } from "./read-holder.ts";
import { type MeasuredSales, measureSales, outputOf } from "./sell.ts";
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

/**
 * The batch that claims what is struck, redeems all shares, and takes what earlier exits still owe; undefined when the
 * holder has nothing there. While the fund is wholly in stablecoins its gateway pays money at once, which is taken
 * unless the tokens would bring more.
 *
 * @throws MoveRefusedError when the vault refuses a trial of it.
 */
export async function planLeaving(order: MoveOrder, state: HolderState): Promise<Leaving | undefined> {
  const place = { deployment: order.from.deployment, holder: order.holder };
  const { view, claimable } = state.before;
  const shares = view.shares + claimable.depositShares;
  const claims = [
    ...(claimable.depositAssets > 0n ? [claimSharesCall(place, claimable)] : []),
    ...(claimable.redeemShares > 0n ? [claimMoneyCall(place, claimable)] : []),
  ];
  const { owed, kept } = await splitLeftovers(order, state);
  if (shares === 0n && claims.length === 0 && owed.length === 0) return undefined;
  const exit = { place, state, shares, claims, owed, kept };
  const inKind = await planInKind(order, exit);
  const money = shares === 0n ? undefined : await planMoney(order, exit);
  return money !== undefined && moneyIn(money) >= moneyIn(inKind) ? money : inKind;
}

/** {tok} of the deposit coin that there is at the end of a way, with what was there before. */
function moneyIn({ held, sales }: Leaving): bigint {
  return frameOf(held).cash.balance + outputOf(sales.sales);
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

/** What both ways out have in common. */
type Exit = {
  readonly place: Place;
  readonly state: HolderState;
  readonly shares: bigint; // {share} also those that only have to be claimed
  readonly claims: readonly SafeCall[];
  readonly owed: readonly SafeCall[];
  readonly kept: readonly Leftover[];
};

async function planInKind(order: MoveOrder, exit: Exit): Promise<Leaving> {
  const { place, state, shares, claims, owed, kept } = exit;
  const calls = [...claims, ...(shares > 0n ? [leaveCall(place, shares)] : []), ...owed];
  const trials = await requireCalls(order, withBalances(exit, calls), "leave the old fund");
  const { held, gains, gas } = leftAfter(state, calls, trials);
  const sales = await measureSales(order, held, calls);
  const stays = [...sales.stays, ...(await undelivered(order, exit, gains))];
  return { calls, gas, way: "in kind", held, sales: { ...sales, stays }, kept };
}

/** Out through the gateway; undefined when the fund is not wholly in stablecoins, or lacks the money. */
async function planMoney(order: MoveOrder, exit: Exit): Promise<Leaving | undefined> {
  const { place, state, shares, claims, owed, kept } = exit;
  const leaving = (minimum: bigint): SafeCall[] => [...claims, ...owed, ...leaveAtOnceCalls(place, shares, minimum)];
  const trials = await tryCalls(order.from.client, order.holder, withBalances(exit, leaving(0n)));
  if (!trials.every(({ succeeds }) => succeeds)) return undefined;
  const paid = amountIn(trials.at(-state.assets.length - 1));
  const calls = leaving(lessBps(paid, order.slippage));
  const { held, gas } = leftAfter(state, calls, trials);
  return { calls, gas, way: "for money", held, sales: await measureSales(order, held, calls), kept };
}

/** Balances before and after tell what is really delivered, whatever the calls bring it by. */
function withBalances({ place, state }: Exit, calls: readonly SafeCall[]): SafeCall[] {
  const data = encodeFunctionData({ abi: ERC20_ABI, functionName: "balanceOf", args: [place.holder] });
  const reads = state.assets.map(({ token }): SafeCall => ({ to: token, data }));
  return [...reads, ...calls, ...reads];
}

type Left = { readonly held: readonly PlanAsset[]; readonly gains: ReadonlyMap<number, bigint>; readonly gas: bigint };

/** @param trials Of the calls {@link withBalances}. */
function leftAfter({ assets }: HolderState, calls: readonly SafeCall[], trials: readonly Trial[]): Left {
  const count = assets.length;
  const [before, after] = [trials.slice(0, count), trials.slice(-count)];
  const gains = new Map(assets.map(({ index }, i) => [index, amountIn(after[i]) - amountIn(before[i])]));
  const held = assets.map((asset): PlanAsset => {
    return { ...asset, balance: tokenUnits(asset.balance + (gains.get(asset.index) ?? 0n)) };
  });
  return { held, gains, gas: SAFE_GAS + callsGasOf(calls, trials.slice(count, -count)) };
}

/** Tokens that do not move: their part stays claimable in the old vault. */
async function undelivered(
  { from }: MoveOrder,
  { shares, state }: Exit,
  gains: ReadonlyMap<number, bigint>,
): Promise<Staying[]> {
  if (shares === 0n) return [];
  const { supply } = state.before.view;
  return (await fetchHoldings(from)).flatMap(({ asset, index, amount, value }) => {
    if (asset === undefined || index === TRANSIT || (gains.get(index) ?? 0n) > 0n) return [];
    const [part, worth] = [(amount * shares) / supply, (value * shares) / supply];
    return part === 0n ? [] : [staying(planAsset(asset, 0n, part), { amount: part, value: worth, reason: KEPT })];
  });
}

/** Why something stays in the old vault. */
export const KEPT = "its token does not move; the old vault keeps it for the holder";

function amountIn(trial: Trial | undefined): bigint {
  if (trial === undefined || trial.data === "0x") {
    throw new MoveRefusedError(
      `Expected an amount from a trial, found ${trial === undefined ? "none" : refusalOf(trial)}. ` +
        "Look whether --deployment names the file of a fund on this chain.",
    );
  }
  return hexToBigInt(trial.data.slice(0, 66) as Hex);
}
