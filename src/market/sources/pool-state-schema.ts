// Turns what a file says of a Uniswap v3 pool into a state whose parts fit together.
import { z } from "zod";

/** Ticks reach from the price 2^-128 to 2^128. @see Uniswap v3's TickMath */
const LAST_TICK = 887_272;
/** {1} The price is stated with ten significant digits. */
const PRICE_TOLERANCE = 1e-9;
/** {tick} Float error of a logarithm of a price. */
const TICK_TOLERANCE = 1e-6;

const whole = (expected: string, [least, most]: readonly [number, number]) =>
  z.int(expected).min(least, expected).max(most, expected);
const text = (expected: string, pattern: RegExp) => z.string(expected).regex(pattern, expected);
const within = (expected: string, pattern: RegExp, isGood: (value: bigint) => boolean) =>
  text(expected, pattern).refine((digits) => pattern.test(digits) && isGood(BigInt(digits)), expected);
const unsigned = (bits: number, least: bigint) =>
  within(
    `a decimal string from ${least} to below 2^${bits}`,
    /^(?:0|[1-9]\d*)$/,
    (value) => value >= least && value < 1n << BigInt(bits),
  );

const address = text("0x and 40 hexadecimal digits", /^0x[0-9a-fA-F]{40}$/);
const name = text("a name", /\S/);
const decimals = whole("a whole number from 0 to 255", [0, 255]);
const tick = whole(`a whole number from -${LAST_TICK} to ${LAST_TICK}`, [-LAST_TICK, LAST_TICK]);
const net = within(
  "a decimal string within 128 bits, signed",
  /^(?:0|-?[1-9]\d*)$/,
  (value) => BigInt.asIntN(128, value) === value,
);
const tickEntry = z.tuple([tick, unsigned(128, 1n), net], "a list of tick, gross and net liquidity");

/** The fields of a state, each of the right form. The message of an issue is what was expected. */
export const poolStateSchema = z.strictObject(
  {
    chain_id: whole("the number of a chain", [1, 2 ** 31 - 1]),
    dex: name,
    pool: address,
    block: whole("the number of a block", [0, 2 ** 31 - 1]),
    token0: address,
    token0_symbol: name,
    token0_decimals: decimals,
    token1: address,
    token1_symbol: name,
    token1_decimals: decimals,
    /** {1e-6} */
    fee_pips: whole("a whole number below 1,000,000", [0, 999_999]),
    tick_spacing: whole("a whole number from 1 to 16,383", [1, 16_383]),
    /** √(token1 per token0, both in smallest units) · 2^96 */
    sqrt_price_x96: unsigned(160, 1n),
    tick,
    liquidity: unsigned(128, 0n),
    price_token1_per_token0: z.number("a price above zero").positive("a price above zero"),
    ticks: z.array(tickEntry, "a list of ticks"),
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? `no field ${issue.keys.join(", ")}` : "a pool's state") },
);

/** A pool's state at a block, as a file has it. Large whole numbers are decimal strings. */
export type PoolStateRecord = z.infer<typeof poolStateSchema>;

/** A value that contradicts the others, and what they ask for in its place. */
export type Contradiction = { readonly path: readonly (string | number)[]; readonly expected: string };

/** The first contradiction within a state; `undefined` for a sound one. */
export function contradictionIn(state: PoolStateRecord): Contradiction | undefined {
  return findTick(state) ?? findLiquidity(state) ?? findPrice(state);
}

function findTick({ ticks, tick_spacing: spacing }: PoolStateRecord): Contradiction | undefined {
  for (const [i, [at, gross, change]] of ticks.entries()) {
    const before = ticks[i - 1]?.[0];
    if (at % spacing !== 0) return { path: ["ticks", i, 0], expected: `a multiple of the spacing ${spacing}` };
    if (before !== undefined && at <= before) return { path: ["ticks", i, 0], expected: `a tick above ${before}` };
    if (magnitude(BigInt(change)) > BigInt(gross)) {
      return { path: ["ticks", i, 2], expected: `no more than the gross liquidity ${gross}` };
    }
  }
  return undefined;
}

/** Positions open and close: over all ticks nothing is left, and up to the current one the pool's liquidity. */
function findLiquidity({ ticks, tick: now, liquidity }: PoolStateRecord): Contradiction | undefined {
  const sumOf = (entries: PoolStateRecord["ticks"]): bigint =>
    entries.reduce((sum, [, , change]) => sum + BigInt(change), 0n);
  if (sumOf(ticks) !== 0n) return { path: ["ticks"], expected: "net liquidities that sum to zero" };
  const active = sumOf(ticks.filter(([at]) => at <= now));
  if (active === BigInt(liquidity)) return undefined;
  return { path: ["liquidity"], expected: `${active}, the sum of net liquidity up to the tick ${now}` };
}

function findPrice(state: PoolStateRecord): Contradiction | undefined {
  const raw = (Number(state.sqrt_price_x96) / 2 ** 96) ** 2; // {tok1/tok0}
  const exact = Math.log(raw) / Math.log1p(0.0001);
  if (exact < state.tick - TICK_TOLERANCE || exact > state.tick + 1 + TICK_TOLERANCE) {
    return { path: ["sqrt_price_x96"], expected: `a price within the tick ${state.tick}, not ${exact.toFixed(3)}` };
  }
  // {wholeTok1/wholeTok0} = {tok1/tok0} * 10^decimals0 / 10^decimals1
  const price = raw * 10 ** (state.token0_decimals - state.token1_decimals);
  if (Math.abs(state.price_token1_per_token0 / price - 1) <= PRICE_TOLERANCE) return undefined;
  return { path: ["price_token1_per_token0"], expected: `${price.toPrecision(10)}, as sqrt_price_x96 has it` };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
