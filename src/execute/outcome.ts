// Turns the receipts of a rebalance into what was traded, what was skipped and why, and how it ended.
import { type Address, type Hex, type TransactionReceipt, isAddressEqual, parseEventLogs } from "viem";

import { indexVaultAbi } from "../core/abi.ts";

/** A leg as the chain executed it. */
export type ExecutedLeg = {
  readonly position: number;
  readonly sold: number;
  readonly bought: number;
  readonly pool: Address;
  readonly amountSold: bigint; // {tok}
  readonly amountBought: bigint; // {tok}
  readonly fair: bigint; // {tok} at the oracle's prices
  readonly minimum: bigint; // {tok}
};

/** A leg that the chain left out. */
export type SkippedLeg = {
  readonly position: number;
  readonly sold: Address;
  readonly bought: Address;
  readonly reason: string;
};

/** The end of a rebalance, as the vault recorded it. */
export type FinishedRebalance = {
  readonly nav: bigint; // D18{USD} after the redemptions
  readonly supply: bigint; // {share}
  readonly costBps: number; // {bps} of the NAV before, without gas
  readonly legs: number;
  readonly skips: number;
};

/** A mined transaction of a rebalance. */
export type RebalanceTransaction = {
  readonly hash: Hex;
  readonly block: bigint;
  readonly gasUsed: bigint; // {gas}
  readonly fee: bigint; // {wei}
  readonly executed: readonly ExecutedLeg[];
  readonly skipped: readonly SkippedLeg[];
  /** Missing when the rebalance goes on. */
  readonly finished: FinishedRebalance | undefined;
};

/** Reads the vault's lines out of a receipt. */
export function outcomeOf(receipt: TransactionReceipt, vault: Address): RebalanceTransaction {
  const own = receipt.logs.filter(({ address }) => isAddressEqual(address, vault));
  const logs = parseEventLogs({
    abi: indexVaultAbi,
    logs: own,
    eventName: ["LegExecuted", "LegSkipped", "RebalanceFinished"],
  });
  const executed: ExecutedLeg[] = [];
  const skipped: SkippedLeg[] = [];
  let finished: FinishedRebalance | undefined;
  for (const log of logs) {
    if (log.eventName === "LegExecuted") {
      const { position, soldAsset, boughtAsset, pool, amountSold, amountBought, fair, minimum } = log.args;
      const indexes = { position: Number(position), sold: soldAsset, bought: boughtAsset };
      executed.push({ ...indexes, pool, amountSold, amountBought, fair, minimum });
    } else if (log.eventName === "LegSkipped") {
      const { position, sold, bought, reason } = log.args;
      skipped.push({ position: Number(position), sold, bought, reason });
    } else {
      const { nav, supply, costBps, legs, skips } = log.args;
      finished = { nav, supply, costBps: Number(costBps), legs: Number(legs), skips: Number(skips) };
    }
  }
  const { transactionHash: hash, blockNumber: block, gasUsed, effectiveGasPrice } = receipt;
  return { hash, block, gasUsed, fee: gasUsed * effectiveGasPrice, executed, skipped, finished };
}
