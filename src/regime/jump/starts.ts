// Turns points into several divisions in two, from which the fit sets out.
import { randomStream } from "../../core/random.ts";
import { at, linearQuantile } from "../../core/statistics.ts";
import { type Centers, type Label, type Point, cheapestPath, halfSquaredDistance, lossesOf } from "./path.ts";

/** Up to so many points every pair of them and every stretch of time is a start. */
const SHORT = 40;
/** Parts of a longer time; every stretch from one of their ends to another is a start. */
const GRID = 12;
/** Pairs of far points drawn among many. */
const DRAWS = 20;
const SEED = 100;
const QUARTERS = [
  [1, 4],
  [1, 2],
  [3, 4],
] as const;

/**
 * Divisions to start from, the undivided sample first: stretches of time against the rest, each coordinate cut at its
 * quartiles, and nearest of two points. The draws depend on nothing but the number of points.
 */
export function jumpStarts(points: readonly Point[]): Label[][] {
  return [points.map((): Label => 0), ...stretches(points.length), ...cuts(points), ...pairs(points)];
}

function stretches(length: number): Label[][] {
  const parts = length <= SHORT ? length : GRID;
  const ends = Array.from({ length: parts + 1 }, (_, i) => Math.round((i * length) / parts));
  return ends.flatMap((from, i) =>
    ends.slice(i + 1).map((to) => Array.from({ length }, (_, t): Label => (t >= from && t < to ? 1 : 0))),
  );
}

function cuts(points: readonly Point[]): Label[][] {
  return (points[0] ?? []).flatMap((_, i) => {
    const column = points.map((point) => at(point, i));
    return QUARTERS.map((part) => {
      const limit = linearQuantile(column, part);
      return column.map((value): Label => (value > limit ? 1 : 0));
    });
  });
}

function pairs(points: readonly Point[]): Label[][] {
  const chosen = points.length <= SHORT ? everyPair(points) : farPairs(points);
  return chosen.map((centers) => cheapestPath(lossesOf(points, centers), 0));
}

function everyPair(points: readonly Point[]): Centers[] {
  return points.flatMap((first, i) => points.slice(i + 1).map((second): Centers => [first, second]));
}

/** The second point is drawn with a probability in proportion to its squared distance from the first. @see k-means++. */
function farPairs(points: readonly Point[]): Centers[] {
  const { uniform } = randomStream(SEED);
  return Array.from({ length: DRAWS }, () => {
    const first = points[Math.floor(uniform() * points.length)] ?? [];
    const distances = points.map((point) => halfSquaredDistance(point, first));
    let left = uniform() * distances.reduce((total, distance) => total + distance, 0);
    const place = distances.findIndex((distance) => (left -= distance) < 0);
    return [first, points[Math.max(0, place)] ?? []];
  });
}
