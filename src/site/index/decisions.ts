// Turns publications in the index into what the chain holds of each week's decision.
import { dateOf, mondayOfTarget, startOfDay, weekOf, isoDate } from "../../core/time.ts";
import { decimalString, unixSeconds } from "../../core/units.ts";
import type { LedgerLine } from "../../record/lines.ts";
import { timeString } from "../amounts.ts";
import type { PublicationAnswer } from "../answers/decisions.ts";
import type { DecisionsQuery } from "../queries.ts";
import type { Database } from "./database.ts";
import { LINE_COLUMNS, lineOfRow } from "./lines.ts";

/** {s} 1970-01-05, when week 0 began. */
const FIRST_MONDAY = 345_600;
const WEEK = 604_800;
const LEVEL_DECIMALS = 18;
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
  const rows = database.all(
    `select ${LINE_COLUMNS} from lines where ${PUBLISHED} and time >= ? and time < ? order by sequence`,
    FIRST_MONDAY + week * WEEK - WEEK,
    FIRST_MONDAY + week * WEEK + 2 * WEEK,
  );
  return rows.map(lineOfRow).filter((line) => publicationOf(line).week === week);
}

/** A publication in plain words. */
export function publicationOf({ event, args, sequence, transaction, time }: LedgerLine): PublicationAnswer {
  const isTarget = event === "TargetPublished";
  const targetId = isTarget ? Number(args["id"]) : null;
  const date = targetId === null ? dateOf(FIRST_MONDAY + Number(args["week"]) * WEEK) : mondayOfTarget(targetId);
  return {
    week: weekOf(unixSeconds(startOfDay(date))),
    date,
    kind: isTarget ? "target" : "level",
    targetId,
    regime: String(args["regime"]),
    decisionHash: String(args["decisionHash"]),
    membershipRoot: String(args["membershipRoot"]),
    twinLevel: decimalString(BigInt(String(args["twinLevel"])), LEVEL_DECIMALS),
    sequence,
    transaction,
    time: timeString(time),
  };
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
