// Turns a value into its probability under the normal distribution, and a probability into its value.
import { OutOfRangeError } from "./errors.ts";

/** Where the series, which adds terms of one sign, gives way to the continued fraction, which is quicker there. */
const SERIES_LIMIT = 3;
/** Beyond it the probability of the tail is below the smallest number above zero. */
const TAIL_LIMIT = 39;
/** A term this small beside the sum changes no digit of it. */
const NEGLIGIBLE = 1e-17;

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Φ(x): the probability that a standard normal variable is at most `x`, to about 15 significant digits.
 *
 * Near the middle Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …); in the tails Φ(−x) = φ(x)/(x + 1/(x + 2/(x + 3/(x + …)))).
 *
 * @see Marsaglia (2004), Evaluating the Normal Distribution; the continued fraction is Laplace's.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (Math.abs(x) > SERIES_LIMIT) return x < 0 ? upperTail(-x) : 1 - upperTail(x);
  let term = x;
  let total = x;
  for (let odd = 3; Math.abs(term) > NEGLIGIBLE * Math.abs(total); odd += 2) {
    term *= (x * x) / odd;
    total += term;
  }
  return 0.5 + normalDensity(x) * total;
}

function upperTail(x: number): number {
  if (x > TAIL_LIMIT) return 0;
  let fraction = x;
  for (let step = 400; step > 0; step--) fraction = x + step / fraction;
  return normalDensity(x) / fraction;
}

/**
 * Φ⁻¹(p): the value that a standard normal variable stays under with probability `p`.
 *
 * @throws OutOfRangeError when `p` is not between 0 and 1, both excluded.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new OutOfRangeError("probability", p, "above 0 and below 1");
  if (p > 0.5) return -normalQuantile(1 - p);
  let low = -TAIL_LIMIT;
  let high = 0;
  // Halving leaves 39 / 2^20 = 4e-5; Newton's step squares what is left, so that two reach the last digits.
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  let x = (low + high) / 2;
  for (let step = 0; step < 3; step++) x -= (normalCdf(x) - p) / normalDensity(x);
  return x;
}
