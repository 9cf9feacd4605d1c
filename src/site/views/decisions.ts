// Turns publications and the replay into the views of decisions.
import { isoDate, mondayOf, startOfDay, weekOf } from "../../core/time.ts";
import type { DecisionAnswer, DecisionsAnswer, PublicationAnswer } from "../answers/decisions.ts";
import { publicationOf, publications, publicationsOfWeek, weightsOf } from "../index/decisions.ts";
import type { DecisionsQuery } from "../queries.ts";
import { NotFoundError, type SiteState } from "../state.ts";

/** A page of publications, each with the replay's word on it. */
export function decisionsAnswer(state: SiteState, query: DecisionsQuery): DecisionsAnswer {
  const { total, found, next } = publications(state.database, query);
  const decisions = found.map((one) => ({ ...one, isReplayed: isReplayed(state, one) }));
  return { total, decisions, next };
}

/** The decision of a week. @throws NotFoundError when nothing was published for it and the replay does not reach it. */
export function decisionAnswer(state: SiteState, date: string): DecisionAnswer {
  const monday = mondayOf(isoDate(date));
  if (monday !== date) throw new NotFoundError(`decision of ${date}, which is no Monday; try ${monday}`);
  const lines = publicationsOfWeek(state.database, monday);
  const replayed = state.market.facts?.decisions.get(monday);
  if (lines.length === 0 && replayed === undefined) throw new NotFoundError(`decision of ${date}`);
  const target = lines.findLast(({ event }) => event === "TargetPublished");
  const tokens = new Map([...state.tokens.byId.values()].map(({ asset, token }) => [asset, token]));
  const found = lines.map(publicationOf);
  return {
    week: weekOf(startOfDay(monday)),
    date: monday,
    publications: found,
    weights: (target === undefined ? [] : weightsOf(target)).map(({ asset, partsPerMillion }) => {
      return { token: tokens.get(asset) ?? "", asset, partsPerMillion };
    }),
    replayed: replayed === undefined ? null : { decisionHash: replayed.decisionHash, decision: replayed.decision },
    isReplayed: found[0] === undefined ? null : isReplayed(state, found[0]),
  };
}

function isReplayed({ market }: SiteState, { date, decisionHash }: PublicationAnswer): boolean | null {
  const replayed = market.facts?.decisions.get(date);
  return replayed === undefined ? null : replayed.decisionHash === decisionHash;
}
