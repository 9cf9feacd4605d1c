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
  const divisions = descents(points, jumpStarts(points), penalty);
  const objectives = divisions.map(({ objective }) => objective);
  const least = Math.min(...objectives);
  const best = divisions[objectives.indexOf(least)] as Division; // the undivided sample is a start
  const agreeing = objectives.filter((objective) => objective <= least * (1 + SAME_OBJECTIVE)).length;
  return { ...best, changes: changesOf(best.labels), starts: { tried: divisions.length, agreeing } };
}

/**
 * Where each start comes to. A step depends on the labels alone, so that a descent which meets an earlier one ends where
 * that did, and is not walked again.
 */
function descents(points: readonly Point[], starts: readonly (readonly Label[])[], penalty: number): Division[] {
  const known = new Map<string, Division>();
  return starts.map((start) => {
    const met: string[] = [];
    let labels = start;
    let end = known.get(labels.join(""));
    while (end === undefined) {
      met.push(labels.join(""));
      const centers = centersOf(points, labels);
      const next = cheapestPath(lossesOf(points, centers), penalty);
      const isEnd = met.length > MOST_STEPS || next.every((label, t) => label === labels[t]);
      end = isEnd ? { labels, centers, objective: objectiveOf(points, labels, penalty) } : known.get(next.join(""));
      labels = next;
    }
    for (const key of met) known.set(key, end);
    return end;
  });
}

/** Σ ½·|x − c|² + penalty · changes of a division, with the best centers for it. */
export function objectiveOf(points: readonly Point[], labels: readonly Label[], penalty: number): number {
  const centers = centersOf(points, labels);
  const loss = points.reduce((total, point, t) => total + halfSquaredDistance(point, centers[labels[t] ?? 0]), 0);
  return loss + penalty * changesOf(labels);
}

/** Mean of the points of each state; a state without points has the center of the other. */
function centersOf(points: readonly Point[], labels: readonly Label[]): Centers {
  const isSecond = (t: number): boolean => labels[t] === 1;
  const first = centerOf(points, (t) => !isSecond(t));
  const second = centerOf(points, isSecond);
  return [first ?? second ?? [], second ?? first ?? []];
}

/** Mean of the points at the chosen places, summed in their order. */
function centerOf(points: readonly Point[], isIn: (t: number) => boolean): Point | undefined {
  const total = new Float64Array(points[0]?.length ?? 0);
  let count = 0;
  points.forEach((point, t) => {
    if (!isIn(t)) return;
    count++;
    for (let i = 0; i < total.length; i++) total[i] = at(total, i) + at(point, i);
  });
  return count === 0 ? undefined : Array.from(total, (sum) => sum / count);
}
