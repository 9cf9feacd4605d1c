// Turns one history of returns into the range that its figures could as well have had.
import { randomStream } from "../core/random.ts";
import { at, linearQuantile } from "../core/statistics.ts";

/** How the history is drawn again. */
export type BootstrapPlan = {
  /** Histories drawn. */
  readonly resamples: number;
  /** {period} Mean length of a block, 1 or more. */
  readonly meanBlock: number;
  /** An integer of 32 bits. */
  readonly seed: number;
};

/** Ends of an interval. */
export type Interval = readonly [low: number, high: number];

/** {period} The mean block length for a history of `length` returns, if none is given: the cube root. */
export function defaultMeanBlock(length: number): number {
  return Math.max(1, Math.round(Math.cbrt(length)));
}

/**
 * The middle 95 % of each figure over histories made of blocks of random start and geometric length, wrapped at the end.
 *
 * A value begins a new block with probability 1/`meanBlock`. Draws from the stream, a history after the other: the
 * first start, then for each further value one that decides on a new block, and its start if there is one.
 *
 * @param figures Functions of a history's returns, by key.
 * @returns Quantiles at 2.5 % and 97.5 %, linearly interpolated, by key.
 * @see Politis, Romano (1994), The Stationary Bootstrap.
 */
export function bootstrapIntervals<Key extends string>(
  returns: readonly number[],
  figures: Readonly<Record<Key, (returns: readonly number[]) => number>>,
  plan: BootstrapPlan,
): Record<Key, Interval> {
  const draw = drawer(returns, plan);
  const histories = Array.from({ length: plan.resamples }, draw);
  const entries = Object.entries<(returns: readonly number[]) => number>(figures).map(([key, figure]) => {
    const values = histories.map(figure);
    const interval: Interval = [linearQuantile(values, [1, 40]), linearQuantile(values, [39, 40])];
    return [key, interval] as const;
  });
  return Object.fromEntries(entries) as Record<Key, Interval>;
}

function drawer(returns: readonly number[], { meanBlock, seed }: BootstrapPlan): () => number[] {
  const stream = randomStream(seed);
  const start = (): number => Math.floor(stream.uniform() * returns.length);
  return () => {
    let place = -1;
    return returns.map(() => {
      const isNew = place < 0 || stream.uniform() < 1 / meanBlock;
      place = isNew ? start() : (place + 1) % returns.length;
      return at(returns, place);
    });
  };
}
