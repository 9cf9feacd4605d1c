// Turns weights into weights of which none is above a cap, what is cut spread over the others pro rata.
import { OutOfRangeError } from "../core/errors.ts";
import { at } from "../core/statistics.ts";

/**
 * Weights min(cap, k·w) with the one k for which they sum to 1: the result of cutting what is above the cap and
 * spreading it over the rest in proportion, again and again until all hold.
 *
 * @param weights {1} Positive, one a coin; taken relative to their sum.
 * @param cap {1} (0, 1]
 * @param what Names the cap in an error.
 * @returns {1} One a coin, in the same order; they sum to 1 up to float error. Empty for an empty input.
 * @throws OutOfRangeError when the cap leaves no room for a whole: below 1 over the number of coins.
 */
export function cappedWeights(weights: readonly number[], cap: number, what = "cap of a weight"): number[] {
  if (weights.length === 0) return [];
  if (!(cap * weights.length >= 1 - Number.EPSILON * weights.length && cap <= 1)) {
    throw new OutOfRangeError(what, cap, `from 1/${weights.length}, one over the number of coins, to 1`);
  }
  const sorted = [...weights].sort((left, right) => right - left);
  let rest = sorted.reduce((total, weight) => total + weight, 0);
  let cut = 0;
  while (cut < sorted.length && at(sorted, cut) * (1 - cut * cap) > cap * rest) {
    rest = sorted.slice(cut + 1).reduce((total, weight) => total + weight, 0);
    cut++;
  }
  const scale = cut === sorted.length ? 0 : (1 - cut * cap) / rest;
  const limit = cut === 0 ? Number.POSITIVE_INFINITY : at(sorted, cut - 1);
  return weights.map((weight) => (weight >= limit ? cap : weight * scale));
}
