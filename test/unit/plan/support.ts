// Facts that the tests of the plan share: a small market with pools over the full range, and books to plan with.
import type { Address } from "viem";

import { type Ppm, WAD, bps, ppm, tokenUnits, wad } from "../../../src/core/units.ts";
import type { Holdings, PlanAsset } from "../../../src/plan/holdings.ts";
import { gasModelSchema, planLimitsSchema } from "../../../src/plan/limits.ts";
import type { PlanInput } from "../../../src/plan/plan.ts";
import type { PoolState } from "../../../src/plan/pool.ts";
import { toSdk, v3Sdk } from "../../../src/plan/uniswap.ts";

/** An asset of the test market. */
export type TestAsset = {
  readonly index: number;
  readonly symbol: string;
  readonly decimals: number;
  readonly price: bigint; // D18{USD/wholeTok}
  readonly weight?: number; // {ppm}
  readonly balance?: bigint; // {tok}
  readonly isStable?: boolean;
  readonly priceLimit?: number; // {bps}
  /** Index of the asset that its pool is priced in. */
  readonly quote?: 0 | 1;
  /** D18{USD} on each side of its pool. */
  readonly depth?: bigint;
};

export const usd = (whole: number): bigint => BigInt(whole) * WAD;

export const USDC: TestAsset = { index: 0, symbol: "USDC", decimals: 6, price: usd(1), isStable: true };
export const WETH: TestAsset = { index: 1, symbol: "ETH", decimals: 18, price: usd(2000), quote: 0 };
/** Against ether, 18 decimals. */
export const UNI: TestAsset = { index: 2, symbol: "UNI", decimals: 18, price: usd(5), quote: 1 };
/** Against the deposit coin, 8 decimals. */
export const BTC: TestAsset = { index: 3, symbol: "BTC", decimals: 8, price: usd(30_000), quote: 0 };
/** Against ether, 6 decimals. */
export const XEM: TestAsset = { index: 4, symbol: "XEM", decimals: 6, price: WAD / 10n, quote: 1 };
export const DAI: TestAsset = { index: 5, symbol: "DAI", decimals: 18, price: usd(1), isStable: true, quote: 0 };

const DEEP = usd(50_000_000);
const MAX_TICK = 887_220; // the last multiple of 60

export function addressOf(index: number): Address {
  return `0x${(index + 1).toString(16).padStart(40, "0")}`;
}

function poolAddress(index: number): Address {
  return `0x${(0x9000 + index).toString(16).padStart(40, "0")}`;
}

/** {tok} worth `value` {D18 USD}. */
export function units(asset: TestAsset, value: bigint): bigint {
  return (value * 10n ** BigInt(asset.decimals)) / asset.price;
}

/** A pool of two tokens over the full range, at the price of the two and `depth` {D18 USD} on each side. */
export function fullRangePool(asset: TestAsset, quote: TestAsset, fee = 3000): PoolState {
  const depth = asset.depth ?? DEEP;
  const [amount, amountQuote] = [units(asset, depth), units(quote, depth)];
  const isToken0 = BigInt(addressOf(asset.index)) < BigInt(addressOf(quote.index));
  const [amount0, amount1] = isToken0 ? [amount, amountQuote] : [amountQuote, amount];
  const sqrtPriceX96 = squareRoot((amount1 << 192n) / amount0);
  const liquidity = squareRoot(amount0 * amount1);
  const [index0, index1] = isToken0 ? [asset.index, quote.index] : [quote.index, asset.index];
  return {
    address: poolAddress(asset.index),
    token0: addressOf(index0),
    token1: addressOf(index1),
    fee,
    tickSpacing: 60,
    sqrtPriceX96,
    liquidity,
    tick: v3Sdk.TickMath.getTickAtSqrtRatio(toSdk(sqrtPriceX96)),
    ticks: [
      { index: -MAX_TICK, liquidityNet: liquidity },
      { index: MAX_TICK, liquidityNet: -liquidity },
    ],
    knownFrom: -58 * 256 * 60,
    knownTo: 58 * 256 * 60 - 60,
  };
}

export type TestBooks = Partial<Omit<Holdings, "assets">> & { readonly assets: readonly TestAsset[] };

/** Holdings of the test market; by default a supply of one share a USD held. */
export function holdingsOf(books: TestBooks): Holdings {
  const assets = books.assets.map(planAsset);
  return {
    assets,
    transit: books.transit ?? tokenUnits(0n),
    supply: books.supply ?? 0n,
    sharesDue: books.sharesDue ?? 0n,
    depositsDue: books.depositsDue ?? tokenUnits(0n),
    depositSwing: books.depositSwing ?? bps(0),
  };
}

/** A plan's input on deep pools, gas free unless said. */
export function inputOf(
  books: TestBooks,
  changes: Partial<Pick<PlanInput, "regime" | "elapsed" | "blocked" | "refusing" | "limits" | "gas" | "pools">> = {},
): PlanInput {
  return {
    regime: "bull",
    elapsed: 0,
    holdings: holdingsOf(books),
    pools: changes.pools ?? poolsOf(books.assets),
    gas: gasModelSchema.parse({ price: 0n }),
    limits: planLimitsSchema.parse({}),
    blocked: new Set(),
    refusing: new Set(),
    ...changes,
  };
}

export function poolsOf(assets: readonly TestAsset[]): PoolState[] {
  return assets.flatMap((asset) => {
    const quote = assets.find(({ index }) => index === asset.quote);
    return quote === undefined ? [] : [fullRangePool(asset, quote, asset.isStable === true ? 100 : 3000)];
  });
}

function planAsset(asset: TestAsset): PlanAsset {
  return {
    index: asset.index,
    symbol: asset.symbol,
    token: addressOf(asset.index),
    decimals: asset.decimals,
    isStable: asset.isStable ?? false,
    balance: tokenUnits(asset.balance ?? 0n),
    price: wad(asset.price),
    weight: weightOf(asset),
    priceLimit: bps(asset.priceLimit ?? 300),
  };
}

function weightOf({ weight }: TestAsset): Ppm {
  return ppm(weight ?? 0);
}

/** Rounded down, by Newton's method. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}
