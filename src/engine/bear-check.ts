// Turns market history and a day into whether to leave the market on it, between two weekly decisions.
import type { Hex } from "viem";

import type { Parameters } from "../config/schema.ts";
import { type Json, canonicalHash } from "../core/canonical-json.ts";
import { significant } from "../core/rounding.ts";
import { type IsoDate, dateOfDay, dayNumber } from "../core/time.ts";
import { PPM, ppm } from "../core/units.ts";
import type { History } from "../market/history.ts";
import { regimeOfScore, scoreOf } from "../regime/ensemble.ts";
import { castVotes } from "../regime/votes.ts";
import { nextLevel } from "../universe/index-level.ts";
import { decisionDate } from "./calendar.ts";
import { type Decision, type RecordedVote, type TargetWeight, decisionHash } from "./decision.ts";
import { membersOf, membershipRoot } from "./membership.ts";
import { decisionChain, spanOf } from "./run.ts";
import { closesOfWeek, composerAt } from "./snapshot.ts";

/** Significant digits of levels and thresholds, as in a decision. */
const LEVEL_DIGITS = 12;

/** What a day's close says: everything that was looked at. Its keys and values are plain JSON. */
export type BearCheck = {
  /** The day on which it is taken, at 00:30 UTC. */
  readonly date: IsoDate;
  /** The day before, whose close is the last data. */
  readonly close: IsoDate;
  /** Hash of the decision of the week's Monday, whose index is carried on. */
  readonly weekHash: Hex;
  readonly membershipRoot: Hex;
  /** Level of the index at the close, 12 significant digits. */
  readonly indexLevel: number;
  readonly votes: readonly RecordedVote[];
  /** {1} Share of yes votes; `null` while a vote lacks history. */
  readonly score: number | null;
  /** {1} Share of the index without a price in the seven days to the close, 12 significant digits. */
  readonly missingWeight: number;
  /** A check never leads into the market. */
  readonly verdict: "leave" | "stay";
  /** What is held after leaving. */
  readonly weights: readonly TargetWeight[];
};

/**
 * The check of a day: the votes, cast as if the week ended with the close before it. It says nothing while a vote lacks
 * history, or while too much of the index has no price.
 *
 * @param asked `opened` as for {@link decisionAt}.
 * @throws DateOutOfDataError when the data do not allow it.
 */
export function bearCheckAt(
  history: History,
  asked: { readonly date: IsoDate; readonly opened?: IsoDate | undefined },
  parameters: Parameters,
): BearCheck {
  const span = spanOf(history, parameters);
  const monday = decisionDate(asked.date, span);
  const levels: number[] = [];
  let week: Decision | undefined;
  for (const decision of decisionChain(history, { ...asked, first: span.first, last: monday }, parameters)) {
    levels.push(decision.indexLevel);
    week = decision;
  }
  return checkWithin(week as Decision, { history, levels, day: dayNumber(asked.date) - 1 }, parameters); // the span begins with a decision
}

/** keccak-256 of the check's canonical JSON. */
export function bearCheckHash(check: BearCheck): Hex {
  return canonicalHash(check satisfies Json);
}

/**
 * The check of a day of a week whose decision is known.
 *
 * @param week Its decision.
 * @param at `levels` of the index at each decision up to the week's, oldest first; `day`, whose close is checked.
 */
export function checkWithin(
  week: Decision,
  { history, levels, day }: { readonly history: History; readonly levels: readonly number[]; readonly day: number },
  parameters: Parameters,
): BearCheck {
  const holdings = week.index.map(({ coinId, weightPpm, priceUsd }) => {
    return { coinId, weight: weightPpm / PPM, priceUsd: Number(priceUsd) };
  });
  const step = nextLevel(week.indexLevel, holdings, closesOfWeek(composerAt(history, day), day));
  const indexLevel = significant(step.level, LEVEL_DIGITS);
  const votes = castVotes([...levels, indexLevel], parameters.regime);
  const score = scoreOf(votes);
  const isKnown = score !== undefined && step.missingWeight <= parameters.regime.maxMissingWeight;
  const isBear = isKnown && regimeOfScore(score, "bull", parameters.regime) === "bear";
  return {
    date: dateOfDay(day + 1),
    close: dateOfDay(day),
    weekHash: decisionHash(week),
    membershipRoot: membershipRoot(membersOf(week.index)),
    indexLevel,
    votes: votes.map((vote) => {
      const threshold = vote.threshold === undefined ? null : significant(vote.threshold, LEVEL_DIGITS);
      return { name: vote.name, level: vote.level, threshold, yes: vote.yes };
    }),
    score: score ?? null,
    missingWeight: significant(step.missingWeight, LEVEL_DIGITS),
    verdict: isBear ? "leave" : "stay",
    weights: parameters.stableBasket.map(({ coinId, symbol, weightPpm }) => {
      return { coinId, symbol, weightPpm: ppm(weightPpm) };
    }),
  };
}
