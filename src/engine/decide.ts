// Turns a snapshot of the market and the decision before into this week's decision. Backtest, replay and keeper share it.
import { canonicalHash } from "../core/canonical-json.ts";
import { decimalText, significant } from "../core/rounding.ts";
import { addDays, dateOfDay, dayNumber, startOfDay, weekOf } from "../core/time.ts";
import { PPM, type Ppm, ppm } from "../core/units.ts";
import type { Parameters } from "../config/schema.ts";
import { CAPS, withinCaps } from "../plan/caps.ts";
import { toPpm } from "../plan/targets.ts";
import { INITIAL_REGIME, type Regime, type RegimeState, decideRegime } from "../regime/ensemble.ts";
import { type Vote, castVotes } from "../regime/votes.ts";
import { BASE_LEVEL, type LevelStep, nextLevel } from "../universe/index-level.ts";
import { type Standing, type Universe, type UniverseMember, composeUniverse } from "../universe/universe.ts";
import { isInHole } from "../universe/vacancies.ts";
import { capWeights } from "../universe/weights.ts";
import {
  type CappedName,
  DEPOSIT_COIN,
  type Decision,
  type DecisionState,
  type IndexEntry,
  METHODOLOGY_VERSION,
  type RecordedVote,
  type TargetWeight,
} from "./decision.ts";
import { defectsOf, qualityOf } from "./quality.ts";
import type { Snapshot } from "./snapshot.ts";

/** Before the first decision: no index, and in stablecoins. */
export const INITIAL_STATE: DecisionState = {
  levels: [],
  index: [],
  provider: undefined,
  regime: INITIAL_REGIME,
  target: undefined,
};

/** The caps that go by the coin; every other coin of the index has that of an asset with a feed. */
const CAP_BY_COIN: ReadonlyMap<string, Ppm> = new Map([
  ["bitcoin", CAPS.bitcoin],
  ["ethereum", CAPS.ether],
]);
/** Significant digits of levels and prices in a decision. */
const LEVEL_DIGITS = 12;
/** Significant digits of market caps. */
const CAP_DIGITS = 8;

/**
 * The decision of one Monday. Pure: the same arguments give the same bytes.
 *
 * @param previous The state after the decision of the Monday before, or {@link INITIAL_STATE}.
 */
export function decide(snapshot: Snapshot, previous: DecisionState, parameters: Parameters): Decision {
  const step = levelStep(snapshot, previous);
  const votes = castVotes([...previous.levels, step.level], parameters.regime);
  const universe = composeUniverse(snapshot.coins, standing(snapshot, previous), parameters.universe);
  const index = indexEntries(universe.members);
  const quality = qualityOf(snapshot, step, { index, members: universe.members });
  const week = { date: snapshot.date, votes, quality };
  const verdict = decideRegime(week, previous.regime, parameters.regime);
  const target = targetOf(verdict.next, index, { previous, parameters });
  return {
    methodology: METHODOLOGY_VERSION,
    parametersHash: canonicalHash(parameters),
    week: weekOf(startOfDay(snapshot.date)),
    date: snapshot.date,
    asOfTime: `${snapshot.date}T00:30:00Z`,
    close: snapshot.close,
    provider: snapshot.provider,
    inputDigest: snapshot.inputDigest,
    indexLevel: step.level,
    votes: votes.map(recordVote),
    score: verdict.score ?? null,
    previousRegime: previous.regime.regime,
    regime: verdict.next.regime,
    regimeSince: verdict.next.since ?? null,
    heldBy: verdict.heldBy ?? null,
    dataQuality: quality,
    references: snapshot.references.map(({ source, priceUsd }) => ({
      source,
      priceUsd: decimalText(priceUsd, LEVEL_DIGITS),
    })),
    defects: defectsOf(quality, snapshot, parameters.regime),
    badDataSince: verdict.next.badDataSince ?? null,
    returns: recentReturns(snapshot, verdict.next, parameters),
    weights: target.weights,
    capped: target.capped,
    index,
    eligible: universe.eligible,
    excluded: universe.excluded,
    notices: notices(snapshot, { step, universe }, parameters),
  };
}

function standing(snapshot: Snapshot, previous: DecisionState): Standing {
  return { members: membersBefore(snapshot, previous), vacantAfter: snapshot.vacancies?.after ?? [] };
}

// Ids of another provider are another namespace: its members do not carry over.
function membersBefore(snapshot: Snapshot, previous: DecisionState): ReadonlySet<string> {
  if (previous.provider !== snapshot.provider) return new Set();
  return new Set(previous.index.map((entry) => entry.coinId));
}

function levelStep(snapshot: Snapshot, previous: DecisionState): LevelStep {
  const before = previous.levels.at(-1);
  if (before === undefined) return { level: BASE_LEVEL, missingWeight: 0, missingNames: 0, missing: [] };
  const holdings = previous.index.map((entry) => ({
    coinId: entry.coinId,
    weight: entry.weightPpm / PPM,
    priceUsd: Number(entry.priceUsd),
  }));
  const step = nextLevel(before, holdings, snapshot.valuation.closes);
  return { ...step, level: significant(step.level, LEVEL_DIGITS) };
}

function indexEntries(members: readonly UniverseMember[]): IndexEntry[] {
  const weights = toPpm(capWeights(members.map((member) => member.capUsd)));
  return members.map((member, i) => ({
    coinId: member.coinId,
    symbol: member.symbol,
    weightPpm: weights[i] ?? ppm(0),
    rank: member.rank,
    averageCapUsd: decimalText(member.averageCapUsd, CAP_DIGITS),
    capUsd: decimalText(member.capUsd, CAP_DIGITS),
    priceUsd: decimalText(member.priceUsd, LEVEL_DIGITS),
    inclusion: member.inclusion,
  }));
}

type Target = Pick<Decision, "weights" | "capped">;

/** What is to be held. Within bull, bad data change nothing of what was: they are no reason to trade. */
function targetOf(
  { regime, badDataSince }: RegimeState,
  index: readonly IndexEntry[],
  { previous, parameters }: { readonly previous: DecisionState; readonly parameters: Parameters },
): Target {
  const isKept = regime === "bull" && previous.regime.regime === "bull" && badDataSince !== undefined;
  if (isKept && previous.target !== undefined) return previous.target;
  const weights = targetWeights(regime, index, parameters);
  return { weights, capped: regime === "bull" ? cappedNames(index, weights) : [] };
}

// An index without a single name, in the first weeks of the data, leaves nothing but stablecoins to hold.
function targetWeights(regime: Regime, index: readonly IndexEntry[], parameters: Parameters): TargetWeight[] {
  if (regime === "bull" && index.length > 0) {
    return cappedWeights(index);
  }
  return parameters.stableBasket.map(({ coinId, symbol, weightPpm }) => ({
    coinId,
    symbol,
    weightPpm: ppm(weightPpm),
  }));
}

/** The index within the caps that the chain sets to coins with a feed; what none has room for stays in cash. */
function cappedWeights(index: readonly IndexEntry[]): TargetWeight[] {
  const { parts, rest } = withinCaps(
    index.map(({ coinId, weightPpm }) => ({
      part: weightPpm,
      cap: CAP_BY_COIN.get(coinId) ?? CAPS.feed,
      isPooled: false,
    })),
  );
  const held = index.map(({ coinId, symbol }, i) => ({ coinId, symbol, weightPpm: parts[i] ?? ppm(0) }));
  return rest === 0 ? held : [...held, { ...DEPOSIT_COIN, weightPpm: rest }];
}

function cappedNames(index: readonly IndexEntry[], weights: readonly TargetWeight[]): CappedName[] {
  return index.flatMap(({ coinId, weightPpm: indexPpm }, i) => {
    const cut = indexPpm - (weights[i]?.weightPpm ?? 0);
    return cut > 0 ? [{ coinId, indexPpm, cutPpm: ppm(cut) }] : [];
  });
}

function recordVote(vote: Vote): RecordedVote {
  const threshold = vote.threshold === undefined ? null : significant(vote.threshold, LEVEL_DIGITS);
  return { name: vote.name, level: vote.level, threshold, yes: vote.yes };
}

function recentReturns(snapshot: Snapshot, regime: RegimeState, parameters: Parameters): Decision["returns"] {
  const start = addDays(snapshot.date, -parameters.regime.returnsWindowDays);
  return regime.returns.filter((date) => date > start);
}

function notices(
  snapshot: Snapshot,
  found: { readonly step: LevelStep; readonly universe: Universe },
  parameters: Parameters,
): string[] {
  const { step, universe } = found;
  const stale = universe.members.filter((member) => member.priceAgeDays > 0);
  return [
    ...holeNotices(snapshot, universe.vacant),
    ...(universe.members.length + universe.vacant < parameters.universe.size
      ? [`the index holds ${universe.members.length} of ${parameters.universe.size} names: no more are eligible`]
      : []),
    ...step.missing.map((coinId) => `${coinId}: no price in the week to ${snapshot.close}, counted as no return`),
    ...stale.map(
      (member) => `${member.coinId}: gap, last price is ${member.priceAgeDays} days before ${snapshot.close}`,
    ),
  ];
}

// From 2018-04 to 2019-12 coins that died since have no price: who they were, the ranked lists know.
function holeNotices({ provider, close, vacancies }: Snapshot, vacant: number): string[] {
  if (!isInHole({ provider }, dayNumber(close))) return [];
  const hole = "hole in the prices: from 2018-04 to 2019-12 no source has those of the coins that died since";
  if (vacancies === undefined) return [`${hole}, and no ranked list of the last 49 days holds their places`];
  const { list, places, capShare } = vacancies;
  return [
    `${hole}: by the ranked list of ${dateOfDay(list.day)}, ${places} of the 100 largest with ` +
      `${(100 * capShare).toFixed(2)} % of their market cap; ${vacant} of the index's places stay empty`,
  ];
}
