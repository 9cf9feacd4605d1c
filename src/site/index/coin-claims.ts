// Turns the queues' lines in the index into claims in dollars, once for each end of these lines.
import { type CoinClaims, coinClaims } from "../../record/coin-claims.ts";
import type { LineEvent } from "../../record/lines.ts";
import { QUEUES } from "../../record/queue.ts";
import type { Database } from "./database.ts";
import { linesOfEvents } from "./lines.ts";

type Queue = keyof typeof QUEUES;
/** Claims in dollars by queue. */
export type Claims = Readonly<Record<Queue, CoinClaims>>;

/** What was computed last, and for which end of the lines: a line more or a fork has another head. */
const KNOWN = new WeakMap<Database, { readonly end: string; readonly claims: Claims }>();

/** The claims of both queues, and what is not claimed yet, at the prices of their strikes. */
export function claimsIn(database: Database): Claims {
  const end = endOfQueues(database);
  const known = KNOWN.get(database);
  if (known?.end === end) return known.claims;
  const claims = { deposits: claimsOf(database, "deposits"), redemptions: claimsOf(database, "redemptions") };
  KNOWN.set(database, { end, claims });
  return claims;
}

function claimsOf(database: Database, queue: Queue): CoinClaims {
  return coinClaims(linesOfEvents(database, ["AssetListed", ...eventsOf(queue)]), queue);
}

function eventsOf(queue: Queue): readonly LineEvent[] {
  const { requested, cancelled, struck, claimed } = QUEUES[queue];
  return [requested, cancelled, struck, claimed];
}

function endOfQueues(database: Database): string {
  const heads = [...eventsOf("deposits"), ...eventsOf("redemptions")].map((event) => {
    return database.one("select head from lines where event = ? order by sequence desc limit 1", event)?.["head"];
  });
  return heads.join(" ");
}
