// Turns the fund on chain, at one block, into what a depositor bears, and what keeps the fund from trading.
import { type AbiEvent, type ContractFunctionReturnType, getAbiItem } from "viem";

import { indexVaultAbi, vaultLensAbi } from "../core/abi.ts";
import type { Fund } from "./contracts.ts";
import { readLogs } from "./logs.ts";

/** Every cost of a depositor but gas, and what a request must keep to. Rates are {bps}, of the management fee a year. */
export type FundCosts = {
  /** What a request made now leaves to the fund, and between what an epoch's swing lies in the present regime. */
  readonly swing: {
    readonly deposit: number;
    readonly redemption: number;
    readonly least: number;
    readonly most: number;
  };
  /** Mean of what the last rebalances cost, four at most, rounded up; undefined when none has finished. */
  readonly measured: { readonly mean: number; readonly rebalances: number } | undefined;
  readonly fee: {
    readonly now: number;
    readonly bull: number;
    readonly bear: number;
    readonly mostBull: number;
    readonly mostBear: number;
  };
  /** D18{USD}, with the room left in {tok} of the deposit coin; undefined when there is no cap. */
  readonly cap: { readonly limit: bigint; readonly used: bigint; readonly room: bigint } | undefined;
  readonly depositsPausedUntil: number | undefined; // {s}
  readonly leastDeposit: bigint; // {tok} of the deposit coin
  readonly leastRedemption: bigint; // {share}
};

/** What keeps the fund from trading; assets by index. */
export type FundGuards = {
  readonly buyingPausedUntil: number | undefined; // {s}
  readonly closed: readonly number[];
  readonly quarantined: readonly number[];
  readonly abandonedFrom: number | undefined; // {s} undefined when the fund is not in the market
};

type FinishLog = { readonly args: { readonly costBps: bigint } };
type LensCosts = ContractFunctionReturnType<typeof vaultLensAbi, "view", "costs">;
type LensGuards = ContractFunctionReturnType<typeof vaultLensAbi, "view", "guards">;

/** Rebalances whose mean cost makes the swing. */
const MEASURED = 4;
/** A deposit cap that is none. */
const NO_CAP = 2n ** 96n - 1n;

/** Reads what a depositor bears, and what keeps the fund from trading. @param finished {bps} As {@link readFinished}. */
export async function fetchCosts(
  fund: Fund,
  blockNumber: bigint,
  finished: readonly number[],
): Promise<{ readonly costs: FundCosts; readonly guards: FundGuards }> {
  const { client, deployment } = fund;
  const lens = { address: deployment.addresses.lens, abi: vaultLensAbi };
  const [costs, guards] = await Promise.all([
    client.readContract({ ...lens, functionName: "costs", blockNumber }),
    client.readContract({ ...lens, functionName: "guards", blockNumber }),
  ]);
  return { costs: costsOf(costs, finished), guards: guardsOf(guards) };
}

function costsOf(lens: LensCosts, finished: readonly number[]): FundCosts {
  const { depositCap, depositCapUsed, depositRoom, leastDeposit, leastRedemption } = lens;
  return {
    swing: {
      deposit: Number(lens.depositSwing),
      redemption: Number(lens.redemptionSwing),
      least: Number(lens.leastSwing),
      most: Number(lens.mostSwing),
    },
    measured: meanOf(finished),
    fee: {
      now: Number(lens.fee),
      bull: Number(lens.bullFee),
      bear: Number(lens.bearFee),
      mostBull: Number(lens.mostBullFee),
      mostBear: Number(lens.mostBearFee),
    },
    cap: depositCap === NO_CAP ? undefined : { limit: depositCap, used: depositCapUsed, room: depositRoom },
    depositsPausedUntil: timeOf(lens.depositsPausedUntil),
    ...{ leastDeposit, leastRedemption },
  };
}

function guardsOf({ buyingPausedUntil, closed, unmovable, unsold, abandonedFrom }: LensGuards): FundGuards {
  return {
    buyingPausedUntil: timeOf(buyingPausedUntil),
    closed: indexesOf(closed),
    quarantined: indexesOf(unmovable | unsold),
    abandonedFrom: timeOf(abandonedFrom),
  };
}

function meanOf(costs: readonly number[]): FundCosts["measured"] {
  const last = costs.slice(-MEASURED);
  if (last.length === 0) return undefined;
  return { mean: Math.ceil(last.reduce((sum, cost) => sum + cost, 0) / last.length), rebalances: last.length };
}

/** {bps} What each finished rebalance cost, oldest first. */
export async function readFinished({ client, deployment }: Fund, toBlock: bigint): Promise<number[]> {
  const events = [getAbiItem({ abi: indexVaultAbi, name: "RebalanceFinished" }) as AbiEvent];
  const range = { address: deployment.addresses.vault, fromBlock: BigInt(deployment.block), toBlock };
  const logs = (await readLogs(client, { ...range, events })) as unknown as FinishLog[];
  return logs.map(({ args }) => Number(args.costBps));
}

function timeOf(time: bigint): number | undefined {
  return time === 0n ? undefined : Number(time);
}

/** The assets of a set that has one bit an asset. */
function indexesOf(set: bigint): number[] {
  return Array.from({ length: 256 }, (_, index) => index).filter((index) => ((set >> BigInt(index)) & 1n) === 1n);
}
