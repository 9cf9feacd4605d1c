// Turns publications in the index into what the chain holds of each week's decision.
import { WEEK, isoDate, mondayOfWeek, startOfDay, weekOf } from "../../core/time.ts";
import type { LedgerLine } from "../../record/lines.ts";
import type { PublicationAnswer } from "../answers/decisions.ts";
import { publicationOf } from "../publication.ts";
import type { DecisionsQuery } from "../queries.ts";
import type { Database } from "./database.ts";
import { LINE_COLUMNS, lineOfRow } from "./lines.ts";

const PUBLISHED = "event in ('TargetPublished', 'LevelPublished')";

/** What an asset is to weigh. */
export type PublishedWeight = { readonly asset: number; readonly partsPerMillion: number };

/** A page of publications, newest first. */
export function publications(
  database: Database,
  { limit, before }: DecisionsQuery,
): { readonly total: number; readonly found: readonly PublicationAnswer[]; readonly next: number | null } {
  const total = Number(database.one(`select count(*) as count from lines where ${PUBLISHED}`)?.["count"]);
  const rows = database.all(
    `select ${LINE_COLUMNS} from lines where ${PUBLISHED} and sequence < ? order by sequence desc limit ?`,
    before ?? Number.MAX_SAFE_INTEGER,
    limit + 1,
  );
  const found = rows.slice(0, limit).map((row) => publicationOf(lineOfRow(row)));
  return { total, found, next: rows.length > limit ? (found.at(-1)?.sequence ?? null) : null };
}

/** What was published for the week of a Monday, oldest first. */
export function publicationsOfWeek(database: Database, monday: string): readonly LedgerLine[] {
  const week = weekOf(startOfDay(isoDate(monday)));
  const start = startOfDay(mondayOfWeek(week));
  const rows = database.all(
    `select ${LINE_COLUMNS} from lines where ${PUBLISHED} and time >= ? and time < ? order by sequence`,
    start - WEEK,
    start + 2 * WEEK,
  );
  return rows.map(lineOfRow).filter((line) => publicationOf(line).week === week);
}

/** The weights of a target. */
export function weightsOf({ args }: LedgerLine): readonly PublishedWeight[] {
  const [assets, parts] = [args["assets"], args["partsPerMillion"]] as readonly (readonly string[] | undefined)[];
  return (assets ?? []).map((asset, i) => ({ asset: Number(asset), partsPerMillion: Number(parts?.[i] ?? 0) }));
}

/** The target of the last rebalance that was started by one; undefined before the first. */
export function targetInForce(database: Database): LedgerLine | undefined {
  const rows = database.all(
    `select ${LINE_COLUMNS} from lines where event = 'TargetPublished'
      and sequence < (select coalesce(max(sequence), 0) from starts where id != 1) order by sequence desc limit 20`,
  );
  const id = database.one("select id from starts where id != 1 order by sequence desc limit 1")?.["id"];
  return rows.map(lineOfRow).find(({ args }) => Number(args["id"]) === id);
}
