// Names what a holder wishes for a move between two funds, and what a step of it comes to.
import type { Address } from "viem";

import { AppError } from "../../core/errors.ts";
import type { Bps } from "../../core/units.ts";
import type { PlanAsset } from "../../plan/holdings.ts";
import type { SafeCall } from "../safe-batch.ts";
import type { Move } from "./read-holder.ts";
import { type Trial, refusalOf, tryCalls } from "./trial.ts";

/** A move, and how its batches are made. */
export type MoveOrder = Move & {
  /** Uniswap's SwapRouter02. */
  readonly router: Address;
  /** {bps} What a sale, and a strike at once, may bring less than the oracle's prices say. */
  readonly slippage: Bps;
  readonly batchGas: bigint; // {gas} at most, a batch
  readonly validFor: number; // {s} after which sales are refused
  readonly createdAt: number; // {ms}
};

/** What stays where it is, and why. */
export type Staying = {
  readonly symbol: string;
  readonly decimals: number;
  readonly amount: bigint; // {tok}
  readonly value: bigint; // D18{USD} zero without a price
  readonly reason: string;
};

/** Calls that one batch carries out. */
export type MeasuredCalls = { readonly calls: readonly SafeCall[]; readonly gas: bigint }; // {gas}

/** What the rest of a move is expected to cost. */
export type MoveCost = {
  readonly value: bigint; // D18{USD} of what is moved, at the oracle's prices
  readonly cash: bigint; // {tok} of the deposit coin that it comes to
  readonly tradingBps: number; // {bps} of the value, without gas
  readonly swingBps: number; // {bps} of the deposit, which the new fund keeps
  readonly gas: bigint; // {gas} of this step and of those after it, the claim not counted
  readonly gasValue: bigint; // D18{USD}
};

/** The move cannot go on. */
export class MoveRefusedError extends AppError {
  readonly code = "MOVE_REFUSED";
  readonly kind = "chain";
}

/** The holder is not one whom batches could move. */
export class HolderError extends AppError {
  readonly code = "HOLDER";
  readonly kind = "usage";
}

/** Tries calls of which each must succeed. @param action What they do, after "Expected to". @throws MoveRefusedError */
export async function requireCalls(
  { from, holder }: Move,
  calls: readonly SafeCall[],
  action: string,
): Promise<readonly Trial[]> {
  const trials = await tryCalls(from.client, holder, calls);
  const refused = trials.find(({ succeeds }) => !succeeds);
  if (refused === undefined) return trials;
  throw new MoveRefusedError(
    `Expected to ${action}, found that a trial of it reverts: ${refusalOf(refused)}. ` +
      "Run this again once that has passed; `status` says where the fund stands.",
  );
}

/** An asset of which something stays. */
export function staying(asset: PlanAsset, part: Pick<Staying, "amount" | "value" | "reason">): Staying {
  return { symbol: asset.symbol, decimals: asset.decimals, ...part };
}
