// Turns votes and the regime before into the regime now.
import { type IsoDate, dayNumber } from "../core/time.ts";
import { type DataHold, type DataQuality, dataHolds } from "./data-quality.ts";
import type { RegimeParameters } from "./parameters.ts";
import type { Vote } from "./votes.ts";

/** Bull holds the index, bear holds stablecoins. */
export type Regime = "bull" | "bear";

/** Why the regime stays although the votes alone would change it, or could not be cast. */
export type HoldReason = "warm-up" | DataHold | "dwell" | "flips";

/** The regime of the week before. */
export type RegimeState = {
  readonly regime: Regime;
  /** Date of the decision that began it; `undefined` since the start of the history. */
  readonly since: IsoDate | undefined;
  /** Dates of the decisions that returned to bull, oldest first. */
  readonly returns: readonly IsoDate[];
  /** Date of the first of the decisions in a row that were taken on bad data; `undefined` after a sound week. */
  readonly badDataSince: IsoDate | undefined;
};

/** The regime of this week. */
export type RegimeVerdict = {
  /** {1} Share of yes votes; `undefined` while a vote lacks history. */
  readonly score: number | undefined;
  readonly heldBy: HoldReason | undefined;
  readonly next: RegimeState;
};

/** Before the first decision: in stablecoins. */
export const INITIAL_REGIME: RegimeState = { regime: "bear", since: undefined, returns: [], badDataSince: undefined };

/**
 * Bull at a score of `bullAt` or more, bear at `bearAt` or less, otherwise as before. Held in bear until every vote has
 * its history, held as it is on bad data, and a return to bull waits for dwell and flips.
 */
export function decideRegime(
  week: { readonly date: IsoDate; readonly votes: readonly Vote[]; readonly quality: DataQuality },
  previous: RegimeState,
  parameters: RegimeParameters,
): RegimeVerdict {
  const score = scoreOf(week.votes);
  if (score === undefined) return { score, heldBy: "warm-up", next: previous };
  const wanted = regimeOfScore(score, previous.regime, parameters);
  return { score, ...settleRegime({ ...week, wanted }, previous, parameters) };
}

/**
 * The regime once a decider has said what it wants: held as it is on bad data; a return to bull waits for dwell and
 * flips. Nothing else delays the way to bear, and bad data delay it by `maxHoldDays` at most.
 *
 * @param week `quality` is `undefined` on a day that closes no week: its data are not judged.
 */
export function settleRegime(
  week: { readonly date: IsoDate; readonly wanted: Regime; readonly quality: DataQuality | undefined },
  previous: RegimeState,
  parameters: RegimeParameters,
): Omit<RegimeVerdict, "score"> {
  const { date, wanted, quality } = week;
  const [hold] = quality === undefined ? [] : dataHolds(quality, parameters);
  const state = quality === undefined ? previous : { ...previous, badDataSince: badSince(hold, date, previous) };
  if (hold !== undefined && !isOverdueExit(date, wanted, { state, parameters })) return { heldBy: hold, next: state };
  if (wanted === previous.regime) return { heldBy: undefined, next: state };
  const heldBy = wanted === "bull" ? limitOnReturn(date, previous, parameters) : undefined;
  if (heldBy !== undefined) return { heldBy, next: state };
  const returns = wanted === "bull" ? [...previous.returns, date] : previous.returns;
  return { heldBy: undefined, next: { ...state, regime: wanted, since: date, returns } };
}

function badSince(hold: DataHold | undefined, date: IsoDate, previous: RegimeState): IsoDate | undefined {
  return hold === undefined ? undefined : (previous.badDataSince ?? date);
}

/** Whether bad data have delayed the way to bear for as long as they may. */
function isOverdueExit(
  date: IsoDate,
  wanted: Regime,
  { state, parameters }: { readonly state: RegimeState; readonly parameters: RegimeParameters },
): boolean {
  if (wanted !== "bear" || state.regime !== "bull" || state.badDataSince === undefined) return false;
  return dayNumber(date) - dayNumber(state.badDataSince) >= parameters.maxHoldDays;
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
