// Turns token list, feeds and pools into the file of a network, and into what of the index it leaves out and why.
import { getAddress } from "viem";

import { AppError } from "../../core/errors.ts";
import type { Network, NetworkAsset } from "../../execute/network.ts";
import type { ListedToken } from "../../market/sources/network-lists.ts";
import { sdkCore } from "../../plan/uniswap.ts";
import { CASH, type ChainSpec, STABLES, type StableSpec } from "./chains.ts";
import { type Coverage, type NameCoverage, coverageOf, coveredName, missingName } from "./coverage.ts";
import { type NetworkFeed, STABLE_BOUNDS, feedOf, networkFeed } from "./feeds.ts";
import { type Frame, poolsOf } from "./pools.ts";
import type { IndexName, NetworkSources } from "./sources.ts";
import { vehicleOf } from "./vehicle.ts";

/** Where factories, routers and wrapped ether are taken from. */
const SDK_ORIGIN = "@uniswap/sdk-core 7.19.4 (MIT)";
/** {ppm} As in TargetCaps.sol; what a network's file promises is read back from the chain's code by a test. */
export const CAPS: Network["caps"] = {
  bitcoin: 800_000,
  ether: 400_000,
  feed: 150_000,
  pool: 10_000,
  poolsTogether: 100_000,
  young: 10_000,
  issuer: 600_000,
};
const ETHEREUM = "ethereum";
const ETHER_DECIMALS = 18;
const CASH_DECIMALS = 6;
/** {s} Feeds of test networks answer at least once a day. */
const DAY = 86_400;

/** A chain lacks what every fund needs there. */
export class NetworkUnbuildableError extends AppError {
  readonly code = "NETWORK_UNBUILDABLE";
  readonly kind = "data";

  constructor(title: string, missing: string) {
    super(`Expected ${missing} for ${title} in the sources, found none. A fund cannot be deployed there from them.`);
  }
}

/** A network's file, and how much of the index it carries. */
export type BuiltNetwork = { readonly network: Network; readonly coverage: Coverage };

/** @throws NetworkUnbuildableError when the deposit coin, wrapped ether or a feed of one of them is missing. */
export function buildNetwork(spec: ChainSpec, sources: NetworkSources): BuiltNetwork {
  const ground = groundOf(spec, sources);
  const frame = frameAssets(spec, ground);
  const { assets, names } = indexAssets(spec, ground, frame);
  const network: Network = {
    chainId: spec.chainId,
    name: spec.name,
    title: spec.title,
    factory: { address: ground.frame.factory, origin: SDK_ORIGIN },
    router: { address: getAddress(sdkCore.SWAP_ROUTER_02_ADDRESSES(spec.chainId)), origin: SDK_ORIGIN },
    ...(spec.sequencer === undefined ? {} : { sequencer: spec.sequencer }),
    caps: CAPS,
    assets: [...frame, ...assets],
  };
  return { network, coverage: coverageOf(names) };
}

/** What of the sources concerns one chain. */
type Ground = {
  readonly sources: NetworkSources;
  /** Tokens of the chain alone. */
  readonly tokens: readonly ListedToken[];
  readonly pools: ReadonlySet<string> | undefined;
  readonly frame: Frame;
};

function groundOf(spec: ChainSpec, sources: NetworkSources): Ground {
  const tokens = sources.tokens.filter(({ chainId }) => chainId === spec.chainId);
  const factory = sdkCore.V3_CORE_FACTORY_ADDRESSES[spec.chainId];
  const weth = sdkCore.WETH9[spec.chainId]?.address;
  const cash = spec.test?.cash.address ?? stableToken(CASH, tokens)?.address;
  if (factory === undefined || weth === undefined || cash === undefined) {
    throw new NetworkUnbuildableError(spec.title, "factory, wrapped ether and deposit coin");
  }
  const frame = { factory: getAddress(factory), cash: getAddress(cash), weth: getAddress(weth) };
  return { sources, tokens, pools: sources.pools.get(spec.chainId), frame };
}

/** The deposit coin, wrapped ether and the other stablecoins of the chain. */
function frameAssets(spec: ChainSpec, ground: Ground): NetworkAsset[] {
  const { frame, sources, tokens } = ground;
  const others = spec.test === undefined ? STABLES.slice(1) : [];
  const cash: NetworkAsset = {
    coinId: CASH.coinId,
    symbol: "USDC",
    token: frame.cash,
    decimals: CASH_DECIMALS,
    isStable: true,
    vehicle: "own",
    origin: spec.test?.cash.origin ?? sources.listName,
    feed: { ...frameFeed(spec, ground, "usdc"), bounds: STABLE_BOUNDS },
    pools: [],
  };
  const weth: NetworkAsset = {
    coinId: ETHEREUM,
    symbol: "WETH",
    token: frame.weth,
    decimals: ETHER_DECIMALS,
    isStable: false,
    vehicle: "wrapped",
    origin: SDK_ORIGIN,
    feed: frameFeed(spec, ground, "eth"),
    pools: poolsOf(frame, { token: frame.weth, isStable: false }, ground.pools),
  };
  const stables = others.flatMap((stable) => stableAsset(spec, ground, { stable, token: stableToken(stable, tokens) }));
  return [cash, weth, ...stables];
}

/** Nothing for a stablecoin without a token or without a feed: it could not be watched. */
function stableAsset(
  spec: ChainSpec,
  ground: Ground,
  { stable, token }: { readonly stable: StableSpec; readonly token: ListedToken | undefined },
): NetworkAsset[] {
  const { sources, frame, pools } = ground;
  const feed = sources.feeds.find(({ chainId, base }) => chainId === spec.chainId && base === stable.feed);
  if (token === undefined || feed === undefined) return [];
  const { address, decimals } = token;
  return [
    {
      coinId: stable.coinId,
      symbol: stable.symbols[0] ?? token.symbol,
      token: address,
      decimals,
      isStable: true,
      vehicle: "own",
      origin: sources.listName,
      feed: { ...networkFeed(feed, 1, sources.feedsName), bounds: STABLE_BOUNDS },
      pools: poolsOf(frame, { token: address, isStable: true }, pools),
    },
  ];
}

function stableToken(stable: StableSpec, tokens: readonly ListedToken[]): ListedToken | undefined {
  return tokens.find(({ symbol }) => stable.symbols.includes(symbol));
}

function frameFeed(spec: ChainSpec, { sources }: Ground, base: "usdc" | "eth"): NetworkFeed {
  const price = base === "eth" ? priceOf(sources, ETHEREUM) : 1;
  const row = sources.feeds.find((feed) => feed.chainId === spec.chainId && feed.base === base);
  if (row !== undefined) return networkFeed(row, price, sources.feedsName);
  const known = base === "eth" ? spec.test?.etherFeed : spec.test?.cashFeed;
  if (known === undefined) throw new NetworkUnbuildableError(spec.title, `a feed of ${base}`);
  return networkFeed({ base, address: known.address, decimals: 8, heartbeat: DAY }, price, known.origin);
}

/** The vehicles of an index beyond the frame, and each of its names with how it is held. */
function indexAssets(
  spec: ChainSpec,
  ground: Ground,
  frame: readonly NetworkAsset[],
): { readonly assets: NetworkAsset[]; readonly names: NameCoverage[] } {
  const assets: NetworkAsset[] = [];
  const names = ground.sources.index.map((name): NameCoverage => {
    if (name.coinId === ETHEREUM) return coveredName(name, { vehicle: "wrapped", token: "WETH", hasFeed: true });
    const answer = assetOf(spec, ground, name);
    if ("missing" in answer) return missingName(name, answer.missing);
    const { asset } = answer;
    const taken = [...frame, ...assets].find(({ token }) => token === asset.token);
    if (taken !== undefined) return missingName(name, `its token is the vehicle of ${taken.coinId}`);
    assets.push(asset);
    return coveredName(name, { vehicle: asset.vehicle, token: asset.symbol, hasFeed: asset.feed !== undefined });
  });
  return { assets, names };
}

function assetOf(
  { chainId }: ChainSpec,
  { sources, tokens, frame, pools }: Ground,
  name: IndexName,
): { readonly asset: NetworkAsset } | { readonly missing: string } {
  const coin = sources.coins.get(name.coinId);
  if (coin === undefined) return { missing: "the list of coins does not know it" };
  const answer = vehicleOf(coin, { chainId, tokens, listName: sources.listName });
  if ("missing" in answer) return answer;
  const { kind, token, origin } = answer.vehicle;
  const row = feedOf(answer.vehicle, coin, { feeds: sources.feeds, chainId });
  const ownPools = poolsOf(frame, { token: token.address, isStable: false }, pools);
  if (ownPools.length === 0) return { missing: "no Uniswap v3 pool against ether or the deposit coin is known" };
  return {
    asset: {
      coinId: name.coinId,
      symbol: token.symbol,
      token: token.address,
      decimals: token.decimals,
      isStable: false,
      vehicle: kind,
      origin,
      ...(row === undefined ? {} : { feed: networkFeed(row, name.priceUsd, sources.feedsName) }),
      pools: ownPools,
    },
  };
}

function priceOf({ index }: NetworkSources, coinId: string): number {
  const price = index.find((name) => name.coinId === coinId)?.priceUsd;
  if (price === undefined) throw new NetworkUnbuildableError("every chain", `a price of ${coinId} in the index`);
  return price;
}
