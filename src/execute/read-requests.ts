// Turns the vault's request lines into what the next rebalance will strike, and what an account can still take back.
import type { AbiEvent, Address, PublicClient } from "viem";
import { getAbiItem, isAddressEqual } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { weekOf } from "../core/time.ts";
import { type TokenUnits, type UnixSeconds, tokenUnits, unixSeconds } from "../core/units.ts";
import { type Fund, contractsOf } from "./contracts.ts";
import type { Deployment } from "./deployment.ts";
import { readBlockTimes, readLogs } from "./logs.ts";

/** Requests that were made in an earlier week than `at` and not struck. */
export type DueRequests = { readonly deposits: TokenUnits; readonly shares: bigint };

/** A request whose epoch is open. */
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

/** What an account requested this week and can still take back, deposits first. */
export async function fetchOpenRequests({ client, deployment }: Fund, controller: Address): Promise<OpenRequest[]> {
  const { number: blockNumber, timestamp } = await client.getBlock();
  const range = { toBlock: blockNumber, at: unixSeconds(Number(timestamp)) };
  const { ofWeek } = await readLines(client, deployment, range);
  const { vault } = contractsOf(deployment);
  const epochIn = ({ requested }: QueueLines): bigint =>
    [...ofWeek]
      .filter(({ eventName, args }) => eventName === requested && isAddressEqual(args.controller, controller))
      .reduce((newest, { args }) => (args.epoch > newest ? args.epoch : newest), 0n);
  const [deposit, redemption] = [epochIn(DEPOSITS), epochIn(REDEMPTIONS)];
  const [assets, shares] = await Promise.all([
    client.readContract({
      ...vault,
      functionName: "pendingDepositRequest",
      args: [deposit, controller],
      blockNumber,
    }),
    client.readContract({
      ...vault,
      functionName: "pendingRedeemRequest",
      args: [redemption, controller],
      blockNumber,
    }),
  ]);
  const requests: OpenRequest[] = [
    { kind: "deposit", id: deposit, amount: assets },
    { kind: "redemption", id: redemption, amount: shares },
  ];
  return requests.filter(({ id, amount }) => id > 0n && amount > 0n);
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
