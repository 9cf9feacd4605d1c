// Turns what a pool's history shows into the time after which it is assumed to stand where it stood before a leg.
import type { PoolState } from "./pool.ts";

/**
 * Trades of others after which a pool is back. A leg leaves its pool away from the market by its impact; whoever trades
 * the difference back earns it, and every trade on the pool was somebody's look at its price. Ten is an assumption.
 */
const TRADES = 10;
/** {s} Of a pool that keeps no history: an assumption too. */
const WITHOUT_HISTORY = 3600;
/** {s} Five blocks of Ethereum: no pool is counted on sooner. */
const SHORTEST = 60;

/** What is assumed of a pool, and what it rests on. */
export type Recovery = { readonly seconds: number; readonly basis: "history" | "assumed" };

/** {s} After a leg: ten times the mean time between the trades that the pool keeps observations of, a minute at least. */
export function recoveryOf({ tradeGap }: Pick<PoolState, "tradeGap">): Recovery {
  if (tradeGap === undefined) return { seconds: WITHOUT_HISTORY, basis: "assumed" };
  return { seconds: Math.max(SHORTEST, Math.ceil(TRADES * tradeGap)), basis: "history" };
}
