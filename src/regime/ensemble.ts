// Turns votes and the regime before into the regime now.
import { type IsoDate, dayNumber } from "../core/time.ts";
import type { RegimeParameters } from "./parameters.ts";
import type { Vote } from "./votes.ts";

/** Bull holds the index, bear holds stablecoins. */
export type Regime = "bull" | "bear";

/** Why the regime stays although the votes alone would change it, or could not be cast. */
export type HoldReason = "warm-up" | "missing-prices" | "dwell" | "flips";

/** The regime of the week before. */
export type RegimeState = {
  readonly regime: Regime;
  /** Date of the decision that began it; `undefined` since the start of the history. */
  readonly since: IsoDate | undefined;
  /** Dates of the decisions that returned to bull, oldest first. */
  readonly returns: readonly IsoDate[];
};

/** The regime of this week. */
export type RegimeVerdict = {
  /** {1} Share of yes votes; `undefined` while a vote lacks history. */
  readonly score: number | undefined;
  readonly heldBy: HoldReason | undefined;
  readonly next: RegimeState;
};

/** Before the first decision: in stablecoins. */
export const INITIAL_REGIME: RegimeState = { regime: "bear", since: undefined, returns: [] };

/**
 * Bull at a score of `bullAt` or more, bear at `bearAt` or less, otherwise as before. Held in bear until every vote has
 * its history, held as it is when too much of the index has no price, and a return to bull waits for dwell and flips.
 *
 * @param week `missingWeight` {1} is the share of the index without a price in the week before `date`.
 */
export function decideRegime(
  week: { readonly date: IsoDate; readonly votes: readonly Vote[]; readonly missingWeight: number },
  previous: RegimeState,
  parameters: RegimeParameters,
): RegimeVerdict {
  const score = scoreOf(week.votes);
  if (score === undefined) return { score, heldBy: "warm-up", next: previous };
  const wanted = regimeOfScore(score, previous.regime, parameters);
  return { score, ...settleRegime({ ...week, wanted }, previous, parameters) };
}

/**
 * The regime once a decider has said what it wants: held as it is when too much of the index has no price; a return to
 * bull waits for dwell and flips. Nothing else delays the way to bear.
 */
export function settleRegime(
  week: { readonly date: IsoDate; readonly wanted: Regime; readonly missingWeight: number },
  previous: RegimeState,
  parameters: RegimeParameters,
): Omit<RegimeVerdict, "score"> {
  const { date, wanted } = week;
  if (week.missingWeight > parameters.maxMissingWeight) return { heldBy: "missing-prices", next: previous };
  if (wanted === previous.regime) return { heldBy: undefined, next: previous };
  const heldBy = wanted === "bull" ? limitOnReturn(date, previous, parameters) : undefined;
  if (heldBy !== undefined) return { heldBy, next: previous };
  const returns = wanted === "bull" ? [...previous.returns, date] : previous.returns;
  return { heldBy: undefined, next: { regime: wanted, since: date, returns } };
}

/** {1} Share of yes votes; `undefined` while one lacks history. */
export function scoreOf(votes: readonly Vote[]): number | undefined {
  if (votes.some((vote) => vote.threshold === undefined)) return undefined;
  return votes.filter((vote) => vote.yes).length / votes.length;
}

/** What a score asks for: between the two thresholds, what was before. */
export function regimeOfScore(score: number, before: Regime, parameters: RegimeParameters): Regime {
  if (score >= parameters.bullAt) return "bull";
  return score <= parameters.bearAt ? "bear" : before;
}

function limitOnReturn(date: IsoDate, previous: RegimeState, parameters: RegimeParameters): HoldReason | undefined {
  const today = dayNumber(date);
  if (previous.since !== undefined && today - dayNumber(previous.since) < parameters.dwellDays) return "dwell";
  const recent = previous.returns.filter((day) => today - dayNumber(day) < parameters.returnsWindowDays);
  return recent.length >= parameters.maxReturns ? "flips" : undefined;
}
