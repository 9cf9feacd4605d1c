// Turns the state of a pool, as a file has it, into one to plan on.
import { type Address, getAddress } from "viem";

import type { PoolStateRecord } from "../market/sources/pool-state-schema.ts";
import type { PoolState } from "./pool.ts";
import { MAX_TICK } from "./uniswap.ts";

/** One token of a pool. */
export type StateToken = { readonly address: Address; readonly symbol: string; readonly decimals: number };

/** A pool with all its ticks, and what its tokens are. */
export type FullPoolState = {
  readonly pool: PoolState;
  readonly token0: StateToken;
  readonly token1: StateToken;
  readonly exchange: string;
  /** {liquidity} Of all positions that begin or end at a tick, in the order of the ticks. */
  readonly grossLiquidity: readonly bigint[];
};

/** The state of a checked record. */
export function fullPoolState(record: PoolStateRecord): FullPoolState {
  const token0 = tokenOf(record.token0, { symbol: record.token0_symbol, decimals: record.token0_decimals });
  const token1 = tokenOf(record.token1, { symbol: record.token1_symbol, decimals: record.token1_decimals });
  return {
    pool: {
      address: getAddress(record.pool.toLowerCase()),
      token0: token0.address,
      token1: token1.address,
      fee: record.fee_pips,
      tickSpacing: record.tick_spacing,
      sqrtPriceX96: BigInt(record.sqrt_price_x96),
      liquidity: BigInt(record.liquidity),
      tick: record.tick,
      ticks: record.ticks.map(([index, , net]) => ({ index, liquidityNet: BigInt(net) })),
      knownFrom: -MAX_TICK,
      knownTo: MAX_TICK,
    },
    token0,
    token1,
    exchange: record.dex,
    grossLiquidity: record.ticks.map(([, gross]) => BigInt(gross)),
  };
}

function tokenOf(address: string, names: Omit<StateToken, "address">): StateToken {
  return { address: getAddress(address.toLowerCase()), ...names };
}
