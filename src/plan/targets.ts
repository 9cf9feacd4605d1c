// Turns fractions into integer parts per million: the border behind which nothing is a float.
import { OutOfRangeError } from "../core/errors.ts";
import { PPM, type Ppm, ppm } from "../core/units.ts";

/**
 * Fractions as parts per million by the method of the largest remainder; of equal remainders the first one wins.
 *
 * @param fractions {1} Zero or more each, not all zero; they are taken relative to their sum.
 * @returns One integer a fraction, in the same order, that sum to exactly 1,000,000. Empty for an empty input.
 * @throws OutOfRangeError when a fraction is negative or not finite, or when all are zero.
 */
export function toPpm(fractions: readonly number[]): Ppm[] {
  return apportion(fractions, PPM);
}

/** As {@link toPpm}, but for fractions of `whole` {ppm} instead of 1,000,000. */
export function apportion(fractions: readonly number[], whole: number): Ppm[] {
  if (fractions.length === 0) return [];
  for (const fraction of fractions) {
    if (!Number.isFinite(fraction) || fraction < 0)
      throw new OutOfRangeError("weight", fraction, "finite and zero or more");
  }
  const total = fractions.reduce((sum, fraction) => sum + fraction, 0);
  if (!(total > 0 && total < Number.POSITIVE_INFINITY))
    throw new OutOfRangeError("sum of weights", total, "above zero and finite");
  // {ppm} = {1} / {1} * {ppm}
  const exact = fractions.map((fraction) => (fraction / total) * whole);
  const floors = exact.map(Math.floor);
  const left = whole - floors.reduce((sum, floor) => sum + floor, 0);
  const byRemainder = exact.map((value, i) => ({ i, remainder: value - (floors[i] ?? 0) }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  const raised = new Set(byRemainder.slice(0, left).map(({ i }) => i));
  return floors.map((floor, i) => ppm(floor + (raised.has(i) ? 1 : 0)));
}
