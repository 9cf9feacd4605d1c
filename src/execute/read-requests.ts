// Turns the vault's request lines into what the next rebalance will strike, and what an account can still take back.
import type { AbiEvent, Address, PublicClient } from "viem";
import { getAbiItem, isAddressEqual } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { weekOf } from "../core/time.ts";
import { type TokenUnits, type UnixSeconds, tokenUnits, unixSeconds } from "../core/units.ts";
import { type Fund, contractsOf } from "./contracts.ts";
import type { Deployment } from "./deployment.ts";
import { chainError, customErrorOf } from "./errors.ts";
import { readBlockTimes, readLogs } from "./logs.ts";

/** Requests that were made in an earlier week than `at` and not struck. */
export type DueRequests = { readonly deposits: TokenUnits; readonly shares: bigint };

/** A request that can be taken back. */
export type OpenRequest = {
  readonly kind: "deposit" | "redemption";
  readonly id: bigint; // its epoch
  readonly amount: bigint; // {tok} of the deposit coin, or {share}
};

/** The lines of a queue: what comes in, what is taken back, what is priced; and how its amounts are named. */
const DEPOSITS = {
  requested: "DepositRequested",
  cancelled: "DepositCancelled",
  struck: "DepositsStruck",
  amount: "assets",
} as const;
const REDEMPTIONS = {
  requested: "RedemptionRequested",
  cancelled: "RedemptionCancelled",
  struck: "RedemptionsStruck",
  amount: "shares",
} as const;

type QueueLines = typeof DEPOSITS | typeof REDEMPTIONS;

const NAMES = [DEPOSITS, REDEMPTIONS].flatMap(({ requested, cancelled, struck }) => [requested, cancelled, struck]);

type RequestLog = {
  readonly eventName: (typeof NAMES)[number];
  readonly blockNumber: bigint;
  readonly args: {
    readonly controller: Address;
    readonly epoch: bigint;
    readonly assets: bigint;
    readonly shares: bigint;
  };
};

/** The lines up to a block, and those of them that belong to the week of a moment. */
type Lines = { readonly all: readonly RequestLog[]; readonly ofWeek: ReadonlySet<RequestLog> };

/**
 * What is due when a rebalance starts at `at`: an epoch closes with its week, so that everything requested in an
 * earlier week, not taken back and not yet struck is due.
 */
export async function readDueRequests(
  client: PublicClient,
  deployment: Deployment,
  range: { readonly toBlock: bigint; readonly at: UnixSeconds },
): Promise<DueRequests> {
  const lines = await readLines(client, deployment, range);
  return { deposits: tokenUnits(dueIn(DEPOSITS, lines)), shares: dueIn(REDEMPTIONS, lines) };
}

/** What an account can take back now, deposits first: requests of open epochs, and deposits that a start passed by. */
export async function fetchOpenRequests(fund: Fund, controller: Address): Promise<OpenRequest[]> {
  const { number: toBlock, timestamp } = await fund.client.getBlock();
  const { all } = await readLines(fund.client, fund.deployment, { toBlock, at: unixSeconds(Number(timestamp)) });
  const found = await Promise.all(
    ([DEPOSITS, REDEMPTIONS] as const).flatMap((queue) => {
      const own = unstruck(queue, all).filter(({ args }) => isAddressEqual(args.controller, controller));
      const kind = queue === DEPOSITS ? "deposit" : "redemption";
      return [...new Set(own.map(({ args }) => args.epoch))].map((id) => cancellable(fund, { kind, id }, controller));
    }),
  );
  return found.filter((request) => request !== undefined);
}

/** The request with its amount; `undefined` when the vault does not give it back now. */
async function cancellable(
  { client, deployment }: Fund,
  { kind, id }: Omit<OpenRequest, "amount">,
  controller: Address,
): Promise<OpenRequest | undefined> {
  const { vault } = contractsOf(deployment);
  const functionName = kind === "deposit" ? "cancelDepositRequest" : "cancelRedeemRequest";
  const call = { ...vault, functionName, args: [id, controller, controller], account: controller } as const;
  try {
    return { kind, id, amount: (await client.simulateContract(call)).result };
  } catch (error) {
    if (customErrorOf(error)?.name === "RequestNotCancellable") return undefined;
    throw chainError("see what can be taken back", error);
  }
}

async function readLines(
  client: PublicClient,
  deployment: Deployment,
  { toBlock, at }: { readonly toBlock: bigint; readonly at: UnixSeconds },
): Promise<Lines> {
  const events = NAMES.map((name) => getAbiItem({ abi: indexVaultAbi, name }) as AbiEvent);
  const address = deployment.addresses.vault;
  const found = await readLogs(client, { address, fromBlock: BigInt(deployment.block), toBlock, events });
  const all = found as unknown as readonly RequestLog[];
  const open = [DEPOSITS, REDEMPTIONS].flatMap((queue) => unstruck(queue, all));
  const times = await readBlockTimes(
    client,
    open.map(({ blockNumber }) => blockNumber),
  );
  const isOfWeek = ({ blockNumber }: RequestLog): boolean =>
    weekOf(unixSeconds(times.get(blockNumber) ?? 0)) === weekOf(at);
  return { all, ofWeek: new Set(open.filter((log) => isOfWeek(log) && !isOfClosedEpoch(log, open, isOfWeek))) };
}

/** True when an epoch that closed in an earlier week is taken back from: what the start passed by. */
function isOfClosedEpoch(
  { eventName, args }: RequestLog,
  logs: readonly RequestLog[],
  isOfWeek: (log: RequestLog) => boolean,
): boolean {
  const queue = eventName === DEPOSITS.cancelled ? DEPOSITS : REDEMPTIONS;
  if (eventName !== queue.cancelled) return false;
  return !logs.some((log) => log.eventName === queue.requested && log.args.epoch === args.epoch && isOfWeek(log));
}

/** Requests and cancellations of epochs that no strike has covered. */
function unstruck({ requested, cancelled, struck }: QueueLines, logs: readonly RequestLog[]): readonly RequestLog[] {
  const last = logs.reduce((epoch, log) => (log.eventName === struck ? log.args.epoch : epoch), 0n);
  return logs.filter(
    ({ eventName, args }) => (eventName === requested || eventName === cancelled) && args.epoch > last,
  );
}

/** Everything that came in and is neither taken back nor struck, without what is of this week and may wait. */
function dueIn({ requested, cancelled, struck, amount }: QueueLines, { all, ofWeek }: Lines): bigint {
  const sum = (name: RequestLog["eventName"], logs: readonly RequestLog[]): bigint =>
    logs.reduce((total, log) => total + (log.eventName === name ? log.args[amount] : 0n), 0n);
  const waiting = [...ofWeek];
  const outstanding = sum(requested, all) - sum(cancelled, all) - sum(struck, all);
  return outstanding - (sum(requested, waiting) - sum(cancelled, waiting));
}
