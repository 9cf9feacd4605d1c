// Turns the vault's request lines into what the start of a rebalance will strike and its finish will redeem.
import type { AbiEvent, PublicClient } from "viem";
import { getAbiItem } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { weekOf } from "../core/time.ts";
import { type TokenUnits, type UnixSeconds, tokenUnits, unixSeconds } from "../core/units.ts";
import type { Deployment } from "./deployment.ts";
import { readBlockTimes, readLogs } from "./logs.ts";

/** Requests that were made in an earlier week than `at` and not struck. */
export type DueRequests = { readonly deposits: TokenUnits; readonly shares: bigint };

const NAMES = ["DepositRequested", "RedemptionRequested", "DepositsStruck", "RedemptionsStruck"] as const;

type RequestLog = {
  readonly eventName: (typeof NAMES)[number];
  readonly blockNumber: bigint;
  readonly args: { readonly epoch: bigint; readonly assets: bigint; readonly shares: bigint };
};

/**
 * What is due when a rebalance starts at `at`: an epoch closes with its week, so that everything requested in an
 * earlier week and not yet struck is due.
 */
export async function readDueRequests(
  client: PublicClient,
  deployment: Deployment,
  { toBlock, at }: { readonly toBlock: bigint; readonly at: UnixSeconds },
): Promise<DueRequests> {
  const events = NAMES.map((name) => getAbiItem({ abi: indexVaultAbi, name }) as AbiEvent);
  const address = deployment.addresses.vault;
  const found = await readLogs(client, { address, fromBlock: BigInt(deployment.block), toBlock, events });
  const logs = found as unknown as readonly RequestLog[];
  const open = logs.filter((log) => isOpen(log, logs));
  const times = await readBlockTimes(
    client,
    open.map(({ blockNumber }) => blockNumber),
  );
  const due = open.filter(({ blockNumber }) => weekOf(unixSeconds(times.get(blockNumber) ?? 0)) < weekOf(at));
  const sum = (name: RequestLog["eventName"], amount: (log: RequestLog) => bigint): bigint =>
    due.reduce((total, log) => total + (log.eventName === name ? amount(log) : 0n), 0n);
  return {
    deposits: tokenUnits(sum("DepositRequested", ({ args }) => args.assets)),
    shares: sum("RedemptionRequested", ({ args }) => args.shares),
  };
}

/** True for a request whose epoch no strike has covered. */
function isOpen({ eventName, args }: RequestLog, logs: readonly RequestLog[]): boolean {
  const struck = { DepositRequested: "DepositsStruck", RedemptionRequested: "RedemptionsStruck" } as const;
  if (eventName !== "DepositRequested" && eventName !== "RedemptionRequested") return false;
  return !logs.some((log) => log.eventName === struck[eventName] && log.args.epoch >= args.epoch);
}
