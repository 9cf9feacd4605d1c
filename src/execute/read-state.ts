// Turns the fund on chain, at one block, into everything that a plan starts from.
import type { Address } from "viem";

import { type Bps, type UnixSeconds, bps, ppm, tokenUnits, unixSeconds, wad } from "../core/units.ts";
import { weekOf } from "../core/time.ts";
import { CASH, ETHER, type Holdings, type PlanAsset, TRANSIT } from "../plan/holdings.ts";
import { ORDINARY_LIMIT } from "../plan/limits.ts";
import type { PoolState } from "../plan/pool.ts";
import { type Fund, contractsOf } from "./contracts.ts";
import type { DeployedAsset } from "./deployment.ts";
import type { TargetWeights } from "./publish.ts";
import { type Read, readMany } from "./read-many.ts";
import { readPools } from "./read-pools.ts";
import { readPrices } from "./read-prices.ts";
import { readDueRequests } from "./read-requests.ts";

/** The rebalance that is under way. */
export type RunningRebalance = {
  readonly id: number;
  readonly startedAt: UnixSeconds;
  readonly deadline: UnixSeconds;
  readonly position: number; // of the next leg
};

/** The fund at a block. */
export type FundState = {
  readonly block: bigint;
  readonly time: UnixSeconds;
  readonly holdings: Holdings;
  readonly pools: readonly PoolState[];
  readonly running: RunningRebalance | undefined;
  readonly gasPrice: bigint; // {wei}
};

/** What to read for: the weights that will be aimed at, and the target that has them. */
export type StateQuery = {
  readonly weights: TargetWeights;
  /** Its deposits were struck if it is under way already. */
  readonly targetId: number;
  /** When the rebalance will start; the block's time when left out. */
  readonly at?: UnixSeconds;
};

/** Every bit: asked for all indexes, the vault gives the balances of all. */
const ALL_ASSETS = 2n ** 256n - 1n;

/** `IRebalancer.Running`, as far as it is used. */
type ChainRunning = { readonly id: bigint; readonly deadline: bigint; readonly position: number };

type VaultFacts = {
  readonly balances: readonly bigint[];
  readonly supply: bigint;
  readonly sharesDue: bigint;
  readonly running: RunningRebalance | undefined;
  /** One bit an asset whose price limit is not the ordinary one. */
  readonly limited: bigint;
};

/** Reads balances, prices, pools and requests; prices and pools only of what is held, aimed at or needed on the way. */
export async function readFundState(fund: Fund, query: StateQuery): Promise<FundState> {
  const { client, deployment } = fund;
  const [block, gasPrice] = await Promise.all([client.getBlock({ blockTag: "latest" }), client.getGasPrice()]);
  const time = unixSeconds(Number(block.timestamp));
  const facts = await readVault(fund, block.number);
  const involved = assetsInvolved(deployment.assets, facts.balances, query.weights);
  const isStarted = facts.running?.id === query.targetId;
  const at = query.at ?? time;
  const [prices, priceLimits, pools, due, swing] = await Promise.all([
    readPrices(fund, involved, block.number),
    readPriceLimits(fund, { involved, limited: facts.limited }, block.number),
    readListedPools(fund, poolsOf(involved), block.number),
    isStarted ? undefined : readDueRequests(client, deployment, { toBlock: block.number, at }),
    readSwing(fund, at, block.number),
  ]);
  const weights = new Map(query.weights.assets.map((asset, i) => [asset, query.weights.parts[i] ?? ppm(0)]));
  const holdings: Holdings = {
    assets: involved.map(({ index, symbol, token, decimals, isStable }): PlanAsset => {
      const [balance, price, weight] = [facts.balances[index] ?? 0n, prices[index] ?? 0n, weights.get(index) ?? ppm(0)];
      const priceLimit = priceLimits.get(index) ?? ORDINARY_LIMIT;
      const books = { balance: tokenUnits(balance), price: wad(price), weight, priceLimit };
      return { index, symbol, token, decimals, isStable, ...books };
    }),
    transit: tokenUnits(facts.balances[TRANSIT] ?? 0n),
    supply: facts.supply,
    sharesDue: due?.shares ?? facts.sharesDue,
    depositsDue: due?.deposits ?? tokenUnits(0n),
    depositSwing: bps(swing),
  };
  return { block: block.number, time, holdings, pools, running: facts.running, gasPrice };
}

/** {bps} Of the deposits that a start at `at` strikes. */
async function readSwing({ client, deployment }: Fund, at: UnixSeconds, blockNumber: bigint): Promise<number> {
  const { vault } = contractsOf(deployment);
  const swing = await client.readContract({
    ...vault,
    functionName: "swingDue",
    args: [BigInt(weekOf(at))],
    blockNumber,
  });
  return Number(swing);
}

async function readVault({ client, deployment }: Fund, block: bigint): Promise<VaultFacts> {
  const { vault, rebalancer, venue } = contractsOf(deployment);
  const reads: Read[] = [
    { ...vault, functionName: "balances", args: [ALL_ASSETS] },
    { ...vault, functionName: "totalSupply" },
    { ...vault, functionName: "sharesDue" },
    { ...rebalancer, functionName: "running" },
    { ...rebalancer, functionName: "REBALANCE_TIME" },
    { ...venue, functionName: "rules" },
  ];
  const [balances, supply, sharesDue, running, time, [, limited]] = (await readMany(client, reads, block)) as [
    readonly bigint[],
    bigint,
    bigint,
    ChainRunning,
    bigint,
    readonly [bigint, bigint],
  ];
  return { balances, supply, sharesDue, running: running.id === 0n ? undefined : runningOf(running, time), limited };
}

/** @param time {s} between start and deadline. */
function runningOf({ id, deadline, position }: ChainRunning, time: bigint): RunningRebalance {
  const startedAt = unixSeconds(Number(deadline - time));
  return { id: Number(id), startedAt, deadline: unixSeconds(Number(deadline)), position };
}

/** By index, of the assets that have one of their own. */
async function readPriceLimits(
  { client, deployment }: Fund,
  { involved, limited }: { readonly involved: readonly DeployedAsset[]; readonly limited: bigint },
  block: bigint,
): Promise<ReadonlyMap<number, Bps>> {
  const { venue } = contractsOf(deployment);
  const indexes = involved.map(({ index }) => index).filter((index) => ((limited >> BigInt(index)) & 1n) === 1n);
  const reads = indexes.map((index): Read => ({ ...venue, functionName: "priceLimit", args: [index] }));
  const limits = (await readMany(client, reads, block)) as readonly number[];
  return new Map(indexes.map((index, i) => [index, bps(limits[i] ?? ORDINARY_LIMIT)]));
}

function assetsInvolved(
  assets: readonly DeployedAsset[],
  balances: readonly bigint[],
  weights: TargetWeights,
): readonly DeployedAsset[] {
  const wanted = new Set([CASH, ETHER, ...weights.assets]);
  return assets
    .filter(({ index }) => wanted.has(index) || (balances[index] ?? 0n) > 1n)
    .sort((a, b) => a.index - b.index);
}

/** Every pool of some assets; that of ether is needed by every route. */
export function poolsOf(assets: readonly DeployedAsset[]): Address[] {
  const pools = assets.flatMap(({ pool, otherPools = [] }) =>
    pool === undefined ? otherPools : [pool, ...otherPools],
  );
  return [...new Map(pools.map((pool) => [pool.toLowerCase(), pool])).values()];
}

/** Those that the venue has not removed since they were written down, with what the guardian has closed. */
export async function readListedPools(fund: Fund, addresses: readonly Address[], block: bigint): Promise<PoolState[]> {
  const { venue } = contractsOf(fund.deployment);
  const reads = addresses.flatMap((pool): Read[] => [
    { ...venue, functionName: "isListed", args: [pool] },
    { ...venue, functionName: "isClosed", args: [pool] },
  ]);
  const [answers, pools] = await Promise.all([
    readMany(fund.client, reads, block),
    readPools(fund.client, addresses, block),
  ]);
  return pools.flatMap((pool, i) => {
    const [isListed, isClosed] = answers.slice(2 * i) as [boolean, boolean];
    return isListed ? [isClosed ? { ...pool, isClosed } : pool] : [];
  });
}
