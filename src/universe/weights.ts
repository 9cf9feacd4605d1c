// Turns market caps into the share of each coin in their sum.
import { OutOfRangeError } from "../core/errors.ts";

/**
 * Weights proportional to market cap.
 *
 * @param capsUsd {USD} One positive cap a coin.
 * @returns One fraction {1} a coin, in the same order; they sum to 1 up to float error. Empty for an empty input.
 * @throws OutOfRangeError when a cap is not positive and finite.
 */
export function capWeights(capsUsd: readonly number[]): number[] {
  for (const cap of capsUsd) {
    if (!(cap > 0 && cap < Number.POSITIVE_INFINITY))
      throw new OutOfRangeError("market cap", cap, "positive and finite");
  }
  const total = capsUsd.reduce((sum, cap) => sum + cap, 0);
  return capsUsd.map((cap) => cap / total);
}
