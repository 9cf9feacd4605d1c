// Turns two states, each with a mean and a variance of its own, into the parameters that filter, fit and starts share.

/** One value a state. */
export type Pair = readonly [number, number];

/** A normal distribution of log returns in each state, and how long the states last. */
export type MarkovParameters = {
  /** {1} Mean log return of a period. */
  readonly means: Pair;
  /** {1} Variance of the log return of a period. */
  readonly variances: Pair;
  /** {1} (0, 1) Probability that a state is followed by itself. */
  readonly stays: Pair;
};

/** Share of time that each state has in the long run: π₀ = (1 − p₁₁) / (2 − p₀₀ − p₁₁). */
export function stationaryShares({ stays: [first, second] }: MarkovParameters): Pair {
  const leaving = 2 - first - second;
  return [(1 - second) / leaving, (1 - first) / leaving];
}

/** The same model with its states in order of variance, the calm one first. */
export function calmFirst({ means, variances, stays }: MarkovParameters): MarkovParameters {
  if (variances[0] <= variances[1]) return { means, variances, stays };
  return { means: swapped(means), variances: swapped(variances), stays: swapped(stays) };
}

function swapped([first, second]: Pair): Pair {
  return [second, first];
}
