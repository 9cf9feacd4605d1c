// Turns the state of a pool into how much of a token it takes before its price has moved by a part.
import type { Address } from "viem";

import { type PoolState, sellsToken0 } from "./pool.ts";

/**
 * {tok} of `sold` that can be paid in before the pool's price has moved by `move`, without the fee; for reports, in
 * floating point.
 *
 * Within a range of ticks: Δ0 = L·(1/√P' − 1/√P), Δ1 = L·(√P' − √P). What lies beyond the known ticks is not counted.
 *
 * @param move {1} 0.01 is one percent.
 * @see Uniswap v3 whitepaper, 6.2.3
 */
export function depthUnits(pool: PoolState, sold: Address, move: number): number {
  const down = sellsToken0(pool, sold);
  const start = Number(pool.sqrtPriceX96) / 2 ** 96;
  const goal = start * Math.sqrt(down ? 1 - move : 1 / (1 - move));
  const ahead = down
    ? pool.ticks.filter(({ index }) => index <= pool.tick).reverse()
    : pool.ticks.filter(({ index }) => index > pool.tick);
  let [root, liquidity, units] = [start, Number(pool.liquidity), 0];
  for (const { index, liquidityNet } of ahead) {
    const edge = rootAtTick(index);
    if (down ? edge <= goal : edge >= goal) break;
    units += liquidity * spanOf(root, edge, down);
    liquidity += (down ? -1 : 1) * Number(liquidityNet);
    root = edge;
  }
  return units + liquidity * spanOf(root, goal, down);
}

function spanOf(from: number, to: number, down: boolean): number {
  return down ? 1 / to - 1 / from : to - from;
}

function rootAtTick(tick: number): number {
  return 1.0001 ** (tick / 2);
}
