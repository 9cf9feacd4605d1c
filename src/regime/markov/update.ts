// Turns what the whole sample says of the states into the parameters that explain it better.
import { at } from "../../core/statistics.ts";
import type { Smoothed } from "./filter.ts";
import type { MarkovParameters, Pair } from "./parameters.ts";

/** {1} Probabilities of leaving a state stay this far from 0 and 1, where the likelihood is not defined. */
const EDGE = 1e-10;
/** Rounds in which the two probabilities of leaving are settled in turn. */
const ROUNDS = 4;

/**
 * The maximization step of EM. Means and variances are weighted by the smoothed probabilities. The probabilities of
 * leaving also take into account that the first state is drawn from the long-run shares, which depend on them; each is
 * the exact optimum given the other, so that no step lowers the likelihood.
 *
 * @see Dempster, Laird, Rubin (1977) for EM and its generalized form; Hamilton (1990), Analysis of Time Series Subject to
 *   Changes in Regime.
 */
export function updated(returns: readonly number[], smoothed: Smoothed, previous: MarkovParameters): MarkovParameters {
  const first = weightedMoments(returns, smoothed.shares[0]);
  const second = weightedMoments(returns, smoothed.shares[1]);
  return {
    means: [first.mean, second.mean],
    variances: [first.variance, second.variance],
    stays: updatedStays(smoothed, previous.stays),
  };
}

function weightedMoments(returns: readonly number[], weights: Float64Array): { mean: number; variance: number } {
  let [total, weighted, squares] = [0, 0, 0];
  returns.forEach((value, t) => {
    total += at(weights, t);
    weighted += at(weights, t) * value;
  });
  const mean = weighted / total;
  returns.forEach((value, t) => (squares += at(weights, t) * (value - mean) ** 2));
  return { mean, variance: squares / total };
}

/**
 * With a and b the probabilities of leaving the first and the second state, the expected log likelihood is
 * (n₀₁ + g₁)·ln a + n₀₀·ln(1 − a) + (n₁₀ + g₀)·ln b + n₁₁·ln(1 − b) − ln(a + b), n the moves and g the first state.
 */
function updatedStays({ shares, moves }: Smoothed, [stay0, stay1]: Pair): Pair {
  let [leave0, leave1] = [1 - stay0, 1 - stay1];
  const [first0, first1] = [at(shares[0], 0), at(shares[1], 0)];
  for (let round = 0; round < ROUNDS; round++) {
    leave0 = bestLeave(moves[0][1] + first1, moves[0][0], leave1);
    leave1 = bestLeave(moves[1][0] + first0, moves[1][1], leave0);
  }
  return [1 - leave0, 1 - leave1];
}

/**
 * The one a in (0, 1) with A/a − B/(1 − a) − 1/(a + b) = 0, which is
 * (1 − A − B)·a² + (A − A·b − B·b − 1)·a + A·b = 0: positive at 0, negative at 1.
 */
function bestLeave(leaves: number, stays: number, other: number): number {
  const square = 1 - leaves - stays;
  const linear = leaves - (leaves + stays) * other - 1;
  const constant = leaves * other;
  const root = Math.sqrt(linear * linear - 4 * square * constant);
  // The form of the solution that subtracts no two close numbers; of the two roots one lies in (0, 1).
  const half = -0.5 * (linear + (linear < 0 ? -root : root));
  const inside = [half / square, constant / half].find((value) => value > 0 && value < 1);
  return Math.min(1 - EDGE, Math.max(EDGE, inside ?? other));
}
