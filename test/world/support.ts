// Facts that the tests of the local world share: a small market of real coins, and readings from pools and feeds.
import { type Address, parseAbi } from "viem";

import { type UnixSeconds, unixSeconds } from "../../src/core/units.ts";
import type { Coin, CoinSpec } from "../../src/world/coin.ts";
import type { Market } from "../../src/world/market.ts";

/** 2021-09-06T00:00:00Z, a Monday. */
export const MONDAY: UnixSeconds = unixSeconds(1_630_886_400);

/** {s} */
export const WEEK = 604_800;

/** Prices and volumes of about that day; shiba-inu stands for prices far below a cent. */
export const COINS: readonly CoinSpec[] = [
  { coinId: "bitcoin", symbol: "BTC", priceUsd: 51_750, volumeUsd: 3.4e10 },
  { coinId: "ethereum", symbol: "ETH", priceUsd: 3950, volumeUsd: 2e10 },
  { coinId: "binancecoin", symbol: "BNB", priceUsd: 502, volumeUsd: 1.8e9 },
  { coinId: "terra-luna", symbol: "LUNA", priceUsd: 28.4, volumeUsd: 6e8, quote: "WETH" },
  { coinId: "uniswap", symbol: "UNI", priceUsd: 29.9, volumeUsd: 3.7e8, quote: "WETH", decimals: 18 },
  { coinId: "chainlink", symbol: "LINK", priceUsd: 34.5, volumeUsd: 2.4e9, quote: "USDC", decimals: 18 },
  { coinId: "shiba-inu", symbol: "SHIB", priceUsd: 7e-6, volumeUsd: 2e8, quote: "WETH", decimals: 18 },
  { coinId: "nem", symbol: "XEM", priceUsd: 0.185, volumeUsd: 9e6, quote: "USDC", decimals: 6 },
];

const POOL_ABI = parseAbi([
  "function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16 index, uint16 cardinality, uint16 next, uint8 feeProtocol, bool unlocked)",
  "function observe(uint32[] secondsAgos) view returns (int56[] tickCumulatives, uint160[] secondsPerLiquidity)",
]);
const FEED_ABI = parseAbi([
  "function latestRoundData() view returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
]);

/** Where the pool stands: its Q64.96 root and its tick. */
export async function poolState(market: Market, coinId: string): Promise<{ sqrtPrice: bigint; tick: number }> {
  const { address } = poolOf(market.coin(coinId));
  const [sqrtPrice, tick] = await market.chain.publicClient.readContract({
    address,
    abi: POOL_ABI,
    functionName: "slot0",
  });
  return { sqrtPrice, tick };
}

/** {USD/wholeTok} that the pool shows, by the USD prices of its quote. */
export async function poolPrice(market: Market, coinId: string): Promise<number> {
  const coin = market.coin(coinId);
  const { quote, quoteIsToken1 } = poolOf(coin);
  const { sqrtPrice } = await poolState(market, coinId);
  const raw = (Number(sqrtPrice) / 2 ** 96) ** 2;
  const quoteDecimals = quote === "WETH" ? 18 : 6;
  const quotePrice = market.priceOf(quote === "WETH" ? "ethereum" : "usd-coin");
  return (quoteIsToken1 ? raw : 1 / raw) * 10 ** (coin.decimals - quoteDecimals) * quotePrice;
}

/** Mean tick of the pool over the last ten minutes. */
export async function meanTick(market: Market, coinId: string): Promise<number> {
  const [cumulatives] = await market.chain.publicClient.readContract({
    address: poolOf(market.coin(coinId)).address,
    abi: POOL_ABI,
    functionName: "observe",
    args: [[600, 0]],
  });
  return Number((cumulatives[1] ?? 0n) - (cumulatives[0] ?? 0n)) / 600;
}

/** The feed's answer {8 or 18 decimals} and when it was written {s}. */
export async function feedRound(market: Market, coinId: string): Promise<{ answer: bigint; updatedAt: number }> {
  const [, answer, , updatedAt] = await market.chain.publicClient.readContract({
    address: market.coin(coinId).feed?.address as Address,
    abi: FEED_ABI,
    functionName: "latestRoundData",
  });
  return { answer, updatedAt: Number(updatedAt) };
}

/** What a promise is rejected with; undefined when it is fulfilled. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The pool of a coin that has one. */
export function poolOf(coin: Coin): NonNullable<Coin["pool"]> {
  if (coin.pool === undefined) throw new TypeError(`${coin.coinId} has no pool`);
  return coin.pool;
}
