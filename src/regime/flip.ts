// Turns the index's levels and the regime into what would change it at the next Sunday's close.
import { at } from "../core/statistics.ts";
import { type IsoDate, addDays, dayNumber } from "../core/time.ts";
import type { Regime, RegimeState } from "./ensemble.ts";
import { type RegimeParameters, weeksNeeded } from "./parameters.ts";

/** The level at which the regime changes. */
export type Flip = {
  readonly to: Regime;
  /** The Sunday whose close it is about. */
  readonly close: IsoDate;
  /** To bear at this level or below it, to bull above it. */
  readonly level: number;
  /** {1} That level over the one now, less 1. */
  readonly distance: number;
  /** The first Monday at which the limits on returns allow it; `null` where nothing delays it. */
  readonly notBefore: IsoDate | null;
};

/**
 * What the next close would have to be for the votes to ask for the other regime.
 *
 * A mean that the next close is part of is passed where the close passes the mean of the others: x > (S + x)/n is
 * x > S/(n − 1).
 *
 * @param levels Weekly levels up to `close`, oldest first.
 * @returns `undefined` while the history is too short for every vote.
 */
export function nextFlip(
  levels: readonly number[],
  now: { readonly close: IsoDate; readonly state: RegimeState },
  parameters: RegimeParameters,
): Flip | undefined {
  if (levels.length + 1 < weeksNeeded(parameters)) return undefined;
  const thresholds = thresholdsOf(levels, parameters).sort((a, b) => a - b);
  const to = now.state.regime === "bull" ? "bear" : "bull";
  const close = addDays(now.close, 7);
  const level = at(thresholds, flipIndex(to, thresholds.length, parameters));
  if (Number.isNaN(level)) return undefined; // no level asks for it: the threshold is above 1 or below 0
  const distance = level / at(levels, levels.length - 1) - 1;
  const notBefore = to === "bear" ? null : firstReturn(addDays(close, 1), now.state, parameters);
  return { to, close, level, distance, notBefore };
}

/** What the next close has to be above for each vote to be yes. */
function thresholdsOf(levels: readonly number[], { meanWeeks, momentumWeeks }: RegimeParameters): number[] {
  const means = meanWeeks.map((weeks) => levels.slice(1 - weeks).reduce((sum, level) => sum + level, 0) / (weeks - 1));
  return [...means, ...momentumWeeks.map((weeks) => at(levels, levels.length - weeks))];
}

/** Which of the ascending thresholds decides: as many votes are yes as thresholds lie below the close. */
function flipIndex(to: Regime, votes: number, { bullAt, bearAt }: RegimeParameters): number {
  const counts = Array.from({ length: votes + 1 }, (_, yes) => yes);
  if (to === "bull") return counts.findIndex((yes) => yes / votes >= bullAt) - 1;
  return counts.findLastIndex((yes) => yes / votes <= bearAt);
}

/** The first Monday from `monday` on at which dwell and the number of returns allow one more. */
function firstReturn(monday: IsoDate, { since, returns }: RegimeState, parameters: RegimeParameters): IsoDate {
  const { dwellDays, maxReturns, returnsWindowDays } = parameters;
  let date = monday;
  const isHeld = (): boolean => {
    const today = dayNumber(date);
    if (since !== undefined && today - dayNumber(since) < dwellDays) return true;
    return returns.filter((day) => today - dayNumber(day) < returnsWindowDays).length >= maxReturns;
  };
  while (isHeld()) date = addDays(date, 7);
  return date;
}

/** {1} [0, 1] Share of the votes on the side of the regime; `undefined` without a score. */
export function confidenceOf(regime: Regime, score: number | null): number | undefined {
  if (score === null) return undefined;
  return regime === "bull" ? score : 1 - score;
}
