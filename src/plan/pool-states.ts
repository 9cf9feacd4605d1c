// Turns a document of pool states, as they were read from a chain at some block, into pools to plan on.
import type { Address } from "viem";
import { z } from "zod";

import { AppError } from "../core/errors.ts";
import type { PoolState } from "./pool.ts";

/** One token of a pool. */
export type StateToken = { readonly address: Address; readonly symbol: string; readonly decimals: number };

/** A pool with all its ticks, and what its tokens are. */
export type FullPoolState = {
  readonly pool: PoolState;
  readonly token0: StateToken;
  readonly token1: StateToken;
  readonly block: number;
  readonly exchange: string;
  /** {liquidity} Of all positions that begin or end at a tick, in the order of the ticks. */
  readonly grossLiquidity: readonly bigint[];
};

/** The document is not one of pool states, or a pool in it contradicts itself. */
export class PoolStatesMalformedError extends AppError {
  readonly code = "POOL_STATES_MALFORMED";
  readonly kind = "data";

  constructor(found: string) {
    super(
      `Expected a list of pool states with price, liquidity and every initialized tick, found ${found}. ` +
        "Read the pools again; docs/planning.md names the fields.",
    );
  }
}

/** The farthest tick of any pool. */
const MAX_TICK = 887_272;

const address = z.custom<Address>((value) => typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value), {
  error: "must be an address: 0x and 40 hexadecimal digits",
});
const whole = z.string().regex(/^\d+$/, "must be a whole number in decimal digits");
const integer = z.string().regex(/^-?\d+$/, "must be an integer in decimal digits");
const tick = z.int().min(-MAX_TICK).max(MAX_TICK);

const stateSchema = z.object({
  dex: z.string(),
  pool: address,
  block: z.int().min(0),
  token0: address,
  token0_symbol: z.string().min(1),
  token0_decimals: z.int().min(0).max(27),
  token1: address,
  token1_symbol: z.string().min(1),
  token1_decimals: z.int().min(0).max(27),
  fee_pips: z.int().min(0).max(999_999),
  tick_spacing: z.int().min(1).max(16_384),
  sqrt_price_x96: whole,
  tick,
  liquidity: whole,
  ticks: z.array(z.tuple([tick, whole, integer])),
});

/**
 * The pools of a document, in its order, with their ticks ascending.
 *
 * @throws PoolStatesMalformedError when a field is missing or wrong, or the ticks of a pool do not add up to its
 *   liquidity, so that half a pool is never planned on.
 */
export function parsePoolStates(document: unknown): FullPoolState[] {
  const parsed = z.array(stateSchema).safeParse(document);
  if (!parsed.success) throw new PoolStatesMalformedError(z.prettifyError(parsed.error));
  return parsed.data.map(fullState);
}

function fullState(state: z.infer<typeof stateSchema>): FullPoolState {
  const sorted = state.ticks.toSorted(([a], [b]) => a - b);
  const ticks = sorted.map(([index, , net]) => ({ index, liquidityNet: BigInt(net) }));
  const pool: PoolState = {
    address: state.pool,
    token0: state.token0,
    token1: state.token1,
    fee: state.fee_pips,
    tickSpacing: state.tick_spacing,
    sqrtPriceX96: BigInt(state.sqrt_price_x96),
    liquidity: BigInt(state.liquidity),
    tick: state.tick,
    ticks,
    knownFrom: -MAX_TICK,
    knownTo: MAX_TICK,
  };
  requireWhole(pool);
  return {
    pool,
    token0: { address: state.token0, symbol: state.token0_symbol, decimals: state.token0_decimals },
    token1: { address: state.token1, symbol: state.token1_symbol, decimals: state.token1_decimals },
    block: state.block,
    exchange: state.dex,
    grossLiquidity: sorted.map(([, gross]) => BigInt(gross)),
  };
}

function requireWhole({ address: at, ticks, tick: present, liquidity }: PoolState): void {
  const active = ticks.reduce((sum, { index, liquidityNet }) => sum + (index <= present ? liquidityNet : 0n), 0n);
  if (active !== liquidity) {
    throw new PoolStatesMalformedError(`pool ${at} with liquidity ${liquidity}, but ${active} from its ticks`);
  }
  const all = ticks.reduce((sum, { liquidityNet }) => sum + liquidityNet, 0n);
  if (all !== 0n) throw new PoolStatesMalformedError(`pool ${at} whose ticks leave ${all} of liquidity without an end`);
}
