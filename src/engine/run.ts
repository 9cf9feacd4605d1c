// Turns market history into the chain of weekly decisions from its start.
import { type IsoDate, addDays } from "../core/time.ts";
import type { Parameters } from "../config/schema.ts";
import type { History } from "../market/history.ts";
import { weeksNeeded } from "../regime/parameters.ts";
import { type DecisionSpan, closeBefore, decisionDate, decisionSpan } from "./calendar.ts";
import { INITIAL_STATE, decide } from "./decide.ts";
import { type Decision, stateAfter } from "./decision.ts";
import { EMPTY_DIGEST, extendDigest } from "./input-digest.ts";
import { composerAt, takeSnapshot } from "./snapshot.ts";

/** Called once a week of the chain with the Monday and the last one. */
export type ChainProgress = (monday: IsoDate, last: IsoDate) => void;

/**
 * Each Monday's decision from the start of the data to `last`, included. The decision of a Monday looks at no row dated
 * that Monday or later: it is the same on a history that ends on the Sunday before.
 */
export function* decisionChain(
  history: History,
  range: { readonly first: IsoDate; readonly last: IsoDate },
  parameters: Parameters,
): Generator<Decision, void, void> {
  let state = INITIAL_STATE;
  let inputDigest = EMPTY_DIGEST;
  let digested: { readonly provider: string; readonly day: number } | undefined;
  for (let monday = range.first; monday <= range.last; monday = addDays(monday, 7)) {
    const close = closeBefore(monday);
    const composer = composerAt(history, close);
    const fromDay = digested?.provider === composer.provider ? digested.day + 1 : composer.firstDay;
    inputDigest = extendDigest(inputDigest, composer, { fromDay, toDay: close, flags: history.flags });
    digested = { provider: composer.provider, day: close };
    const decision = decide(
      takeSnapshot(history, { monday, inputDigest, parameters: parameters.universe }),
      state,
      parameters,
    );
    state = stateAfter(state, decision, weeksNeeded(parameters.regime));
    yield decision;
  }
}

/**
 * The decision in force at 00:30 of `asked.date`: that of the Monday of its week, recomputed from the start of the data.
 *
 * @throws DateOutOfDataError when the data do not allow it.
 */
export function decisionAt(
  history: History,
  asked: { readonly date: IsoDate; readonly progress?: ChainProgress },
  parameters: Parameters,
): Decision {
  const span = spanOf(history, parameters);
  const monday = decisionDate(asked.date, span);
  let found: Decision | undefined;
  for (const decision of decisionChain(history, { first: span.first, last: monday }, parameters)) {
    asked.progress?.(decision.date, monday);
    found = decision;
  }
  return found as Decision; // the span begins with a decision
}

/**
 * The decisions of the Mondays in `[from, to)`, oldest first, as a keeper would have taken them.
 *
 * @throws DateOutOfDataError when a Monday in the range is outside the data.
 */
export function* decisionsBetween(
  history: History,
  range: { readonly from: IsoDate; readonly to: IsoDate },
  parameters: Parameters,
): Generator<Decision, void, void> {
  const span = spanOf(history, parameters);
  decisionDate(range.from, span);
  const last = decisionDate(addDays(range.to, -1), span);
  for (const decision of decisionChain(history, { first: span.first, last }, parameters)) {
    if (decision.date >= range.from) yield decision;
  }
}

/** First and last date that can be decided on. @throws DateOutOfDataError when there is none. */
export function spanOf(history: History, parameters: Parameters): DecisionSpan {
  return decisionSpan(history, parameters.universe.minListedDays);
}
