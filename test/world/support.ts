// Facts that the tests of the local world share: a small market of real coins, and readings from pools and feeds.
import { type Address, type Hex, encodeFunctionData, erc20Abi, parseAbi } from "viem";

import { WEEK } from "../../src/core/time.ts";
import { type UnixSeconds, unixSeconds } from "../../src/core/units.ts";
import { contractsOf } from "../../src/execute/contracts.ts";
import { send } from "../../src/execute/send.ts";
import type { Coin, CoinSpec } from "../../src/world/coin.ts";
import { TWAP_WINDOW } from "../../src/world/market-move.ts";
import type { Market } from "../../src/world/market.ts";
import { depthUsd } from "../../src/world/rules.ts";
import { type World, senderOf } from "../../src/world/week.ts";

/** 2021-09-06T00:00:00Z, a Monday. */
export const MONDAY: UnixSeconds = unixSeconds(1_630_886_400);

/** The Monday after. */
export const NEXT_MONDAY: UnixSeconds = unixSeconds(MONDAY + WEEK);

/** {1} A basis point. */
export const BP = 1e-4;

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

/** A week in which ether rises, LUNA dies, shiba-inu multiplies and the dollar coin slips. */
export const NEW_PRICES: ReadonlyMap<string, number> = new Map([
  ["usd-coin", 0.9991],
  ["ethereum", 4400],
  ["bitcoin", 46_000.5],
  ["binancecoin", 400],
  ["terra-luna", 0.0001],
  ["uniswap", 25],
  ["chainlink", 27.3],
  ["shiba-inu", 5e-9],
]);

const QUOTER_ABI = parseAbi([
  "struct Single { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }",
  "function quoteExactInputSingle(Single params) returns (uint256 amountOut, uint160 sqrtPriceX96After, uint32 ticks, uint256 gas)",
]);

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
    args: [[TWAP_WINDOW, 0]],
  });
  return Number((cumulatives[1] ?? 0n) - (cumulatives[0] ?? 0n)) / TWAP_WINDOW;
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
function poolOf(coin: Coin): NonNullable<Coin["pool"]> {
  if (coin.pool === undefined) throw new TypeError(`${coin.coinId} has no pool`);
  return coin.pool;
}

/** {1} How far the rule's depth, paid in by a buyer on top of the fee, really moves the pool's price up. */
export async function depthOf(market: Market, coinId: string, volumeUsd?: number): Promise<number> {
  const coin = market.coin(coinId);
  const pool = poolOf(coin);
  const volume = volumeUsd ?? COINS.find((spec) => spec.coinId === coinId)?.volumeUsd ?? 0;
  const quotePrice = market.priceOf(pool.quote === "WETH" ? "ethereum" : "usd-coin");
  const whole = depthUsd(volume) / quotePrice / (1 - pool.fee / 1e6);
  const amountIn = BigInt(Math.round(whole * 1e6)) * 10n ** (pool.quote === "WETH" ? 12n : 0n);
  const before = await poolState(market, coinId);
  const { result } = await market.chain.publicClient.simulateContract({
    address: market.uniswap.quoter,
    abi: QUOTER_ABI,
    functionName: "quoteExactInputSingle",
    args: [{ tokenIn: pool.quoteToken, tokenOut: coin.token, amountIn, fee: pool.fee, sqrtPriceLimitX96: 0n }],
  });
  const growth = (Number(result[1]) / Number(before.sqrtPrice)) ** 2;
  return (pool.quoteIsToken1 ? growth : 1 / growth) - 1;
}

/** {tok} that alice holds. */
export async function balanceOf(market: Market, coinId: string): Promise<bigint> {
  return market.chain.publicClient.readContract({
    address: market.coin(coinId).token,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [market.chain.accounts.alice.address],
  });
}

/** Calldata of a transfer of one unit to bob. */
export function transferOne(market: Market): Hex {
  return encodeFunctionData({
    abi: erc20Abi,
    functionName: "transfer",
    args: [market.chain.accounts.bob.address, 1n],
  });
}

/** Names coins bitcoin, whose cap leaves room for the round weights of tests. */
export async function liftCaps(world: World, coinIds: readonly string[]): Promise<void> {
  for (const coinId of coinIds) {
    await send(senderOf(world, "owner"), {
      ...contractsOf(world.fund.deployment()).vault,
      functionName: "nameBitcoin",
      args: [world.fund.indexOf(coinId)],
      action: `lift the cap of ${coinId}`,
    });
  }
}
