// Turns USD prices into the square-root prices of Uniswap v3 pools, and depth into liquidity, with integers.
import { OutOfRangeError } from "../core/errors.ts";

/** A positive fraction, exact. */
export type Ratio = { readonly numerator: bigint; readonly denominator: bigint };

/** One side of a pool as its price needs it. */
export type PricedToken = {
  readonly price: Ratio; // {USD/wholeTok}
  readonly decimals: number;
};

const Q96 = 2n ** 96n;
/** The prices that a v3 pool can have: [MIN, MAX). */
const MIN_SQRT_PRICE = 4_295_128_739n;
const MAX_SQRT_PRICE = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_342n;
/** {1} √1.02 − 1: growth of the square root when the price grows by 2 %, with 18 decimals. */
const ROOT_GROWTH = 9_950_493_836_207_795n;
const ONE = 10n ** 18n;

/**
 * The decimal number that names `value`, as an exact fraction: 5e-9 is 5 / 10^9.
 *
 * @throws OutOfRangeError when `value` is not positive and finite.
 */
export function ratioOf(value: number): Ratio {
  if (!Number.isFinite(value) || value <= 0) throw new OutOfRangeError("price", value, "positive and finite");
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = BigInt(whole + fraction);
  const power = Number(exponent) - fraction.length;
  return power >= 0
    ? { numerator: digits * 10n ** BigInt(power), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-power) };
}

/**
 * The square root of the pool's price as Q64.96, rounded down.
 *
 * @throws OutOfRangeError when no v3 pool can have this price.
 * @see Uniswap v3 white paper, 6.1: the price is raw units of token1 for one of token0.
 */
export function sqrtPriceX96(token0: PricedToken, token1: PricedToken): bigint {
  // {tok1/tok0} = {USD/wholeTok0} / {USD/wholeTok1} * 10^decimals1 / 10^decimals0
  const numerator = token0.price.numerator * token1.price.denominator * 10n ** BigInt(token1.decimals);
  const denominator = token0.price.denominator * token1.price.numerator * 10n ** BigInt(token0.decimals);
  const root = integerRoot((numerator << 192n) / denominator);
  if (root < MIN_SQRT_PRICE || root >= MAX_SQRT_PRICE) {
    throw new OutOfRangeError("pool price", root, `from ${MIN_SQRT_PRICE} to ${MAX_SQRT_PRICE} as Q64.96 root`);
  }
  return root;
}

/**
 * The liquidity with which `depth` {tok of the quote} moves the coin's price up by 2 %, before the pool's fee.
 *
 * @param quoteIsToken1 On which side of the pool the quote token is.
 */
export function liquidityForDepth(depth: bigint, sqrtPrice: bigint, quoteIsToken1: boolean): bigint {
  // {tok1} = L * √P * (√1.02 − 1); with the quote as token0, {tok0} = L / √P * (√1.02 − 1)
  return quoteIsToken1
    ? (depth * Q96 * ONE) / (sqrtPrice * ROOT_GROWTH)
    : (depth * sqrtPrice * ONE) / (Q96 * ROOT_GROWTH);
}

/** What a position over the full range holds of token0 and token1 {tok}, each rounded up. */
export function fullRangeAmounts(liquidity: bigint, sqrtPrice: bigint): readonly [bigint, bigint] {
  return [(liquidity * Q96) / sqrtPrice + 1n, (liquidity * sqrtPrice) / Q96 + 1n];
}

/** The largest integer whose square is not above `value`: Newton's method from above. */
function integerRoot(value: bigint): bigint {
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
