// Turns the state of a Uniswap v3 pool and an amount into what a swap brings, equal to the chain's result to the last unit.
import type { Address } from "viem";

import { OutOfRangeError } from "../core/errors.ts";
import { type TokenUnits, tokenUnits } from "../core/units.ts";
import { type SdkInteger, fromSdk, toSdk, v3Sdk } from "./uniswap.ts";

/** Where liquidity begins or ends. */
export type PoolTick = { readonly index: number; readonly liquidityNet: bigint };

/** A pool at one block. */
export type PoolState = {
  readonly address: Address;
  readonly token0: Address;
  readonly token1: Address;
  readonly fee: number; // {1e-6} of what is paid in
  readonly tickSpacing: number;
  readonly sqrtPriceX96: bigint; // Q64.96 root of token 1 a token 0, raw units
  readonly liquidity: bigint;
  readonly tick: number;
  /** Every initialized tick of the known range, ascending. */
  readonly ticks: readonly PoolTick[];
  /** First and last tick, both included, between which `ticks` is complete; whole words of the pool's bitmap. */
  readonly knownFrom: number;
  readonly knownTo: number;
  /** True when the guardian has closed it for everything but exits. */
  readonly isClosed?: boolean;
  /** {s} Mean time between the trades that the pool keeps observations of; missing when it keeps too few. */
  readonly tradeGap?: number;
};

/** What a swap brings and leaves behind. */
export type Swap = {
  readonly amountOut: TokenUnits;
  readonly after: PoolState;
  /** Initialized ticks that it crosses: each costs gas. */
  readonly crossed: number;
};

/** {1e-6} The whole of a pool's fee. */
const FEE_UNIT = 1_000_000n;
const Q192 = 2n ** 192n;
/** Ticks of one word of the bitmap, before spacing. */
const WORD = 256;

/** True when selling `token` moves the pool from token 0 to token 1. */
export function sellsToken0(pool: PoolState, token: Address): boolean {
  if (same(token, pool.token0)) return true;
  if (same(token, pool.token1)) return false;
  throw new OutOfRangeError("token of the swap", token, `${pool.token0} or ${pool.token1}`);
}

/**
 * Swaps exactly `amountIn` of `sold`.
 *
 * @returns Undefined when the known liquidity does not take the whole amount.
 * @see UniswapV3Pool.swap
 */
export function swapExactIn(pool: PoolState, sold: Address, amountIn: bigint): Swap | undefined {
  const zeroForOne = sellsToken0(pool, sold);
  let state = pool;
  let left = amountIn;
  let amountOut = 0n;
  let crossed = 0;
  while (left > 0n) {
    const next = nextTick(state, zeroForOne);
    if (next.index < pool.knownFrom || next.index > pool.knownTo) return undefined;
    const step = swapStep(state, next.index, left);
    left -= step.amountIn + step.fee;
    amountOut += step.amountOut;
    if (next.liquidityNet !== undefined && step.isAtTarget) crossed++;
    state = afterStep({ state, step, next, zeroForOne });
  }
  return { amountOut: tokenUnits(amountOut), after: state, crossed };
}

/**
 * {tok} that `amountIn` would bring at the pool's present price, after its fee and without any impact; rounded down.
 */
export function spotOutput(pool: PoolState, sold: Address, amountIn: bigint): TokenUnits {
  const priceX192 = pool.sqrtPriceX96 * pool.sqrtPriceX96;
  if (priceX192 === 0n) return tokenUnits(0n);
  const net = amountIn * (FEE_UNIT - BigInt(pool.fee));
  // {tok1} = {tok0} * {tok1/tok0}
  const gross = sellsToken0(pool, sold) ? (net * priceX192) / Q192 : (net * Q192) / priceX192;
  return tokenUnits(gross / FEE_UNIT);
}

type NextTick = { readonly index: number; readonly liquidityNet: bigint | undefined };

/** The next initialized tick in the same word of the bitmap, or the word's edge. @see TickBitmap */
function nextTick(state: PoolState, zeroForOne: boolean): NextTick {
  const { tickSpacing, ticks } = state;
  const compressed = Math.floor(state.tick / tickSpacing) + (zeroForOne ? 0 : 1);
  const word = Math.floor(compressed / WORD) * WORD;
  const edge = (zeroForOne ? word : word + WORD - 1) * tickSpacing;
  const after = firstFrom(ticks, compressed * tickSpacing + (zeroForOne ? 1 : 0));
  const found = ticks[zeroForOne ? after - 1 : after];
  if (found !== undefined && (zeroForOne ? found.index >= edge : found.index <= edge)) return found;
  const { MIN_TICK, MAX_TICK } = v3Sdk.TickMath;
  return { index: Math.min(MAX_TICK, Math.max(MIN_TICK, edge)), liquidityNet: undefined };
}

/** Position of the first tick at or above an index. */
function firstFrom(ticks: readonly PoolTick[], index: number): number {
  let [low, high] = [0, ticks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ticks[middle]?.index ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Step = {
  readonly sqrtPriceX96: bigint;
  /** It came to the tick that it went for. */
  readonly isAtTarget: boolean;
  readonly amountIn: bigint;
  readonly amountOut: bigint;
  readonly fee: bigint;
};

function swapStep(state: PoolState, target: number, left: bigint): Step {
  const goal = rootAt(target);
  const [sqrtPrice, amountIn, amountOut, fee] = v3Sdk.SwapMath.computeSwapStep(
    toSdk(state.sqrtPriceX96),
    goal.sdk,
    toSdk(state.liquidity),
    toSdk(left),
    toSdk(BigInt(state.fee)),
  );
  const sqrtPriceX96 = fromSdk(sqrtPrice);
  return {
    sqrtPriceX96,
    isAtTarget: sqrtPriceX96 === goal.value,
    amountIn: fromSdk(amountIn),
    amountOut: fromSdk(amountOut),
    fee: fromSdk(fee),
  };
}

/** The roots of ticks that were asked for: a plan asks for the same few thousands of times. */
const roots = new Map<number, Root>();

/** A root as the SDK calculates with it, and as it is compared. */
type Root = { readonly sdk: SdkInteger; readonly value: bigint };

function rootAt(tick: number): Root {
  const known = roots.get(tick);
  if (known !== undefined) return known;
  const sdk = v3Sdk.TickMath.getSqrtRatioAtTick(tick);
  const root = { sdk, value: fromSdk(sdk) };
  roots.set(tick, root);
  return root;
}

function afterStep(done: {
  readonly state: PoolState;
  readonly step: Step;
  readonly next: NextTick;
  readonly zeroForOne: boolean;
}): PoolState {
  const { state, step, next, zeroForOne } = done;
  const { sqrtPriceX96 } = step;
  if (step.isAtTarget) {
    const net = next.liquidityNet ?? 0n;
    const liquidity = state.liquidity + (zeroForOne ? -net : net);
    return { ...state, sqrtPriceX96, liquidity, tick: zeroForOne ? next.index - 1 : next.index };
  }
  if (sqrtPriceX96 === state.sqrtPriceX96) return state;
  return { ...state, sqrtPriceX96, tick: v3Sdk.TickMath.getTickAtSqrtRatio(toSdk(sqrtPriceX96)) };
}

function same(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
