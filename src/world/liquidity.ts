// Turns the depth rule into positions of the real position manager: opens them, and sizes them anew as volumes change.
import { type Address, type Hex, encodeFunctionData, maxUint128, parseAbi } from "viem";

import { MAX_TICK } from "../plan/uniswap.ts";
import { type CoinStates, type Pool, UnknownCoinError } from "./coin.ts";
import {
  type PricedToken,
  type Ratio,
  fullRangeAmounts,
  liquidityForDepth,
  ratioOf,
  sqrtPriceX96,
} from "./pool-price.ts";
import { ETHEREUM, USD_COIN, depthUsd, needsResize } from "./rules.ts";
import type { MovingSite } from "./site.ts";
import { type FeeTier, TICK_SPACING } from "./uniswap.ts";

/** The position manager's functions that the world calls. */
export const POSITIONS_ABI = parseAbi([
  "function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPriceX96)",
  "struct Mint { address token0; address token1; uint24 fee; int24 tickLower; int24 tickUpper; uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; address recipient; uint256 deadline; }",
  "function mint(Mint params)",
  "struct Increase { uint256 tokenId; uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; uint256 deadline; }",
  "function increaseLiquidity(Increase params)",
  "struct Decrease { uint256 tokenId; uint128 liquidity; uint256 amount0Min; uint256 amount1Min; uint256 deadline; }",
  "function decreaseLiquidity(Decrease params)",
  "struct Collect { uint256 tokenId; address recipient; uint128 amount0Max; uint128 amount1Max; }",
  "function collect(Collect params)",
  "function multicall(bytes[] data)",
  "function totalSupply() view returns (uint256)",
]);

/** {s} No transaction of the world is ever late. */
const NO_DEADLINE = 10n ** 12n;
/** A change of one position takes at most 400,000 gas with its collect. */
const CHANGES_PER_TRANSACTION = 30;

/** Where a coin's pool belongs: its price and the liquidity that the rule asks for. */
type PoolTarget = { readonly sqrtPrice: bigint; readonly liquidity: bigint };

/** What is needed of a coin's pool before it exists. */
type PoolShape = Pick<Pool, "quote" | "quoteIsToken1">;

/**
 * Price and liquidity of a coin's pool at given USD prices.
 *
 * @param prices {USD/wholeTok} of the coin, usd-coin and ethereum at least.
 */
export function poolTarget(
  coin: { readonly coinId: string; readonly decimals: number; readonly volume: number },
  shape: PoolShape,
  prices: ReadonlyMap<string, Ratio>,
): PoolTarget {
  const own = { price: ratioAt(prices, coin.coinId), decimals: coin.decimals };
  const quote =
    shape.quote === "WETH"
      ? { price: ratioAt(prices, ETHEREUM), decimals: 18 }
      : { price: ratioAt(prices, USD_COIN), decimals: 6 };
  const sqrtPrice = shape.quoteIsToken1 ? sqrtPriceX96(own, quote) : sqrtPriceX96(quote, own);
  const depth = unitsWorth(depthUsd(coin.volume), quote);
  return { sqrtPrice, liquidity: liquidityForDepth(depth, sqrtPrice, shape.quoteIsToken1) };
}

/** Calldata that opens the maker's position over the full range. */
export function mintCall(site: Pick<MovingSite, "maker">, pair: PoolPair, target: PoolTarget): Hex {
  const [amount0Desired, amount1Desired] = fullRangeAmounts(target.liquidity, target.sqrtPrice);
  const spacing = TICK_SPACING[pair.fee];
  const tickUpper = Math.floor(MAX_TICK / spacing) * spacing;
  const params = {
    ...pair,
    tickLower: -tickUpper,
    tickUpper,
    amount0Desired,
    amount1Desired,
    amount0Min: 0n,
    amount1Min: 0n,
    recipient: site.maker,
    deadline: NO_DEADLINE,
  };
  return encodeFunctionData({ abi: POSITIONS_ABI, functionName: "mint", args: [params] });
}

/** A pool by what the factory knows it by. */
export type PoolPair = { readonly token0: Address; readonly token1: Address; readonly fee: FeeTier };

/**
 * Sizes every position anew that the rule finds too thin or too deep; pools must be at their prices.
 *
 * @returns The states with their new liquidity.
 */
export async function resizePositions(site: MovingSite, states: CoinStates): Promise<CoinStates> {
  const prices = pricesOf(states);
  const calls: Hex[] = [];
  const resized = new Map(states);
  for (const [coinId, state] of states) {
    const { coin, volume, liquidity } = state;
    if (coin.pool === undefined || state.isFrozen) continue;
    const target = poolTarget({ ...coin, volume }, coin.pool, prices);
    if (!needsResize(liquidity, target.liquidity)) continue;
    calls.push(...resizeCalls(site.maker, { tokenId: coin.pool.positionId, liquidity }, target));
    resized.set(coinId, { ...state, liquidity: target.liquidity });
  }
  await sendCalls(site, calls);
  return resized;
}

/** {USD/wholeTok} of every coin, exact. */
export function pricesOf(states: CoinStates): ReadonlyMap<string, Ratio> {
  return new Map([...states].map(([coinId, state]) => [coinId, ratioOf(state.price)]));
}

/** Sends calls to the position manager, many in one transaction. */
async function sendCalls(site: MovingSite, calls: readonly Hex[]): Promise<void> {
  for (let first = 0; first < calls.length; first += CHANGES_PER_TRANSACTION) {
    const data = encodeFunctionData({
      abi: POSITIONS_ABI,
      functionName: "multicall",
      args: [calls.slice(first, first + CHANGES_PER_TRANSACTION)],
    });
    await site.chain.send(site.maker, { to: site.uniswap.positionManager, data });
  }
}

function resizeCalls(
  maker: Address,
  position: { readonly tokenId: bigint; readonly liquidity: bigint },
  target: PoolTarget,
): Hex[] {
  const { tokenId, liquidity } = position;
  const minimum = { amount0Min: 0n, amount1Min: 0n, deadline: NO_DEADLINE };
  if (target.liquidity > liquidity) {
    const [amount0Desired, amount1Desired] = fullRangeAmounts(target.liquidity - liquidity, target.sqrtPrice);
    const params = { tokenId, amount0Desired, amount1Desired, ...minimum };
    return [encodeFunctionData({ abi: POSITIONS_ABI, functionName: "increaseLiquidity", args: [params] })];
  }
  const decrease = { tokenId, liquidity: liquidity - target.liquidity, ...minimum };
  const collect = { tokenId, recipient: maker, amount0Max: maxUint128, amount1Max: maxUint128 };
  return [
    encodeFunctionData({ abi: POSITIONS_ABI, functionName: "decreaseLiquidity", args: [decrease] }),
    encodeFunctionData({ abi: POSITIONS_ABI, functionName: "collect", args: [collect] }),
  ];
}

/** {tok} of `token` that are worth `usd`, rounded down. */
function unitsWorth(usd: number, token: PricedToken): bigint {
  const value = ratioOf(usd);
  // {tok} = {USD} / {USD/wholeTok} * 10^decimals
  return (
    (value.numerator * token.price.denominator * 10n ** BigInt(token.decimals)) /
    (value.denominator * token.price.numerator)
  );
}

function ratioAt(prices: ReadonlyMap<string, Ratio>, coinId: string): Ratio {
  const price = prices.get(coinId);
  if (price === undefined) throw new UnknownCoinError(coinId);
  return price;
}
