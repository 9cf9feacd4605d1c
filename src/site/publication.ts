// Turns the line of a publication into plain words, for the API and for the page that reads the chain itself.
import { mondayOfWeek, weekOfTarget } from "../core/time.ts";
import type { LedgerLine } from "../record/lines.ts";
import { timeString, usdString } from "./amounts.ts";
import type { PublicationAnswer } from "./answers/decisions.ts";

/** What a target or a level publishes. */
export function publicationOf({ event, args, sequence, transaction, time }: LedgerLine): PublicationAnswer {
  const isTarget = event === "TargetPublished";
  const week = isTarget ? weekOfTarget(Number(args["id"])) : Number(args["week"]);
  return {
    week,
    date: mondayOfWeek(week),
    kind: isTarget ? "target" : "level",
    targetId: isTarget ? Number(args["id"]) : null,
    regime: String(args["regime"]),
    decisionHash: String(args["decisionHash"]),
    membershipRoot: String(args["membershipRoot"]),
    twinLevel: usdString(BigInt(String(args["twinLevel"]))),
    sequence,
    transaction,
    time: timeString(time),
  };
}
