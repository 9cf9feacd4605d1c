// Turns the cost of each state at each time and a price of changes into the cheapest states.
import { at } from "../../core/statistics.ts";

/** The first or the second state. */
export type Label = 0 | 1;

/** A point in the space of features. */
export type Point = readonly number[];

/** One point a state. */
export type Centers = readonly [Point, Point];

/** ½·squared distance of each point to each center, one list a state. */
export type Losses = readonly [Float64Array, Float64Array];

/** The losses of points under centers. */
export function lossesOf(points: readonly Point[], [first, second]: Centers): Losses {
  return [lossesTo(points, first), lossesTo(points, second)];
}

/** A loop, because `Float64Array.from` with a function takes several times as long, and fits are made of this. */
function lossesTo(points: readonly Point[], center: Point): Float64Array {
  const losses = new Float64Array(points.length);
  points.forEach((point, t) => (losses[t] = halfSquaredDistance(point, center)));
  return losses;
}

/** ½·Σ (x − c)² */
export function halfSquaredDistance(point: Point, center: Point): number {
  let total = 0;
  for (let i = 0; i < point.length; i++) {
    const away = at(point, i) - at(center, i);
    total += away * away;
  }
  return total / 2;
}

/** Number of times that a label differs from the one before. */
export function changesOf(labels: readonly Label[]): number {
  return labels.filter((label, t) => t > 0 && label !== labels[t - 1]).length;
}

/**
 * The states that minimize the sum of their losses and of `penalty` for each change, exactly, by dynamic programming.
 * Among equally cheap ones a state goes on rather than changes, and the first state ends rather than the second.
 *
 * @param penalty {1} Zero or more, in the unit of the losses.
 * @see Bellman (1957); Nystrup, Lindström, Madsen (2020), Learning hidden Markov models with persistent states by
 *   penalizing jumps.
 */
export function cheapestPath(losses: Losses, penalty: number): Label[] {
  const [first, second] = pathValues(losses, penalty);
  const last = first.length - 1;
  const labels: Label[] = [];
  let state: Label = at(second, last) < at(first, last) ? 1 : 0;
  for (let t = last; t >= 0; t--) {
    if (state === 0) state = at(second, t) + penalty < at(first, t) ? 1 : 0;
    else state = at(first, t) + penalty < at(second, t) ? 0 : 1;
    labels.push(state);
  }
  return labels.reverse();
}

/**
 * The last state of the cheapest path through the points up to each time: what is known of the state at that time.
 *
 * Equals the last label of {@link cheapestPath} on every prefix, at the cost of one pass.
 */
export function onlineLabels(losses: Losses, penalty: number): Label[] {
  const [first, second] = pathValues(losses, penalty);
  return Array.from(first, (value, t): Label => (at(second, t) < value ? 1 : 0));
}

/** Cost of the cheapest path to each time that ends in each state. */
function pathValues(losses: Losses, penalty: number): Losses {
  const length = losses[0].length;
  const [first, second] = [new Float64Array(length), new Float64Array(length)];
  for (let t = 0; t < length; t++) {
    const before0 = t === 0 ? 0 : at(first, t - 1);
    const before1 = t === 0 ? 0 : at(second, t - 1);
    first[t] = at(losses[0], t) + Math.min(before0, before1 + penalty);
    second[t] = at(losses[1], t) + Math.min(before1, before0 + penalty);
  }
  return [first, second];
}
