// Turns log returns and the parameters of two states into the probability of each state at each time.
import { at } from "../../core/statistics.ts";
import { type MarkovParameters, type Pair, stationaryShares } from "./parameters.ts";

const BOTH = [0, 1] as const;
const LOG_TWO_PI = Math.log(2 * Math.PI);

/** Logarithms of probabilities, one a period, of the first and of the second state. */
type LogPair = readonly [Float64Array, Float64Array];

/** What the past alone says: nothing at time t depends on later returns. */
export type Filtered = {
  /** Σ ln f(r_t | r_1 … r_(t−1)) */
  readonly logLikelihood: number;
  /** ln P(state at t | r_1 … r_(t−1)) */
  readonly predicted: LogPair;
  /** ln P(state at t | r_1 … r_t) */
  readonly filtered: LogPair;
};

/**
 * Hamilton's filter in log space; the first state is drawn from the long-run shares.
 *
 * @param returns {1} Log returns, unscaled.
 * @see Hamilton (1989), A New Approach to the Economic Analysis of Nonstationary Time Series and the Business Cycle.
 */
export function filterStates(returns: readonly number[], parameters: MarkovParameters): Filtered {
  const [predicted0, predicted1] = logPair(returns.length);
  const [filtered0, filtered1] = logPair(returns.length);
  const [[stay0, leave0], [leave1, stay1]] = logMoves(parameters);
  const density0 = logDensityOf(parameters.means[0], parameters.variances[0]);
  const density1 = logDensityOf(parameters.means[1], parameters.variances[1]);
  const shares = stationaryShares(parameters);
  let logLikelihood = 0;
  let prior0 = Math.log(shares[0]);
  let prior1 = Math.log(shares[1]);
  returns.forEach((value, t) => {
    predicted0[t] = prior0;
    predicted1[t] = prior1;
    const joint0 = prior0 + density0(value);
    const joint1 = prior1 + density1(value);
    const evidence = logAdd(joint0, joint1);
    const now0 = joint0 - evidence;
    const now1 = joint1 - evidence;
    filtered0[t] = now0;
    filtered1[t] = now1;
    logLikelihood += evidence;
    prior0 = logAdd(now0 + stay0, now1 + leave1);
    prior1 = logAdd(now0 + leave0, now1 + stay1);
  });
  return { logLikelihood, predicted: [predicted0, predicted1], filtered: [filtered0, filtered1] };
}

/** What the whole sample says of each time, and of each move from a time to the next. */
export type Smoothed = {
  /** P(state at t | all returns), one a period, of the first and of the second state. */
  readonly shares: readonly [Float64Array, Float64Array];
  /** Σ P(from at t, to at t + 1 | all returns) as `moves[from][to]`. */
  readonly moves: readonly [Pair, Pair];
};

/**
 * Kim's smoother in log space, on the filter's result for the same parameters. It looks ahead: it serves the fit and
 * hindsight, never a decision.
 *
 * @see Kim (1994), Dynamic Linear Models with Markov-Switching.
 */
export function smoothStates({ predicted, filtered }: Filtered, parameters: MarkovParameters): Smoothed {
  const length = filtered[0].length;
  const shares = logPair(length);
  const moves = logMoves(parameters);
  const counts = [0, 0, 0, 0]; // {1} of the moves 0 → 0, 0 → 1, 1 → 0, 1 → 1
  shares[0][length - 1] = Math.exp(at(filtered[0], length - 1));
  shares[1][length - 1] = Math.exp(at(filtered[1], length - 1));
  for (let t = length - 2; t >= 0; t--) {
    const later0 = Math.log(at(shares[0], t + 1)) - at(predicted[0], t + 1);
    const later1 = Math.log(at(shares[1], t + 1)) - at(predicted[1], t + 1);
    for (const from of BOTH) {
      const now = at(filtered[from], t);
      const to0 = Math.exp(now + moves[from][0] + later0);
      const to1 = Math.exp(now + moves[from][1] + later1);
      counts[2 * from] = at(counts, 2 * from) + to0;
      counts[2 * from + 1] = at(counts, 2 * from + 1) + to1;
      shares[from][t] = to0 + to1;
    }
  }
  const [count00 = 0, count01 = 0, count10 = 0, count11 = 0] = counts;
  return {
    shares,
    moves: [
      [count00, count01],
      [count10, count11],
    ],
  };
}

/** ln of the normal density, as a function of the value. */
function logDensityOf(mean: number, variance: number): (value: number) => number {
  const constant = -0.5 * (LOG_TWO_PI + Math.log(variance));
  return (value) => constant - (value - mean) ** 2 / (2 * variance);
}

/** ln(e^a + e^b) without overflow. */
function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === Number.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(-Math.abs(a - b)));
}

function logMoves({ stays: [first, second] }: MarkovParameters): readonly [Pair, Pair] {
  return [
    [Math.log(first), Math.log1p(-first)],
    [Math.log1p(-second), Math.log(second)],
  ];
}

function logPair(length: number): LogPair {
  return [new Float64Array(length), new Float64Array(length)];
}
