// Turns deposit coins into the batch that brings them into the new fund: at once where it can, else by a request.
import { hexToBigInt } from "viem";

import { lessBps } from "../../core/units.ts";
import type { PlanAsset } from "../../plan/holdings.ts";
import { fetchCosts } from "../read-costs.ts";
import { depositAtOnceCalls, requestCalls } from "./calls.ts";
import { type MeasuredCalls, type MoveOrder, requireCalls } from "./order.ts";
import { SAFE_GAS, callsGasOf, tryCalls } from "./trial.ts";

/** The way into the new fund. */
export type Joining = MeasuredCalls & { readonly way: "at once" | "by a request" };

/** What the new fund keeps of a request made now {bps}, and the least that it takes {tok}. */
export type JoiningTerms = { readonly swingBps: number; readonly least: bigint };

/** Reads the terms of the new fund. */
export async function fetchJoiningTerms({ from, to }: MoveOrder): Promise<JoiningTerms> {
  const fund = { client: from.client, deployment: to };
  const { costs } = await fetchCosts(fund, await from.client.getBlockNumber(), []);
  return { swingBps: costs.swing.deposit, least: costs.leastDeposit };
}

/**
 * The deposit of `assets` {tok}: through the gateway while the new fund is wholly in stablecoins, with the least that it
 * must bring; else the request that its next start strikes.
 *
 * @throws MoveRefusedError when the new vault refuses a trial of it.
 */
export async function planJoining(order: MoveOrder, cash: PlanAsset, assets: bigint): Promise<Joining> {
  const { from, to, holder } = order;
  const place = { deployment: to, holder };
  const atOnce = depositAtOnceCalls(place, cash.token, { assets, minimum: 0n });
  const trials = await tryCalls(from.client, holder, atOnce);
  const last = trials.at(-1);
  if (last !== undefined && trials.every(({ succeeds }) => succeeds)) {
    const minimum = lessBps(hexToBigInt(last.data), order.slippage);
    const calls = depositAtOnceCalls(place, cash.token, { assets, minimum });
    return { way: "at once", calls, gas: SAFE_GAS + callsGasOf(calls, trials) };
  }
  const calls = requestCalls(place, cash.token, assets);
  const asked = await requireCalls(order, calls, "ask for a deposit in the new fund");
  return { way: "by a request", calls, gas: SAFE_GAS + callsGasOf(calls, asked) };
}
