// Turns publications and the replay into the views of decisions.
import { type IsoDate, isoDate, mondayOf, startOfDay, weekOf } from "../../core/time.ts";
import { asPublished, decisionHash } from "../../engine/decision.ts";
import type { DecisionAnswer, DecisionsAnswer, PublicationAnswer } from "../answers/decisions.ts";
import { publications, publicationsOfWeek, weightsOf } from "../index/decisions.ts";
import { publicationOf } from "../publication.ts";
import type { DecisionsQuery } from "../queries.ts";
import type { SnapshotFile } from "../market/snapshot-file.ts";
import { NotFoundError, NotReadyError, type SiteState } from "../state.ts";

/** A page of publications, each with the replay's word on it. */
export function decisionsAnswer(state: SiteState, query: DecisionsQuery): DecisionsAnswer {
  const { total, found, next } = publications(state.database, query);
  const decisions = found.map((one) => ({ ...one, isReplayed: isReplayed(state, one) }));
  return { total, decisions, next };
}

/**
 * The decision of a week.
 *
 * @throws NotReadyError while market data are read; NotFoundError when nothing was published for the week and the replay
 *   does not reach it.
 */
export function decisionAnswer(state: SiteState, date: string): DecisionAnswer {
  const monday = requireMonday(date);
  if (state.market.state === "reading") throw new NotReadyError("market data");
  const lines = publicationsOfWeek(state.database, monday);
  const replayed = state.market.facts?.decisions.get(monday);
  if (lines.length === 0 && replayed === undefined) throw new NotFoundError(`decision of ${date}`);
  const target = lines.findLast(({ event }) => event === "TargetPublished");
  const tokens = new Map([...state.tokens.byId.values()].map(({ asset, token }) => [asset, token]));
  const found = lines.map(publicationOf);
  const file = state.market.facts?.snapshots.get(monday);
  return {
    week: weekOf(startOfDay(monday)),
    date: monday,
    publications: found,
    weights: (target === undefined ? [] : weightsOf(target)).map(({ asset, partsPerMillion }) => {
      return { token: tokens.get(asset) ?? "", asset, partsPerMillion };
    }),
    replayed: replayed === undefined ? null : { decisionHash: replayed.decisionHash, decision: replayed.decision },
    isReplayed: found[0] === undefined ? null : isReplayed(state, found[0]),
    snapshot: file === undefined ? null : { digest: file.digest, size: file.size },
  };
}

/**
 * What the decision of a week was taken from.
 *
 * @throws NotReadyError while market data are read; NotFoundError when they do not reach the week.
 */
export function snapshotOfWeek({ market }: Pick<SiteState, "market">, date: string): SnapshotFile {
  const monday = requireMonday(date);
  if (market.state === "reading") throw new NotReadyError("market data");
  const file = market.facts?.snapshots.get(monday);
  if (file === undefined) {
    throw new NotFoundError(`snapshot of ${date} here; verify-decision replays it from one that the keeper published`);
  }
  return file;
}

/** @throws NotFoundError */
function requireMonday(date: string): IsoDate {
  const monday = mondayOf(isoDate(date));
  if (monday !== date) throw new NotFoundError(`decision of ${date}, which is no Monday; try ${monday}`);
  return monday;
}

function isReplayed({ market }: SiteState, publication: PublicationAnswer): boolean | null {
  const replayed = market.facts?.decisions.get(publication.date);
  if (replayed === undefined) return null;
  if (replayed.decisionHash === publication.decisionHash) return true;
  const meant = asPublished(replayed.decision, publication);
  return meant !== replayed.decision && decisionHash(meant) === publication.decisionHash;
}
