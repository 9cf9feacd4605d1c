// Turns returns into the features by which the jump model tells good times from bad ones.
import { at, mean, populationDeviation } from "../../core/statistics.ts";

/** {week} After so long a return weighs half. */
export const HALF_LIVES = [4, 13] as const;

/** Names of the features, in the order of a point's coordinates. */
export const FEATURE_NAMES: readonly string[] = HALF_LIVES.flatMap((halfLife) => [
  `return-${halfLife}`,
  `log-downside-${halfLife}`,
  `ratio-${halfLife}`,
]);

/** One point a period, from the first period for which all features are defined. */
export type FeatureSeries = {
  /** Index of the return that the first point ends with. */
  readonly first: number;
  /** {1} Coordinates in the order of {@link FEATURE_NAMES}, not standardized. */
  readonly points: readonly (readonly number[])[];
};

/**
 * Exponentially weighted return, log of the downside deviation √(weighted mean of min(r, 0)²), and their ratio, at
 * half-lives of 4 and 13 periods. Weights sum to 1 from the first return on; a point uses no later return.
 *
 * The downside deviation is zero until the first negative return: the points begin there.
 *
 * @param returns {1} Simple returns, oldest first.
 * @see Shu, Yu, Mulvey (2024), Downside Risk Reduction Using Regime-Switching Signals: A Statistical Jump Model Approach.
 */
export function jumpFeatures(returns: readonly number[]): FeatureSeries {
  const squares = returns.map((value) => Math.min(value, 0) ** 2);
  const tracks = HALF_LIVES.map((halfLife) => ({
    returns: weightedMeans(returns, halfLife),
    downside: weightedMeans(squares, halfLife).map(Math.sqrt),
  }));
  const first = returns.findIndex((value) => value < 0);
  if (first === -1) return { first: returns.length, points: [] };
  const points = returns.slice(first).map((_, i) =>
    tracks.flatMap((track) => {
      const [gain, downside] = [at(track.returns, first + i), at(track.downside, first + i)];
      return [gain, Math.log(downside), gain / downside];
    }),
  );
  return { first, points };
}

/** Σ d^i·x_(t−i) / Σ d^i over all i up to t, with d = ½^(1/halfLife). */
function weightedMeans(values: readonly number[], halfLife: number): number[] {
  const decay = 0.5 ** (1 / halfLife);
  let [total, weight] = [0, 0];
  return values.map((value) => {
    total = total * decay + value;
    weight = weight * decay + 1;
    return total / weight;
  });
}

/** Mean and deviation (over n) of each coordinate. */
export type Scale = { readonly means: readonly number[]; readonly deviations: readonly number[] };

/** The scale of a set of points, all of the same number of coordinates. */
export function scaleOf(points: readonly (readonly number[])[]): Scale {
  const columns = (points[0] ?? []).map((_, i) => points.map((point) => at(point, i)));
  return { means: columns.map(mean), deviations: columns.map(populationDeviation) };
}

/** Points with mean 0 and deviation 1 in each coordinate, where the scale is their own; 0 where it has no deviation. */
export function standardized(points: readonly (readonly number[])[], { means, deviations }: Scale): number[][] {
  return points.map((point) =>
    point.map((value, i) => (at(deviations, i) === 0 ? 0 : (value - at(means, i)) / at(deviations, i))),
  );
}
