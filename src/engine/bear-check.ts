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
import { type Decision, type IndexEntry, type RecordedVote, type TargetWeight, decisionHash } from "./decision.ts";
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

/** Everything that a check is taken from, beside the parameters. */
export type BearCheckInput = {
  readonly date: IsoDate;
  readonly close: IsoDate;
  readonly weekHash: Hex;
  /** Level of the index at the week's decision. */
  readonly weekLevel: number;
  /** Levels of the index at each decision up to the week's, oldest first. */
  readonly levels: readonly number[];
  /** The index of the week's decision. */
  readonly index: readonly IndexEntry[];
  /** {USD/wholeTok} Of the index, the last prices known within the seven days to the close, by coin id. */
  readonly closes: ReadonlyMap<string, number>;
};

/** A check with what it was taken from. */
export type BearCheckStep = {
  readonly input: BearCheckInput;
  readonly parameters: Parameters;
  readonly check: BearCheck;
};

/**
 * The check of a day: the votes, cast as if the week ended with the close before it. It says nothing while a vote lacks
 * history, or while too much of the index has no price.
 *
 * @param asked `opened` as for {@link decisionAt}.
 * @throws DateOutOfDataError when the data do not allow it.
 */
export function bearCheckAt(history: History, asked: AskedCheck, parameters: Parameters): BearCheck {
  return bearCheckStepAt(history, asked, parameters).check;
}

/** As {@link bearCheckAt}, with what the check was taken from. */
export function bearCheckStepAt(history: History, asked: AskedCheck, parameters: Parameters): BearCheckStep {
  const span = spanOf(history, parameters);
  const monday = decisionDate(asked.date, span);
  const levels: number[] = [];
  let week: Decision | undefined;
  for (const decision of decisionChain(history, { ...asked, first: span.first, last: monday }, parameters)) {
    levels.push(decision.indexLevel);
    week = decision;
  }
  const input = inputWithin(week as Decision, { history, levels, day: dayNumber(asked.date) - 1 }); // the span begins with a decision
  return { input, parameters, check: checkOf(input, parameters) };
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
export function checkWithin(week: Decision, at: CheckedDay, parameters: Parameters): BearCheck {
  return checkOf(inputWithin(week, at), parameters);
}

type AskedCheck = { readonly date: IsoDate; readonly opened?: IsoDate | undefined };
type CheckedDay = { readonly history: History; readonly levels: readonly number[]; readonly day: number };

function inputWithin(week: Decision, { history, levels, day }: CheckedDay): BearCheckInput {
  const all = closesOfWeek(composerAt(history, day), day);
  const closes = week.index.flatMap(({ coinId }): [string, number][] => {
    const close = all.get(coinId);
    return close === undefined ? [] : [[coinId, close]];
  });
  return {
    date: dateOfDay(day + 1),
    close: dateOfDay(day),
    weekHash: decisionHash(week),
    weekLevel: week.indexLevel,
    levels: [...levels],
    index: week.index,
    closes: new Map(closes),
  };
}

/** The check that follows from its input: a pure function of it and the parameters. */
export function checkOf(input: BearCheckInput, parameters: Parameters): BearCheck {
  const { date, close, weekHash, weekLevel, levels, index, closes } = input;
  const holdings = index.map(({ coinId, weightPpm, priceUsd }) => {
    return { coinId, weight: weightPpm / PPM, priceUsd: Number(priceUsd) };
  });
  const step = nextLevel(weekLevel, holdings, closes);
  const indexLevel = significant(step.level, LEVEL_DIGITS);
  const votes = castVotes([...levels, indexLevel], parameters.regime);
  const score = scoreOf(votes);
  const isKnown = score !== undefined && step.missingWeight <= parameters.regime.maxMissingWeight;
  const isBear = isKnown && regimeOfScore(score, "bull", parameters.regime) === "bear";
  return {
    date,
    close,
    weekHash,
    membershipRoot: membershipRoot(membersOf(index)),
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
