// Turns the file of a network and a node of its chain into what of the file the chain does not bear out.
import { type Address, type PublicClient, erc20Abi, formatUnits, isAddressEqual, parseAbi } from "viem";

import { AppError } from "../core/errors.ts";
import { FACTORY_ABI, POOL_ABI, ROUTER_ABI } from "./contracts.ts";
import { ChainIdMismatchError } from "./deployment.ts";
import { type Network, type NetworkAsset, type NetworkPool, cashOf, wethOf } from "./network.ts";
import { type MemoryGap, memoryGaps } from "./pool-memory.ts";

const FEED_ABI = parseAbi([
  "function decimals() view returns (uint8)",
  "function description() view returns (string)",
  "function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
]);

/** Decimals of a feed's bounds. */
const WAD_DECIMALS = 18;

/** Where a file and the chain differ. */
export type NetworkFault = {
  /** Whose entry it is, for example `bitcoin` or `factory`. */
  readonly entry: string;
  readonly kind:
    | "no-code"
    | "decimals"
    | "symbol"
    | "feed-decimals"
    | "feed-description"
    | "feed-stale"
    | "feed-out-of-bounds"
    | "pool-tokens"
    | "pool-fee"
    | "pool-foreign"
    | "pool-thin"
    | "router-foreign"
    | "sequencer-down"
    | MemoryGap["kind"];
  /** The address that was asked. */
  readonly at: Address;
  readonly expected: string;
  readonly found: string;
  /** What to do, where it is something else than to correct the file. */
  readonly advice?: string;
};

/** What a check found. */
export type NetworkCheck = {
  readonly faults: readonly NetworkFault[];
  /** Faults of pools that were worked out and never seen: there simply is no such pool, or it is too thin. */
  readonly absentPools: readonly NetworkFault[];
  /** What does not keep a fund from being deployed, but should be known. */
  readonly warnings: readonly NetworkFault[];
  /** The network with the pools that the chain has. */
  readonly confirmed: Network;
};

/** The chain does not bear out a network's file. */
export class NetworkDiffersError extends AppError {
  readonly code = "NETWORK_DIFFERS";
  readonly kind = "chain";
  readonly faults: readonly NetworkFault[];

  constructor(network: Network, faults: readonly NetworkFault[]) {
    super(
      `Expected the chain to bear out the file of ${network.title}, found ${faults.length} differences: ` +
        `${faults.map(faultWords).join("; ")}. Correct or remove the entries, or do as they say.`,
    );
    this.faults = faults;
  }
}

/** A difference in words. */
export function faultWords({ entry, kind, at, expected, found, advice }: NetworkFault): string {
  return `${entry}: ${kind} at ${at}: expected ${expected}, found ${found}${advice === undefined ? "" : ` (${advice})`}`;
}

/**
 * Compares every entry with the chain: code, decimals and symbol of tokens, description, decimals, age and answer of
 * feeds, tokens, fee, origin and depth of pools, and the memory of a pool that prices its asset.
 *
 * @param leastCash {tok} Of the deposit coin, or its worth of ether, that a pool must hold to count as one.
 * @throws ChainIdMismatchError when the node serves another chain.
 */
export async function checkNetwork(client: PublicClient, network: Network, leastCash: bigint): Promise<NetworkCheck> {
  const found = await client.getChainId();
  if (found !== network.chainId) throw new ChainIdMismatchError(network.chainId, found);
  const { timestamp } = await client.getBlock();
  const chain: Look = { client, network, now: timestamp, leastCash, etherPrice: await etherPriceOf(client, network) };
  const faults = [...(await placeFaults(chain))];
  const absentPools: NetworkFault[] = [];
  const gaps: NetworkFault[] = [];
  const assets: NetworkAsset[] = [];
  for (const asset of network.assets) {
    faults.push(...(await tokenFaults(chain, asset)), ...(await feedFaults(chain, asset)));
    const pools: NetworkPool[] = [];
    for (const pool of asset.pools) {
      const wrong = await poolFaults(chain, asset, pool);
      if (wrong.length === 0) pools.push({ ...pool, evidence: "chain" });
      else if (pool.evidence === "computed") absentPools.push(...wrong);
      else faults.push(...wrong);
    }
    if (asset.feed !== undefined || pools.length > 0) assets.push({ ...asset, pools });
    gaps.push(...(await pricingFaults(chain, { ...asset, pools })));
  }
  faults.push(...gaps.filter(({ kind }) => kind !== "pool-filling"));
  const warnings = gaps.filter(({ kind }) => kind === "pool-filling");
  return { faults, absentPools, warnings, confirmed: { ...network, assets } };
}

type Look = {
  readonly client: PublicClient;
  readonly network: Network;
  readonly now: bigint; // {s}
  readonly leastCash: bigint; // {tok} of the deposit coin
  readonly etherPrice: bigint | undefined; // {tok} of the deposit coin for one ether
};

async function etherPriceOf(client: PublicClient, network: Network): Promise<bigint | undefined> {
  const feed = wethOf(network).feed;
  if (feed === undefined) return undefined;
  const answer = await client
    .readContract({ address: feed.address, abi: FEED_ABI, functionName: "latestRoundData" })
    .catch(() => undefined);
  if (answer === undefined) return undefined;
  return (answer[1] * 10n ** BigInt(cashOf(network).decimals)) / 10n ** BigInt(feed.decimals);
}

async function placeFaults({ client, network }: Look): Promise<NetworkFault[]> {
  const { factory, sequencer } = network;
  const faults = (await hasCode(client, factory.address)) ? [] : [codeFault("factory", factory.address)];
  faults.push(...(await routerFaults(client, network)));
  if (sequencer === undefined) return faults;
  const at = sequencer.address;
  if (!(await hasCode(client, at))) return [...faults, codeFault("sequencer", at)];
  const round = await client.readContract({ address: at, abi: FEED_ABI, functionName: "latestRoundData" });
  if (round[1] === 0n) return faults;
  return [...faults, { entry: "sequencer", kind: "sequencer-down", at, expected: "0 (up)", found: String(round[1]) }];
}

/** A router of another factory would look for pools at addresses of its own. */
async function routerFaults(client: PublicClient, { factory, router }: Network): Promise<NetworkFault[]> {
  if (router === undefined) return [];
  const at = router.address;
  if (!(await hasCode(client, at))) return [codeFault("router", at)];
  const found = await client.readContract({ address: at, abi: ROUTER_ABI, functionName: "factory" });
  return differing({ entry: "router", kind: "router-foreign", at }, factory.address, found);
}

async function tokenFaults({ client }: Look, asset: NetworkAsset): Promise<NetworkFault[]> {
  const { coinId: entry, token: at } = asset;
  if (!(await hasCode(client, at))) return [codeFault(entry, at)];
  const token = { address: at, abi: erc20Abi };
  const decimals = await client.readContract({ ...token, functionName: "decimals" });
  const symbol = await symbolOf(client, at);
  return [
    ...differing({ entry, kind: "decimals", at }, String(asset.decimals), String(decimals)),
    ...differing({ entry, kind: "symbol", at }, asset.symbol, symbol),
  ];
}

/** Some old tokens answer with 32 bytes instead of a string. */
async function symbolOf(client: PublicClient, at: Address): Promise<string> {
  try {
    return await client.readContract({ address: at, abi: erc20Abi, functionName: "symbol" });
  } catch {
    const abi = parseAbi(["function symbol() view returns (bytes32)"]);
    const bytes = await client.readContract({ address: at, abi, functionName: "symbol" });
    return Buffer.from(bytes.slice(2), "hex").toString("utf8").replaceAll("\0", "");
  }
}

async function feedFaults({ client, now }: Look, { coinId: entry, feed }: NetworkAsset): Promise<NetworkFault[]> {
  if (feed === undefined) return [];
  const at = feed.address;
  if (!(await hasCode(client, at))) return [codeFault(entry, at)];
  const read = { address: at, abi: FEED_ABI } as const;
  const [decimals, description, [, answer, , updatedAt]] = await Promise.all([
    client.readContract({ ...read, functionName: "decimals" }),
    client.readContract({ ...read, functionName: "description" }),
    client.readContract({ ...read, functionName: "latestRoundData" }),
  ]);
  const age = now - updatedAt;
  const price = Number(formatUnits(answer, decimals));
  const { low, high } = feed.bounds;
  return [
    ...differing({ entry, kind: "feed-decimals", at }, String(feed.decimals), String(decimals)),
    ...differing({ entry, kind: "feed-description", at }, feed.pair.toUpperCase(), description.trim().toUpperCase()),
    ...refusal(age > BigInt(feed.heartbeat), { entry, kind: "feed-stale", at }, [
      `at most ${feed.heartbeat} s`,
      `${age} s`,
    ]),
    ...refusal(price < Number(low) || price > Number(high), { entry, kind: "feed-out-of-bounds", at }, [
      `${low} to ${high} USD`,
      `${formatUnits(answer, Math.min(decimals, WAD_DECIMALS))} USD`,
    ]),
  ];
}

async function poolFaults(look: Look, asset: NetworkAsset, pool: NetworkPool): Promise<NetworkFault[]> {
  const { client, network } = look;
  const [entry, at] = [asset.coinId, pool.address];
  if (!(await hasCode(client, at))) return [codeFault(`${entry}'s pool`, at)];
  const quote = pool.quote === "cash" ? cashOf(network) : wethOf(network);
  const read = { address: at, abi: POOL_ABI } as const;
  const [token0, token1, fee] = await Promise.all([
    client.readContract({ ...read, functionName: "token0" }),
    client.readContract({ ...read, functionName: "token1" }),
    client.readContract({ ...read, functionName: "fee" }),
  ]);
  const expected = [asset.token, quote.token].sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
  const isPair = isAddressEqual(token0, expected[0] as Address) && isAddressEqual(token1, expected[1] as Address);
  if (!isPair) {
    return [{ entry, kind: "pool-tokens", at, expected: expected.join(" and "), found: `${token0} and ${token1}` }];
  }
  const known = await client.readContract({
    address: network.factory.address,
    abi: FACTORY_ABI,
    functionName: "getPool",
    args: [token0, token1, fee],
  });
  return [
    ...differing({ entry, kind: "pool-fee", at }, String(pool.fee), String(fee)),
    ...refusal(!isAddressEqual(known, at), { entry, kind: "pool-foreign", at }, [`the factory's ${known}`, at]),
    ...(await depthFaults(look, { entry, quote, pool })),
  ];
}

/** Of the pool that prices an asset without a feed: the first that the chain has. */
async function pricingFaults(
  { client, now }: Look,
  { coinId: entry, feed, pools }: NetworkAsset,
): Promise<NetworkFault[]> {
  const [main] = pools;
  if (feed !== undefined || main === undefined) return [];
  const gaps = await memoryGaps(client, main.address, now);
  return gaps.map((gap) => ({ entry, at: main.address, ...gap }));
}

async function depthFaults(
  { client, leastCash, etherPrice }: Look,
  { entry, quote, pool }: { readonly entry: string; readonly quote: NetworkAsset; readonly pool: NetworkPool },
): Promise<NetworkFault[]> {
  const at = pool.address;
  const [held, liquidity] = await Promise.all([
    client.readContract({ address: quote.token, abi: erc20Abi, functionName: "balanceOf", args: [at] }),
    client.readContract({ address: at, abi: POOL_ABI, functionName: "liquidity" }),
  ]);
  // {tok} of cash = {wei} * {tok of cash / whole ether} / 10^18
  const worth = pool.quote === "cash" ? held : (held * (etherPrice ?? 0n)) / 10n ** BigInt(quote.decimals);
  const isThin = liquidity === 0n || worth < leastCash;
  const found = liquidity === 0n ? "none at its price" : `${worth}`;
  return refusal(isThin, { entry, kind: "pool-thin", at }, [
    `${leastCash} units of the deposit coin or their worth`,
    found,
  ]);
}

type Subject = Pick<NetworkFault, "entry" | "kind" | "at">;

function differing(subject: Subject, expected: string, found: string): NetworkFault[] {
  return expected === found ? [] : [{ ...subject, expected, found }];
}

function refusal(isRefused: boolean, subject: Subject, [expected, found]: readonly [string, string]): NetworkFault[] {
  return isRefused ? [{ ...subject, expected, found }] : [];
}

function codeFault(entry: string, at: Address): NetworkFault {
  return { entry, kind: "no-code", at, expected: "a contract", found: "no code" };
}

async function hasCode(client: PublicClient, address: Address): Promise<boolean> {
  const code = await client.getCode({ address });
  return code !== undefined && code !== "0x";
}
