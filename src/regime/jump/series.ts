// Turns returns into the points of the jump model, its fit to all of them, and the state of each by hindsight and online.
import { type Scale, jumpFeatures, scaleOf, standardized } from "./features.ts";
import { type JumpFit, fitJump } from "./fit.ts";
import { type JumpState, namesOf } from "./online.ts";
import { type Label, type Point, lossesOf, onlineLabels } from "./path.ts";

/** A fit to a whole series. */
export type FittedSeries = {
  /** Index of the return that the first point ends with. */
  readonly first: number;
  readonly points: readonly Point[];
  /** What the points were standardized with; `undefined` for points taken as they are. */
  readonly scale: Scale | undefined;
  readonly fit: JumpFit;
  /** What each label stands for; `undefined` where there is one state, or no return to tell by. */
  readonly names: readonly [JumpState, JumpState] | undefined;
  /** One a point: the last state of the cheapest path up to it, under the centers of the whole fit. */
  readonly online: readonly Label[];
};

/**
 * Fits the jump model to the features of returns, standardized over the whole series. The first label is bull.
 *
 * @param returns {1} Simple returns, oldest first.
 * @throws As {@link fitJump}.
 */
export function fitJumpToReturns(returns: readonly number[], penalty: number): FittedSeries {
  const { first, points: raw } = jumpFeatures(returns);
  const scale = scaleOf(raw);
  const points = standardized(raw, scale);
  const fitted = fitJump(points, penalty);
  const names = namesOf(fitted.labels, returns.slice(first));
  const fit = names?.[0] === "bear" ? swapped(fitted) : fitted;
  return { first, points, scale, fit, names: names && ["bull", "bear"], online: onlineOf(points, fit, penalty) };
}

/** Fits the jump model to points as they are. The first point has the first label. @throws As {@link fitJump}. */
export function fitJumpToPoints(points: readonly Point[], penalty: number): FittedSeries {
  const fitted = fitJump(points, penalty);
  const fit = fitted.labels[0] === 1 ? swapped(fitted) : fitted;
  return { first: 0, points, scale: undefined, fit, names: undefined, online: onlineOf(points, fit, penalty) };
}

function onlineOf(points: readonly Point[], { centers }: JumpFit, penalty: number): Label[] {
  return onlineLabels(lossesOf(points, centers), penalty);
}

function swapped(fit: JumpFit): JumpFit {
  return {
    ...fit,
    labels: fit.labels.map((label): Label => (label === 0 ? 1 : 0)),
    centers: [fit.centers[1], fit.centers[0]],
  };
}
