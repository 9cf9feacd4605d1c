// Turns market history into the chain of weekly decisions from its start.
import type { Hex } from "viem";

import { type IsoDate, addDays } from "../core/time.ts";
import type { Parameters } from "../config/schema.ts";
import type { History } from "../market/history.ts";
import { bitcoinCloses } from "../market/references.ts";
import { INITIAL_REGIME } from "../regime/ensemble.ts";
import { weeksNeeded } from "../regime/parameters.ts";
import { vacanciesAt } from "../universe/vacancies.ts";
import { type DecisionSpan, closeBefore, decisionDate, decisionSpan } from "./calendar.ts";
import { INITIAL_STATE, decide } from "./decide.ts";
import { type Decision, type DecisionState, decisionHash, stateAfter } from "./decision.ts";
import { EMPTY_DIGEST, extendDigest } from "./input-digest.ts";
import { type Snapshot, composerAt, takeSnapshot } from "./snapshot.ts";

/** Called once a week of the chain with the decision and the last Monday. */
export type ChainProgress = (decision: Decision, last: IsoDate) => void;

/**
 * The Mondays to decide on. A fund that follows the decisions from `opened` on has been in stablecoins until then and
 * has no turn behind it, whatever the index did before: dwell and flips count from there, as on chain.
 */
type Mondays = { readonly first: IsoDate; readonly last: IsoDate; readonly opened?: IsoDate | undefined };

/** A decision with all that it was taken from. */
export type DecisionStep = {
  readonly snapshot: Snapshot;
  readonly previous: DecisionState;
  /** Hash of the decision that left the state; none before the first. */
  readonly previousHash: Hex | undefined;
  readonly decision: Decision;
  readonly parameters: Parameters;
};

/**
 * Each Monday's decision from the start of the data to `last`, included. The decision of a Monday looks at no row dated
 * that Monday or later: it is the same on a history that ends on the Sunday before.
 */
export function decisionChain(
  history: History,
  range: Mondays,
  parameters: Parameters,
): Generator<Decision, void, void> {
  return decisionSteps(() => history, range, parameters);
}

/**
 * As {@link decisionChain}, each step on the history that is given for its Monday.
 *
 * @param historyOn Asked once a Monday, in ascending order.
 */
export function* decisionSteps(
  historyOn: (monday: IsoDate) => History,
  range: Mondays,
  parameters: Parameters,
): Generator<Decision, void, void> {
  for (const { decision } of openSteps(historyOn, range, parameters)) yield decision;
}

/** Everything but the hash, which takes as long as the decision and is seldom asked for. */
export type OpenStep = Omit<DecisionStep, "previousHash"> & { readonly before: Decision | undefined };

/** As {@link decisionSteps}, with all that each decision was taken from; {@link stepOf} completes one. */
export function* openSteps(
  historyOn: (monday: IsoDate) => History,
  range: Mondays,
  parameters: Parameters,
): Generator<OpenStep, void, void> {
  let state = INITIAL_STATE;
  let inputDigest = EMPTY_DIGEST;
  let before: Decision | undefined;
  let digested: { readonly provider: string; readonly day: number } | undefined;
  for (let monday = range.first; monday <= range.last; monday = addDays(monday, 7)) {
    const history = historyOn(monday);
    const close = closeBefore(monday);
    const composer = composerAt(history, close);
    const fromDay = digested?.provider === composer.provider ? digested.day + 1 : composer.firstDay;
    const references = bitcoinCloses(history, close);
    const list = vacanciesAt(composer, history.lists, close)?.list;
    const rows = { fromDay, toDay: close, flags: history.flags, references, list };
    inputDigest = extendDigest(inputDigest, composer, rows);
    digested = { provider: composer.provider, day: close };
    if (isOpening(monday, range.opened)) state = { ...state, regime: INITIAL_REGIME };
    const snapshot = takeSnapshot(history, { monday, inputDigest, parameters: parameters.universe });
    const decision = decide(snapshot, state, parameters);
    yield { snapshot, previous: state, before, decision, parameters };
    [state, before] = [stateAfter(state, decision, weeksNeeded(parameters.regime)), decision];
  }
}

function isOpening(monday: IsoDate, opened: IsoDate | undefined): boolean {
  return opened !== undefined && monday >= opened && addDays(monday, -7) < opened;
}

/** Which decision is asked for: that of the Monday of the date's week. */
type Asked = { readonly date: IsoDate; readonly opened?: IsoDate | undefined; readonly progress?: ChainProgress };

/**
 * The decision in force at 00:30 of `asked.date`: that of the Monday of its week, recomputed from the start of the data.
 *
 * @throws DateOutOfDataError when the data do not allow it.
 */
export function decisionAt(history: History, asked: Asked, parameters: Parameters): Decision {
  return stepAt(history, asked, parameters).decision;
}

/** As {@link decisionAt}, with all that the decision was taken from. */
export function stepAt(history: History, asked: Asked, parameters: Parameters): DecisionStep {
  const span = spanOf(history, parameters);
  const monday = decisionDate(asked.date, span);
  let found: OpenStep | undefined;
  for (const step of openSteps(() => history, { ...asked, first: span.first, last: monday }, parameters)) {
    asked.progress?.(step.decision, monday);
    found = step;
  }
  return stepOf(found as OpenStep); // the span begins with a decision
}

/** A step with the hash of the decision before. */
export function stepOf({ before, ...step }: OpenStep): DecisionStep {
  return { ...step, previousHash: before && decisionHash(before) };
}

/**
 * The decisions of the Mondays in `[from, to)`, oldest first, as a keeper would have taken them.
 *
 * @throws DateOutOfDataError when a Monday in the range is outside the data.
 */
export function* decisionsBetween(
  history: History,
  range: { readonly from: IsoDate; readonly to: IsoDate; readonly opened?: IsoDate | undefined },
  parameters: Parameters,
): Generator<Decision, void, void> {
  const span = spanOf(history, parameters);
  decisionDate(range.from, span);
  const last = decisionDate(addDays(range.to, -1), span);
  for (const decision of decisionChain(history, { ...range, first: span.first, last }, parameters)) {
    if (decision.date >= range.from) yield decision;
  }
}

/** First and last date that can be decided on. @throws DateOutOfDataError when there is none. */
export function spanOf(history: History, parameters: Parameters): DecisionSpan {
  return decisionSpan(history, parameters.universe.minListedDays);
}
