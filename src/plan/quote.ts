// Turns an order into the pool that serves it best, by what is left of the output after the gas.
import type { TokenUnits } from "../core/units.ts";
import { type Desk, type Order, type Work, gasCost, pairOf, tokensOf } from "./desk.ts";
import { type PlanAsset, valueOf } from "./holdings.ts";
import { type PoolState, type Swap, spotOutput, swapExactIn } from "./pool.ts";

/** What an order would do on the best pool of the pair. */
export type Quote = {
  readonly pool: PoolState;
  readonly amountOut: TokenUnits;
  readonly spot: TokenUnits;
  readonly after: PoolState;
  /** Initialized ticks that the swap crosses. */
  readonly crossed: number;
};

/**
 * The best pool for an order: the one with the most output, less the gas of the ticks that the swap crosses there.
 * Undefined when no pool of the two tokens takes it in full.
 */
export function quote(desk: Desk, work: Work, order: Pick<Order, "sold" | "bought" | "amount">): Quote | undefined {
  const { sold, bought } = tokensOf(desk, order);
  let best: (Quote & { readonly net: bigint }) | undefined;
  for (const pool of poolsOf(desk, work, order)) {
    const swap = swapExactIn(pool, sold.token, order.amount);
    if (swap === undefined) continue;
    const net = netOutput(desk, bought, swap);
    if (best !== undefined && best.net >= net) continue;
    best = { pool, ...swap, spot: spotOutput(pool, sold.token, order.amount), net };
  }
  return best;
}

/** How many pools there are for an order. */
export function poolCount(desk: Desk, work: Work, order: Pick<Order, "sold" | "bought">): number {
  return poolsOf(desk, work, order).length;
}

/** A pool of two assets; undefined when there is none. */
export function poolBetween(desk: Desk, work: Work, [a, b]: readonly [number, number]): PoolState | undefined {
  return poolsOf(desk, work, { sold: a, bought: b })[0];
}

/** {gas} of the ticks that a swap crosses. */
export function crossingGas({ gas }: Desk, { crossed }: Pick<Swap, "crossed">): number {
  return crossed * gas.perTick;
}

function poolsOf(desk: Desk, work: Work, order: Pick<Order, "sold" | "bought">): readonly PoolState[] {
  const { sold, bought } = tokensOf(desk, order);
  const found = sold.token === bought.token ? [] : (desk.pairs.get(pairOf(sold.token, bought.token)) ?? []);
  return found.flatMap((address) => work.pools.get(address) ?? []);
}

/** What decides between pools: D18{USD}, or {tok} of an asset without a price. */
function netOutput(desk: Desk, bought: PlanAsset, swap: Swap): bigint {
  if (bought.price === 0n) return swap.amountOut;
  return valueOf(bought, swap.amountOut) - gasCost(desk, crossingGas(desk, swap));
}
