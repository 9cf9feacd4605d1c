// Turns publications and the replay into the views of decisions.
import { type IsoDate, isoDate, mondayOf, startOfDay, weekOf } from "../../core/time.ts";
import type { DecisionAnswer, DecisionsAnswer, PublicationAnswer } from "../answers/decisions.ts";
import { publications, publicationsOfWeek, weightsOf } from "../index/decisions.ts";
import { publicationOf } from "../publication.ts";
import type { DecisionsQuery } from "../queries.ts";
import type { Replayed } from "../market/facts.ts";
import { isDecisionOf, isOfWeek } from "../market/published-decisions.ts";
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
  const found = lines.map(publicationOf);
  const weekly = found.findLast(isOfWeek);
  const replayed = replayedOf(state, monday, weekly);
  if (lines.length === 0 && replayed === undefined) throw new NotFoundError(`decision of ${date}`);
  const target = lines.findLast(({ event }) => event === "TargetPublished");
  const tokens = new Map([...state.tokens.byId.values()].map(({ asset, token }) => [asset, token]));
  const { file } = replayed ?? {};
  return {
    week: weekOf(startOfDay(monday)),
    date: monday,
    publications: found,
    weights: (target === undefined ? [] : weightsOf(target)).map(({ asset, partsPerMillion }) => {
      return { token: tokens.get(asset) ?? "", asset, partsPerMillion };
    }),
    replayed: replayed === undefined ? null : { decisionHash: replayed.decisionHash, decision: replayed.decision },
    isReplayed: weekly === undefined ? null : isReplayed(state, weekly),
    snapshot: file === undefined ? null : { digest: file.digest, size: file.size },
  };
}

/**
 * What the decision of a week was taken from.
 *
 * @throws NotReadyError while market data are read; NotFoundError when they do not reach the week.
 */
export function snapshotOfWeek(state: SiteState, date: string): SnapshotFile {
  const monday = requireMonday(date);
  if (state.market.state === "reading") throw new NotReadyError("market data");
  const weekly = publicationsOfWeek(state.database, monday).map(publicationOf).findLast(isOfWeek);
  const file = replayedOf(state, monday, weekly)?.file;
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

/** The decision of a Monday: the one that the keeper published, where market data give another one by now. */
function replayedOf(
  { market: { facts }, published }: Pick<SiteState, "market" | "published">,
  monday: IsoDate,
  publication: PublicationAnswer | undefined,
): (Replayed & { readonly file: SnapshotFile | undefined }) | undefined {
  const late = publication === undefined ? undefined : published?.of(publication);
  if (late !== undefined) return late;
  const replayed = facts?.decisions.get(monday);
  return replayed === undefined ? undefined : { ...replayed, file: facts?.snapshots.get(monday) };
}

/** Null where nothing is known of it here, as of an exit on a single day. */
function isReplayed({ market, published }: SiteState, publication: PublicationAnswer): boolean | null {
  if (!isOfWeek(publication)) return null;
  if (published?.of(publication) !== undefined) return true;
  const replayed = market.facts?.decisions.get(publication.date);
  return replayed === undefined ? null : isDecisionOf(replayed, publication);
}
