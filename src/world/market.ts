// Turns a list of coins with prices and volumes into a living market on a local chain that follows new prices.
import { type Address, type Hex, encodeFunctionData } from "viem";

import { UsageError } from "../core/errors.ts";
import { type TokenUnits, type UnixSeconds, unixSeconds } from "../core/units.ts";
import { initCode, mockArtifact } from "./artifacts.ts";
import { type Coin, type CoinSpec, type CoinState, type CoinStates, UnknownCoinError, stateOf } from "./coin.ts";
import { pricesOf } from "./liquidity.ts";
import { listCoin } from "./listing.ts";
import { type LocalChain, openLocalChain } from "./local-chain.ts";
import { type MarketMove, give, moveMarket } from "./market-move.ts";
import { reportPrices } from "./moves.ts";
import { type Ratio, ratioOf } from "./pool-price.ts";
import { ETHEREUM, STABLECOINS, USD_COIN, completeSpec } from "./rules.ts";
import { type Site, TOKEN_ABI, buildSite } from "./site.ts";
import type { Uniswap } from "./uniswap.ts";

/** {s} What building the market takes on its own clock, with room for 400 coins. */
const BUILDING_TIME = 7200;

type MarketStart = {
  /** The market is ready at this time, its averages full. The chain begins two hours before. */
  readonly at: UnixSeconds;
  /** By market cap, largest first: the first half gets feeds. `ethereum` must be there; stablecoins may. */
  readonly coins: readonly CoinSpec[];
};

/** What another process must know of a market to move it on. */
export type MarketOutline = { readonly place: Omit<Site, "chain">; readonly states: CoinStates };

/** What {@link Market.snapshot} gives: the chain's state and what is known here about it. */
export type MarketSnapshot = { readonly chain: Hex; readonly states: CoinStates };

export type Market = {
  readonly chain: LocalChain;
  readonly uniswap: Uniswap;
  readonly usdc: Address;
  readonly weth: Address;
  /** Every listed coin in the order of listing, the stablecoins first. */
  readonly coins: () => readonly Coin[];
  /** @throws UnknownCoinError when the coin is not listed. */
  readonly coin: (coinId: string) => Coin;
  /** {USD/wholeTok} where the last move or the listing put the coin. */
  readonly priceOf: (coinId: string) => number;
  /** Lists coins now. They get no feed unless they ask for one; their pools average from ten minutes later. */
  readonly addCoins: (specs: readonly CoinSpec[]) => Promise<readonly Coin[]>;
  /** Moves every pool and feed; afterwards the time is `at` and every average equals the new price. */
  readonly moveTo: (move: MarketMove) => Promise<void>;
  /** Gives away new tokens of a coin, WETH for ethereum. */
  readonly give: (coinId: string, to: Address, amount: TokenUnits) => Promise<void>;
  /** From now on every transfer of the coin's token reverts, and its pool stands still. Not for ethereum. */
  readonly freezeToken: (coinId: string) => Promise<void>;
  readonly thawToken: (coinId: string) => Promise<void>;
  /** From now on the coin's feed gets no answers. */
  readonly stopFeed: (coinId: string) => void;
  readonly resumeFeed: (coinId: string) => void;
  readonly outline: () => MarketOutline;
  readonly snapshot: () => Promise<MarketSnapshot>;
  /** Back to a snapshot of chain and market, which can be used again. */
  readonly revert: (snapshot: MarketSnapshot) => Promise<MarketSnapshot>;
  readonly close: () => Promise<void>;
};

/**
 * Opens a chain and builds the market on it: exchange, tokens, pools at their prices with their depth, feeds.
 *
 * @throws UnknownCoinError when `ethereum` is missing.
 * @throws ArtifactMissingError before the first build.
 */
export async function startMarket(start: MarketStart): Promise<Market> {
  const chain = await openLocalChain({ initialDate: unixSeconds(start.at - BUILDING_TIME) });
  const site = await buildSite(chain);
  const upperHalf = new Set(start.coins.slice(0, Math.ceil(start.coins.length / 2)).map((coin) => coin.coinId));
  const states = await listCoins(site, new Map(), { specs: withStablecoins(start.coins), upperHalf });
  await reportPrices(site, states, new Set());
  await chain.advanceTo(start.at);
  return marketOn(site, states);
}

function marketOn(site: Site, initial: CoinStates): Market {
  const { chain, uniswap } = site;
  let states = initial;
  const change = (coinId: string, part: Partial<CoinState>): void => {
    const changed = { ...stateOf(states, coinId), ...part };
    states = new Map(states).set(coinId, changed);
  };
  const snapshot = async (): Promise<MarketSnapshot> => ({ chain: await chain.snapshot(), states });
  return {
    chain,
    uniswap,
    usdc: stateOf(states, USD_COIN).coin.token,
    weth: uniswap.weth,
    coins: () => [...states.values()].map((state) => state.coin),
    coin: (coinId) => stateOf(states, coinId).coin,
    priceOf: (coinId) => stateOf(states, coinId).price,
    addCoins: async (specs) => {
      states = await listCoins(site, states, { specs, upperHalf: new Set() });
      const added = specs.map((spec) => stateOf(states, spec.coinId));
      await reportPrices(site, new Map(added.map((state) => [state.coin.coinId, state])), new Set());
      return added.map((state) => state.coin);
    },
    moveTo: async (move) => {
      states = await moveMarket(site, states, move);
    },
    give: (coinId, to, amount) => give(site, stateOf(states, coinId).coin, { to, amount }),
    freezeToken: async (coinId) => {
      await freeze(site, stateOf(states, coinId).coin);
      change(coinId, { isFrozen: true });
    },
    thawToken: async (coinId) => {
      await callToken(site, stateOf(states, coinId).coin, "thaw");
      change(coinId, { isFrozen: false });
    },
    stopFeed: (coinId) => {
      change(coinId, { isFeedStopped: true });
    },
    resumeFeed: (coinId) => {
      change(coinId, { isFeedStopped: false });
    },
    outline: () => ({ place: placeOf(site), states }),
    snapshot,
    revert: async (saved) => {
      await chain.revert(saved.chain);
      states = saved.states;
      return snapshot();
    },
    close: chain.close,
  };
}

function placeOf({ uniswap, arbitrageur, reporter, maker }: Site): MarketOutline["place"] {
  return { uniswap, arbitrageur, reporter, maker };
}

/** The caller's coins behind the stablecoins that every market has; those the caller names too have his facts. */
function withStablecoins(coins: readonly CoinSpec[]): readonly CoinSpec[] {
  const given = new Map(coins.map((coin) => [coin.coinId, coin]));
  const ether = given.get(ETHEREUM);
  if (ether === undefined) throw new UnknownCoinError(ETHEREUM);
  const base = [...STABLECOINS.map((coin) => ({ ...coin, ...given.get(coin.coinId) })), ether];
  const baseIds = new Set(base.map((coin) => coin.coinId));
  return [...base, ...coins.filter((coin) => !baseIds.has(coin.coinId))];
}

/** @param listing The coins, and the ids of those among them that get a feed for their size. */
async function listCoins(
  site: Site,
  states: CoinStates,
  listing: { readonly specs: readonly CoinSpec[]; readonly upperHalf: ReadonlySet<string> },
): Promise<CoinStates> {
  const { specs, upperHalf } = listing;
  const prices = new Map<string, Ratio>([
    ...pricesOf(states),
    ...specs.map((spec) => [spec.coinId, ratioOf(spec.priceUsd)] as const),
  ]);
  const listed = new Map(states);
  for (const spec of specs) {
    if (listed.has(spec.coinId)) throw new UsageError(`Expected coins not yet listed, found ${spec.coinId} again.`);
    const usdc = listed.get(USD_COIN)?.coin.token;
    listed.set(spec.coinId, await listCoin(site, completeSpec(spec, upperHalf.has(spec.coinId)), { prices, usdc }));
  }
  return listed;
}

/** Plain tokens cannot be frozen: they first get the code of one that can, which keeps their storage. */
async function freeze(site: Site, coin: Coin): Promise<void> {
  if (coin.coinId === ETHEREUM) throw new UsageError("Expected a coin whose token can be frozen, found WETH.");
  if (coin.quirk === "none") {
    const { chain, maker } = site;
    const args = [coin.coinId, coin.symbol, coin.decimals];
    const template = await chain.deploy(maker, initCode(mockArtifact("FreezableToken"), args));
    const code = await chain.publicClient.getCode({ address: template });
    await chain.provider.request({ method: "hardhat_setCode", params: [coin.token, code] });
  }
  await callToken(site, coin, "freeze");
}

async function callToken(site: Site, coin: Coin, functionName: "freeze" | "thaw"): Promise<void> {
  await site.chain.send(site.maker, { to: coin.token, data: encodeFunctionData({ abi: TOKEN_ABI, functionName }) });
}
