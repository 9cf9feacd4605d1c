// Turns a list of numbers into its moments, quantiles and deviations.

/** The value at `index`; NaN beyond the ends, so that a wrong index is seen in every result. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/** Sum of the values, with the rounding errors of each step added back. @see Neumaier (1974), improved Kahan summation. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Arithmetic mean; NaN for an empty list. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** Central moment m_k = Σ (x − mean)^k / n. NaN for an empty list. */
export function centralMoment(values: readonly number[], order: number): number {
  const center = mean(values);
  return mean(values.map((value) => (value - center) ** order));
}

/** {1} Returns computed from prices differ by rounding up to this, however equal they are. */
const ROUNDING = 1e-14;

/** Whether all values are equal but for rounding; then deviations say nothing. True for an empty list. */
export function isConstant(values: readonly number[]): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return !(high - low > ROUNDING * Math.max(1, Math.abs(high), Math.abs(low)));
}

/** Deviation √(Σ (x − mean)² / (n − 1)), exactly 0 when all are equal; NaN for fewer than two values. */
export function sampleDeviation(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  if (isConstant(values)) return 0;
  return Math.sqrt((centralMoment(values, 2) * values.length) / (values.length - 1));
}

/** Skewness m₃ / m₂^1.5, biased: without a correction for the sample's size. NaN when all values are equal. */
export function biasedSkewness(values: readonly number[]): number {
  return isConstant(values) ? Number.NaN : centralMoment(values, 3) / centralMoment(values, 2) ** 1.5;
}

/** Kurtosis m₄ / m₂², biased and not excess: 3 for a normal distribution. NaN when all values are equal. */
export function biasedKurtosis(values: readonly number[]): number {
  return isConstant(values) ? Number.NaN : centralMoment(values, 4) / centralMoment(values, 2) ** 2;
}

/**
 * Quantile at rank (n − 1)·numerator/denominator, interpolated linearly between the two nearest order statistics.
 *
 * @param part A fraction as two integers, so that a whole rank is met exactly: 0.05 as `[1, 20]`.
 * @returns NaN for an empty list.
 * @see Hyndman, Fan (1996), definition 7.
 */
export function linearQuantile(values: readonly number[], [numerator, denominator]: readonly [number, number]): number {
  const sorted = Float64Array.from(values).sort();
  const rank = ((sorted.length - 1) * numerator) / denominator;
  const below = at(sorted, Math.floor(rank));
  const above = at(sorted, Math.ceil(rank));
  return below + (above - below) * (rank - Math.floor(rank));
}

/** Deviation √(Σ (x − mean)² / n), exactly 0 when all are equal. */
export function populationDeviation(values: readonly number[]): number {
  return isConstant(values) ? 0 : Math.sqrt(centralMoment(values, 2));
}
