// Turns log returns into several guesses at two states, from which the fit sets out.
import { at, linearQuantile, mean, populationDeviation } from "../../core/statistics.ts";
import type { MarkovParameters } from "./parameters.ts";

/** {period} Length of the moving means by which calm and turbulent, or good and bad times are told apart. */
const WINDOW = 9;
/** Probabilities that a state lasts: about 3, 10 and 50 periods. */
const STAYS = [0.67, 0.9, 0.98] as const;
/** {1} No state starts with a deviation below this share of the sample's. */
const LEAST_DEVIATION = 0.05;

/**
 * Four ways to cut the sample in two (size of returns and returns themselves, each as they are and as moving means)
 * times three persistences. Nothing is random.
 */
export function markovStarts(returns: readonly number[]): MarkovParameters[] {
  const center = mean(returns);
  const sizes = returns.map((value) => Math.abs(value - center));
  const scores: readonly (readonly [readonly number[], readonly [number, number]])[] = [
    [movingMean(sizes), [1, 2]],
    [sizes, [3, 4]],
    [movingMean(returns), [1, 2]],
    [returns, [1, 4]],
  ];
  return scores.flatMap(([score, part]) => {
    const limit = linearQuantile(score, part);
    const low = returns.filter((_, t) => at(score, t) <= limit);
    const high = returns.filter((_, t) => at(score, t) > limit);
    return STAYS.map((stay) => guess(returns, [low, high], stay));
  });
}

function guess(
  returns: readonly number[],
  [low, high]: readonly [readonly number[], readonly number[]],
  stay: number,
): MarkovParameters {
  const least = LEAST_DEVIATION * populationDeviation(returns);
  const variance = (values: readonly number[]): number => Math.max(least, populationDeviation(values)) ** 2;
  // A cut that leaves nothing on a side (many equal returns) starts that side from the whole sample.
  const [first, second] = [low, high].map((values) => (values.length === 0 ? returns : values));
  return {
    means: [mean(first ?? returns), mean(second ?? returns)],
    variances: [variance(first ?? returns), variance(second ?? returns)],
    stays: [stay, stay],
  };
}

/** Mean of the values around each one, over fewer of them at the ends. */
function movingMean(values: readonly number[]): number[] {
  const reach = Math.floor(WINDOW / 2);
  return values.map((_, t) => mean(values.slice(Math.max(0, t - reach), t + reach + 1)));
}
