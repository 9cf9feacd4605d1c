// Turns new prices into swaps on every pool and answers on every feed, step by step.
import { type Address, encodeFunctionData, parseAbi } from "viem";

import type { CoinState, CoinStates } from "./coin.ts";
import { poolTarget, pricesOf } from "./liquidity.ts";
import { type Ratio, ratioOf } from "./pool-price.ts";
import type { MovingSite } from "./site.ts";

const ARBITRAGEUR_ABI = parseAbi(["function moveTo(address[] pools, uint160[] prices)"]);
const REPORTER_ABI = parseAbi(["function report(address[] feeds, int192[] answers)"]);

/** A swap over the full range takes about 80,000 gas, and up to 500,000 in a crash by several powers of ten. */
const POOLS_PER_TRANSACTION = 30;
/** An answer takes about 60,000 gas. */
const FEEDS_PER_TRANSACTION = 150;

/**
 * The states with `prices` reached for the fraction `progress` {1} of the way, geometrically.
 *
 * @param prices {USD/wholeTok} at the end of the way; a coin without one stays where it is.
 */
export function partOfTheWay(states: CoinStates, prices: ReadonlyMap<string, number>, progress: number): CoinStates {
  return mapStates(states, (state) => {
    const end = prices.get(state.coin.coinId);
    if (end === undefined) return state;
    // The end is taken as it is: the power would round it.
    return { ...state, price: progress === 1 ? end : state.price * (end / state.price) ** progress };
  });
}

/** Swaps on every pool until it has the price of `states`. The pools of frozen tokens stand still. */
export async function movePools(site: MovingSite, states: CoinStates): Promise<void> {
  const ratios = pricesOf(states);
  const targets = [...states.values()].flatMap((state) => swapTarget(state, ratios));
  for (const batch of batches(targets, POOLS_PER_TRANSACTION)) {
    const data = encodeFunctionData({
      abi: ARBITRAGEUR_ABI,
      functionName: "moveTo",
      args: [batch.map((target) => target.pool), batch.map((target) => target.sqrtPrice)],
    });
    await site.chain.send(site.chain.accounts.arbitrageur.address, { to: site.arbitrageur, data });
  }
}

/** Writes the prices of `states` to every feed that is neither stopped nor named stale. */
export async function reportPrices(
  site: MovingSite,
  states: CoinStates,
  staleFeeds: ReadonlySet<string>,
): Promise<void> {
  const answers = [...states.values()].flatMap((state) => feedAnswer(state, staleFeeds));
  for (const batch of batches(answers, FEEDS_PER_TRANSACTION)) {
    const data = encodeFunctionData({
      abi: REPORTER_ABI,
      functionName: "report",
      args: [batch.map((answer) => answer.aggregator), batch.map((answer) => answer.value)],
    });
    await site.chain.send(site.chain.accounts.arbitrageur.address, { to: site.reporter, data });
  }
}

/** The states changed one by one. */
export function mapStates(states: CoinStates, change: (state: CoinState) => CoinState): CoinStates {
  return new Map([...states].map(([coinId, state]) => [coinId, change(state)]));
}

function swapTarget(
  state: CoinState,
  ratios: ReadonlyMap<string, Ratio>,
): { readonly pool: Address; readonly sqrtPrice: bigint }[] {
  const { coin, volume, isFrozen } = state;
  if (coin.pool === undefined || isFrozen) return [];
  return [{ pool: coin.pool.address, sqrtPrice: poolTarget({ ...coin, volume }, coin.pool, ratios).sqrtPrice }];
}

function feedAnswer(
  state: CoinState,
  staleFeeds: ReadonlySet<string>,
): { readonly aggregator: Address; readonly value: bigint }[] {
  const { coin, price, isFeedStopped } = state;
  if (coin.feed === undefined || isFeedStopped || staleFeeds.has(coin.coinId)) return [];
  const { numerator, denominator } = ratioOf(price);
  // {answer} = {USD/wholeTok} * 10^decimals, rounded to the nearest
  const value = (2n * numerator * 10n ** BigInt(coin.feed.decimals) + denominator) / (2n * denominator);
  return [{ aggregator: coin.feed.aggregator, value }];
}

function batches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, batch) =>
    items.slice(batch * size, (batch + 1) * size),
  );
}
