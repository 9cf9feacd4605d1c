// Turns the fund and an account on chain, at one block, into where they stand.
import { type AbiEvent, type Address, type ContractFunctionReturnType, getAbiItem, isAddressEqual } from "viem";

import { indexVaultAbi, vaultLensAbi } from "../core/abi.ts";
import { type UnixSeconds, unixSeconds } from "../core/units.ts";
import { ABANDONED_EXIT, type Fund, contractsOf } from "./contracts.ts";
import { readBlockTimes, readLogs } from "./logs.ts";
import { type FundCosts, type FundGuards, fetchCosts, readFinished } from "./read-costs.ts";

/** Where the fund stands. */
export type FundStatus = {
  readonly block: bigint;
  readonly time: UnixSeconds;
  readonly regime: "bull" | "bear";
  /** The rebalance that led into the regime; undefined when there was none. */
  readonly since: { readonly targetId: number; readonly time: number } | undefined; // {s}
  readonly nav: bigint; // D18{USD} without what has no fresh price
  readonly unpriced: number;
  readonly supply: bigint; // {share}
  readonly holdings: number;
  readonly depositsPending: bigint; // {tok} of the deposit coin
  readonly sharesDue: bigint; // {share}
  readonly setAside: bigint; // {tok} of the deposit coin
  readonly pending: { readonly id: number; readonly executableAt: number; readonly validUntil: number } | undefined; // {s}
  readonly running: { readonly id: number; readonly deadline: number } | undefined; // {s}
  readonly lines: bigint;
  readonly head: string;
  readonly limits: FundLimits;
  readonly costs: FundCosts;
  readonly guards: FundGuards;
};

/** What trading may lose and has lost, when something may happen next, and how old the prices are. */
export type FundLimits = {
  readonly cutoff: number; // {s} when the open epoch closes
  readonly returnFrom: number; // {s} from when on the fund may go back into the market
  readonly anyoneFrom: number | undefined; // {s} when anyone may carry out the exit that waits or is under way
  readonly extraOpensAt: number | undefined; // {s} when the exit under way may use its extra budget
  readonly rebalance: Budget;
  readonly window: Budget;
  readonly exit: Budget;
  readonly prices: readonly PriceAge[];
};

/** Parts of the value before, both D18{1}. */
export type Budget = { readonly used: bigint; readonly limit: bigint };

/** The price source of a listed asset. */
export type PriceAge = {
  readonly index: number;
  readonly kind: "feed" | "pool";
  readonly isFresh: boolean;
  readonly age: number; // {s} of a feed's answer; a pool's mean is of now
  readonly heartbeat: number; // {s}
};

/** A request that is waiting for its strike, or of which something waits to be claimed. */
export type RequestStatus = {
  readonly kind: "deposit" | "redemption";
  readonly id: bigint; // its epoch
  readonly requestedAt: number; // {s} the last addition to it
  readonly pending: bigint; // {tok} of the deposit coin, or {share}
  readonly claimable: bigint; // the same, priced and to be claimed
};

type StartLog = { readonly blockNumber: bigint; readonly args: { readonly id: bigint; readonly regime: string } };
type RequestLog = {
  readonly eventName: string;
  readonly blockNumber: bigint;
  readonly args: { readonly controller: Address; readonly epoch: bigint };
};

/** What only the log tells; whoever keeps an index of it need not read it all again. */
export interface FundRecord {
  /** The first of the latest rebalances in a row that lead to the regime. */
  since(regime: string, toBlock: bigint): Promise<FundStatus["since"]>;
  /** {bps} What each finished rebalance cost, oldest first; the last few are enough. */
  finished(toBlock: bigint): Promise<readonly number[]>;
}

/** Reads where the fund stands. @param record The log itself when left out. */
export async function fetchFundStatus(fund: Fund, record: FundRecord = recordOnChain(fund)): Promise<FundStatus> {
  const { client, deployment } = fund;
  const { registry, rebalancer } = contractsOf(deployment);
  const lens = { address: deployment.addresses.lens, abi: vaultLensAbi };
  const { number: blockNumber, timestamp } = await client.getBlock();
  const [status, [tokens], ages, pending, running] = await Promise.all([
    client.readContract({ ...lens, functionName: "status", blockNumber }),
    client.readContract({ ...lens, functionName: "holdings", blockNumber }),
    client.readContract({ ...lens, functionName: "priceAges", blockNumber }),
    client.readContract({ ...registry, functionName: "pending", blockNumber }),
    client.readContract({ ...rebalancer, functionName: "running", blockNumber }),
  ]);
  const regime = status.regime === "bull" ? "bull" : "bear";
  const { nav, supply, depositsPending, sharesDue, setAside, sequence: lines, head } = status;
  const { id, executableAt, validUntil } = pending;
  return {
    ...{ block: blockNumber, time: unixSeconds(Number(timestamp)), regime, nav, supply, lines, head },
    ...{ unpriced: Number(status.unpriced), holdings: tokens.length, depositsPending, sharesDue, setAside },
    since: await record.since(regime, blockNumber),
    pending:
      id === 0n ? undefined : { id: Number(id), executableAt: Number(executableAt), validUntil: Number(validUntil) },
    running: running.id === 0n ? undefined : { id: Number(running.id), deadline: Number(running.deadline) },
    limits: limitsOf(status, ages),
    ...(await fetchCosts(fund, blockNumber, await record.finished(blockNumber))),
  };
}

function recordOnChain(fund: Fund): FundRecord {
  return {
    since: (regime, toBlock) => readSince(fund, regime, toBlock),
    finished: (toBlock) => readFinished(fund, toBlock),
  };
}

type LensStatus = ContractFunctionReturnType<typeof vaultLensAbi, "view", "status">;
type LensAges = ContractFunctionReturnType<typeof vaultLensAbi, "view", "priceAges">;

function limitsOf({ moments, budgets }: LensStatus, ages: LensAges): FundLimits {
  const timeOf = (time: bigint): number | undefined => (time === 0n ? undefined : Number(time));
  const exitLimit = budgets.exitLimit + (budgets.isExtraOpen ? budgets.exitExtra : 0n);
  return {
    cutoff: Number(moments.cutoff),
    returnFrom: Number(moments.returnFrom),
    anyoneFrom: timeOf(moments.anyoneFrom),
    extraOpensAt: budgets.isExtraOpen ? undefined : timeOf(moments.extraOpensAt),
    rebalance: { used: budgets.rebalanceUsed, limit: budgets.rebalanceLimit },
    window: { used: budgets.windowUsed, limit: budgets.windowLimit },
    exit: { used: budgets.exitUsed, limit: exitLimit },
    prices: ages.map(({ asset, isFeed, isFresh, age, heartbeat }) => {
      return { index: asset, kind: isFeed ? "feed" : "pool", isFresh, age: Number(age), heartbeat };
    }),
  };
}

/** A request as the log tells it. */
export type LoggedRequest = {
  readonly kind: RequestStatus["kind"];
  readonly epoch: bigint;
  readonly controller: Address;
  readonly requestedAt: number; // {s}
};

/**
 * The account's requests that wait for a strike or to be claimed, deposits first, oldest first.
 *
 * @param known Requests in the order of the log, for whoever keeps an index of it, and the block; the log and the
 *   newest block when left out.
 */
export async function fetchRequests(
  fund: Fund,
  controller: Address,
  known: { readonly logged?: readonly LoggedRequest[]; readonly block?: bigint } = {},
): Promise<RequestStatus[]> {
  const { client, deployment } = fund;
  const { vault } = contractsOf(deployment);
  const blockNumber = known.block ?? (await client.getBlockNumber());
  const logged = known.logged ?? (await readRequests(fund, controller, blockNumber));
  const own = logged.filter((request) => isAddressEqual(request.controller, controller));
  const newest = new Map(own.map((request) => [`${request.kind} ${request.epoch}`, request] as const));
  const found = await Promise.all(
    [...newest.values()].map(async ({ kind, epoch, requestedAt }): Promise<RequestStatus> => {
      const [waits, done] =
        kind === "deposit"
          ? (["pendingDepositRequest", "claimableDepositRequest"] as const)
          : (["pendingRedeemRequest", "claimableRedeemRequest"] as const);
      const [pending, claimable] = await Promise.all([
        client.readContract({ ...vault, functionName: waits, args: [epoch, controller], blockNumber }),
        client.readContract({ ...vault, functionName: done, args: [epoch, controller], blockNumber }),
      ]);
      return { kind, id: epoch, requestedAt, pending, claimable };
    }),
  );
  return found
    .filter(({ pending, claimable }) => pending + claimable > 0n)
    .sort((a, b) => a.kind.localeCompare(b.kind) || Number(a.id - b.id));
}

async function readRequests(fund: Fund, controller: Address, toBlock: bigint): Promise<LoggedRequest[]> {
  const all = await readEvents<RequestLog>(fund, REQUESTS, toBlock);
  const own = all.filter(({ args }) => isAddressEqual(args.controller, controller));
  const times = await readBlockTimes(
    fund.client,
    own.map((log) => log.blockNumber),
  );
  return own.map(({ eventName, args, blockNumber }) => ({
    kind: eventName === "DepositRequested" ? "deposit" : "redemption",
    epoch: args.epoch,
    controller: args.controller,
    requestedAt: times.get(blockNumber) ?? 0,
  }));
}

const REQUESTS = ["DepositRequested", "RedemptionRequested"] as const;

/** The first of the latest rebalances in a row that lead to the regime. */
async function readSince(fund: Fund, regime: string, toBlock: bigint): Promise<FundStatus["since"]> {
  const all = await readEvents<StartLog>(fund, ["RebalanceStarted"], toBlock);
  // An exit without a target changes no regime.
  const started = all.filter(({ args }) => args.id !== ABANDONED_EXIT);
  const before = started.findLastIndex(({ args }) => args.regime !== regime);
  const first = started[before + 1];
  if (first === undefined) return undefined;
  const times = await readBlockTimes(fund.client, [first.blockNumber]);
  return { targetId: Number(first.args.id), time: times.get(first.blockNumber) ?? 0 };
}

type EventName = (typeof REQUESTS)[number] | "RebalanceStarted";

async function readEvents<Log>(
  { client, deployment }: Fund,
  names: readonly EventName[],
  toBlock: bigint,
): Promise<Log[]> {
  const events = names.map((name) => getAbiItem({ abi: indexVaultAbi, name }) as AbiEvent);
  const range = { address: deployment.addresses.vault, fromBlock: BigInt(deployment.block), toBlock };
  return (await readLogs(client, { ...range, events })) as unknown as Log[];
}
