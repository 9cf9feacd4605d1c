// Turns decisions into the coins that they may ever ask to hold.
import type { Decision } from "./decision.ts";

/** A coin and the first decision that names it. */
export type NamedCoin = { readonly coinId: string; readonly symbol: string; readonly first: string };

/**
 * Every coin of the indices and of the targets of `decisions`, in order of first appearance, then of rank.
 *
 * The index is included in bear weeks too: a world that follows the decisions must know a coin before it is bought.
 */
export function namesOf(decisions: Iterable<Decision>): NamedCoin[] {
  const names = new Map<string, NamedCoin>();
  for (const decision of decisions) {
    for (const { coinId, symbol } of [...decision.index, ...decision.weights]) {
      if (!names.has(coinId)) names.set(coinId, { coinId, symbol, first: decision.date });
    }
  }
  return [...names.values()];
}
