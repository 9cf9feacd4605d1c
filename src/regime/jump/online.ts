// Turns returns into the state of each period as it could be known then.
import { OutOfRangeError } from "../../core/errors.ts";
import { mean } from "../../core/statistics.ts";
import { jumpFeatures, scaleOf, standardized } from "./features.ts";
import { type JumpFit, fitJump } from "./fit.ts";
import { type Label, type Point, lossesOf, onlineLabels } from "./path.ts";

/** The state of the jump model that stands for a regime. */
export type JumpState = "bull" | "bear";

/** When the model is fitted again, each time to all that is known then. */
export type RefitPlan = {
  /** {1} Price of a change of state. */
  readonly penalty: number;
  /** {period} Points that the first fit needs, 2 or more. */
  readonly warmUp: number;
  /** {period} Points from one fit to the next, 1 or more. */
  readonly every: number;
};

/**
 * Which state each label stands for: bull is the one with the higher mean return.
 *
 * @param returns {1} Of the labels' periods.
 * @returns `undefined` where one state takes all periods: there is nothing to tell apart.
 */
export function namesOf(
  labels: readonly Label[],
  returns: readonly number[],
): readonly [JumpState, JumpState] | undefined {
  const first = returns.filter((_, t) => labels[t] === 0);
  const second = returns.filter((_, t) => labels[t] === 1);
  if (first.length === 0 || second.length === 0) return undefined;
  return mean(first) >= mean(second) ? ["bull", "bear"] : ["bear", "bull"];
}

/** Fits the model to points under a penalty: {@link fitJump}, or a function that remembers what it gave. */
export type JumpFitter = (points: readonly Point[], penalty: number) => JumpFit;

/**
 * The state at the end of each period by a model fitted to the past alone: scale, centers and names come from the last
 * refit, the state is the end of the cheapest path through all points so far.
 *
 * @param returns {1} Simple returns, oldest first.
 * @returns One state a return; `undefined` before the first fit and under a fit that found one state only.
 * @throws OutOfRangeError for a plan out of its ranges.
 */
export function expandingStates(
  returns: readonly number[],
  plan: RefitPlan,
  fitter: JumpFitter = fitJump,
): (JumpState | undefined)[] {
  const { penalty, warmUp, every } = plan;
  if (!Number.isInteger(warmUp) || warmUp < 2) throw new OutOfRangeError("warm-up", warmUp, "a whole number from 2");
  if (!Number.isInteger(every) || every < 1)
    throw new OutOfRangeError("refit interval", every, "a whole number from 1");
  const { first, points } = jumpFeatures(returns);
  const states: (JumpState | undefined)[] = returns.map(() => undefined);
  for (let known = warmUp; known <= points.length; known += every) {
    const scale = scaleOf(points.slice(0, known));
    const fit = fitter(standardized(points.slice(0, known), scale), penalty);
    const names = namesOf(fit.labels, returns.slice(first, first + known));
    const until = Math.min(points.length, known - 1 + every);
    const labels = onlineLabelsOf(fit, standardized(points.slice(0, until), scale), penalty);
    labels.slice(known - 1).forEach((label, i) => (states[first + known - 1 + i] = names?.[label]));
  }
  return states;
}

function onlineLabelsOf({ centers }: JumpFit, points: readonly (readonly number[])[], penalty: number): Label[] {
  return onlineLabels(lossesOf(points, centers), penalty);
}
