// Turns the fund on chain, at one block, into the facts that its upkeep goes by, found by trying calls without sending.
import { type AbiEvent, type Address, getAbiItem } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { type TokenUnits, tokenUnits, unixSeconds, wad } from "../core/units.ts";
import { TRANSIT } from "../plan/holdings.ts";
import type { AssetFacts, UpkeepFacts } from "../plan/upkeep.ts";
import { ABANDONED_EXIT, type Fund, contractsOf } from "./contracts.ts";
import type { DeployedAsset } from "./deployment.ts";
import { chainError, customErrorOf } from "./errors.ts";
import { readLogs } from "./logs.ts";
import { type Read, readMany } from "./read-many.ts";
import { assetSet } from "./read-prices.ts";
import { readDueRequests } from "./read-requests.ts";

type ChainAsset = { readonly listedAt: number };
type ChainRunning = { readonly id: bigint; readonly deadline: bigint };
type SetAsideLog = { readonly args: { readonly assets: readonly number[] } };
type RequestLog = { readonly args: { readonly controller: Address } };

/** What the sets and prices of the whole fund say, by asset index. */
type FundSets = {
  readonly held: bigint;
  readonly young: bigint;
  readonly unmovable: bigint;
  readonly prices: readonly bigint[];
};

/** Assets of which a redeemer's part is looked at: a strike that leaves nothing in so many leaves nothing to credit. */
const CREDIT_SAMPLE = 20;

/** Reads the facts; what a call would do is asked of the newest block. */
export async function readUpkeepFacts(fund: Fund): Promise<UpkeepFacts> {
  const { client, deployment } = fund;
  const { vault, registry, rebalancer, oracle } = contractsOf(deployment);
  const { number: block, timestamp } = await client.getBlock();
  const time = unixSeconds(Number(timestamp));
  const reads: Read[] = [
    { ...vault, functionName: "heldSet" },
    { ...vault, functionName: "tiers" },
    { ...rebalancer, functionName: "quarantined" },
    { ...oracle, functionName: "prices", args: [assetSet(deployment.assets)] },
    { ...registry, functionName: "regime" },
    { ...rebalancer, functionName: "running" },
    { ...rebalancer, functionName: "abandonedFrom" },
    { ...vault, functionName: "balances", args: [1n << BigInt(TRANSIT)] },
  ];
  const [held, [, , young], [unmovable], [prices], regime, running, abandonedFrom, balances] = (await readMany(
    client,
    reads,
    block,
  )) as [
    bigint,
    readonly [bigint, bigint, bigint],
    readonly [bigint],
    readonly [readonly bigint[]],
    number,
    ChainRunning,
    bigint,
    readonly bigint[],
  ];
  const due = await readDueRequests(client, deployment, { toBlock: block, at: time });
  return {
    time,
    regime: regime === 1 ? "bull" : "bear",
    isRunning: running.id !== 0n,
    abandonedFrom: unixSeconds(Number(abandonedFrom)),
    busyUntil: unixSeconds(running.id === ABANDONED_EXIT ? 0 : Number(running.deadline)),
    isEtherInTransit: (balances[TRANSIT] ?? 0n) > 1n,
    isRequestDue: due.deposits !== 0n || due.shares !== 0n,
    assets: await readAssets(fund, { held, young, unmovable, prices }, block),
    uncredited: await readUncredited(fund, block),
  };
}

async function readAssets(fund: Fund, sets: FundSets, block: bigint): Promise<AssetFacts[]> {
  const { client, deployment } = fund;
  const { vault, rebalancer } = contractsOf(deployment);
  const found = await readMany(
    client,
    deployment.assets.flatMap(({ index }): Read[] => [
      { ...vault, functionName: "assetAt", args: [index] },
      { ...rebalancer, functionName: "probeFailedAt", args: [index] },
    ]),
    block,
  );
  return Promise.all(
    deployment.assets.map(async ({ index, symbol, decimals, isStable }, i): Promise<AssetFacts> => {
      const has = (set: bigint): boolean => ((set >> BigInt(index)) & 1n) === 1n;
      const failedAt = Number(found[2 * i + 1]);
      const isTried = has(sets.held) || has(sets.unmovable) || failedAt !== 0;
      return {
        ...{ index, symbol, decimals, isStable, isYoung: has(sets.young), isHeld: has(sets.held) },
        listedAt: unixSeconds((found[2 * i] as ChainAsset).listedAt),
        price: wad(sets.prices[index] ?? 0n),
        surplus: has(sets.held) ? await surplusOf(fund, index) : tokenUnits(0n),
        moves: isTried ? await moves(fund, index) : undefined,
        isUnmovable: has(sets.unmovable),
        failedAt: failedAt === 0 ? undefined : unixSeconds(failedAt),
      };
    }),
  );
}

/** {tok} By what the vault answers to an attempt to write the books down: it names what it found and expected. */
async function surplusOf({ client, deployment }: Fund, index: DeployedAsset["index"]): Promise<TokenUnits | undefined> {
  const { vault } = contractsOf(deployment);
  try {
    await client.simulateContract({ ...vault, functionName: "writeDown", args: [index] });
    return undefined;
  } catch (error) {
    const refusal = customErrorOf(error);
    if (refusal?.name !== "NothingToWriteDown") throw chainError(`compare the books of asset ${index}`, error);
    const [, found, expected] = refusal.args as readonly [number, bigint, bigint];
    return tokenUnits(found - expected);
  }
}

/** Asked as the rebalancer asks in a probe; `undefined` when the vault has no unit to try it with. */
async function moves({ client, deployment }: Fund, index: DeployedAsset["index"]): Promise<boolean | undefined> {
  const { vault, rebalancer } = contractsOf(deployment);
  const call = { ...vault, functionName: "canMove", args: [index], account: rebalancer.address } as const;
  try {
    return (await client.simulateContract(call)).result;
  } catch (error) {
    if (customErrorOf(error)?.name === "HoldingTooSmall") return undefined;
    throw chainError(`see whether asset ${index} moves`, error);
  }
}

/** Whoever asked for a redemption and would be credited units by a call now. */
async function readUncredited(fund: Fund, toBlock: bigint): Promise<Address[]> {
  const [setAside, requests] = await Promise.all([
    readEvents<SetAsideLog>(fund, "RedeemedUnitsSetAside", toBlock),
    readEvents<RequestLog>(fund, "RedemptionRequested", toBlock),
  ]);
  const assets = [...new Set(setAside.flatMap(({ args }) => args.assets))].slice(-CREDIT_SAMPLE);
  if (assets.length === 0) return [];
  const controllers = [...new Set(requests.map(({ args }) => args.controller))];
  const isWaiting = await Promise.all(
    controllers.map((controller) => gainsUnits(fund, { controller, assets }, toBlock)),
  );
  return controllers.filter((_, i) => isWaiting[i]);
}

/** Looks at what is claimable, credits, and looks again, all in one call that is not sent. */
async function gainsUnits(
  { client, deployment }: Fund,
  { controller, assets }: { readonly controller: Address; readonly assets: readonly number[] },
  block: bigint,
): Promise<boolean> {
  const { vault } = contractsOf(deployment);
  const claimable = assets.map((asset): Read => {
    return { ...vault, functionName: "inKindClaimable", args: [controller, asset] };
  });
  const credit: Read = { ...vault, functionName: "creditInKind", args: [controller] };
  const amounts = await readMany(client, [...claimable, credit, ...claimable], block);
  return assets.some((_, i) => amounts[i] !== amounts[assets.length + 1 + i]);
}

async function readEvents<Log>(
  { client, deployment }: Fund,
  name: "RedeemedUnitsSetAside" | "RedemptionRequested",
  toBlock: bigint,
): Promise<readonly Log[]> {
  const events = [getAbiItem({ abi: indexVaultAbi, name }) as AbiEvent];
  const range = { address: deployment.addresses.vault, fromBlock: BigInt(deployment.block), toBlock };
  return (await readLogs(client, { ...range, events })) as unknown as Log[];
}
