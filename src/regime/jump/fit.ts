// Turns points into two states with a center each that are left as rarely as it pays.
import { AppError, OutOfRangeError } from "../../core/errors.ts";
import { at } from "../../core/statistics.ts";
import {
  type Centers,
  type Label,
  type Point,
  changesOf,
  cheapestPath,
  halfSquaredDistance,
  lossesOf,
} from "./path.ts";
import { jumpStarts } from "./starts.ts";

/** Far more than are ever needed: each step lowers the objective, and there are finitely many divisions. */
const MOST_STEPS = 1000;
/** {1} Objectives within this share of the best are the same optimum. */
const SAME_OBJECTIVE = 1e-9;

/** There is nothing to fit. */
export class NoPointsError extends AppError {
  readonly code = "NO_POINTS";
  readonly kind = "data";

  constructor() {
    super("Expected returns of which one at least is negative, found none. Give a longer series.");
  }
}

/** A fit of the jump model. */
export type JumpFit = {
  /** One a point. */
  readonly labels: readonly Label[];
  /** Mean of the points of each state; both the same where one state takes all points. */
  readonly centers: Centers;
  /** Σ ½·|x − c|² + penalty · changes */
  readonly objective: number;
  readonly changes: number;
  /** How many starts were made, and how many came to this objective. */
  readonly starts: { readonly tried: number; readonly agreeing: number };
};

type Division = { readonly labels: readonly Label[]; readonly centers: Centers; readonly objective: number };

/**
 * Fits the two-state statistical jump model: minimizes Σ ½·|x_t − c(s_t)|² + penalty · (number of changes) over states
 * and centers, by turns (centers are means, states the cheapest path) from many starts.
 *
 * @param points Coordinates of equal scale, oldest first.
 * @param penalty {1} Zero or more.
 * @throws NoPointsError for an empty list; OutOfRangeError for a negative or infinite penalty.
 * @see Bemporad, Breschi, Piga, Boyd (2018), Fitting jump models; Nystrup, Lindström, Madsen (2020).
 */
export function fitJump(points: readonly Point[], penalty: number): JumpFit {
  if (points.length === 0) throw new NoPointsError();
  if (!(penalty >= 0 && penalty < Number.POSITIVE_INFINITY)) {
    throw new OutOfRangeError("jump penalty", penalty, "zero or more and finite");
  }
  const divisions = jumpStarts(points).map((start) => descend(points, start, penalty));
  const objectives = divisions.map(({ objective }) => objective);
  const least = Math.min(...objectives);
  const best = divisions[objectives.indexOf(least)] ?? descend(points, [], penalty);
  const agreeing = objectives.filter((objective) => objective <= least * (1 + SAME_OBJECTIVE)).length;
  return { ...best, changes: changesOf(best.labels), starts: { tried: divisions.length, agreeing } };
}

function descend(points: readonly Point[], start: readonly Label[], penalty: number): Division {
  let labels = start;
  let centers = centersOf(points, labels);
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = cheapestPath(lossesOf(points, centers), penalty);
    if (next.every((label, t) => label === labels[t])) break;
    labels = next;
    centers = centersOf(points, labels);
  }
  return { labels, centers, objective: objectiveOf(points, labels, penalty) };
}

/** Σ ½·|x − c|² + penalty · changes of a division, with the best centers for it. */
export function objectiveOf(points: readonly Point[], labels: readonly Label[], penalty: number): number {
  const centers = centersOf(points, labels);
  const loss = points.reduce((total, point, t) => total + halfSquaredDistance(point, centers[labels[t] ?? 0]), 0);
  return loss + penalty * changesOf(labels);
}

/** Mean of the points of each state; a state without points has the center of the other. */
function centersOf(points: readonly Point[], labels: readonly Label[]): Centers {
  const first = centerOf(points.filter((_, t) => labels[t] !== 1));
  const second = centerOf(points.filter((_, t) => labels[t] === 1));
  return [first ?? second ?? [], second ?? first ?? []];
}

function centerOf(points: readonly Point[]): Point | undefined {
  if (points.length === 0) return undefined;
  return points[0]?.map((_, i) => points.reduce((total, point) => total + at(point, i), 0) / points.length);
}
