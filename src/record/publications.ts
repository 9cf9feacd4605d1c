// Turns a ledger into what was published on chain for a week: the decision's hash, the members' root, the regime.
import type { Hex } from "viem";

import { AppError } from "../core/errors.ts";
import { dateOfExit, weekOfTarget } from "../core/time.ts";
import { textOf } from "./line-values.ts";
import type { LedgerLine } from "./lines.ts";

/** A week's decision as the chain knows it. */
export type Publication = {
  /** Number of the line. */
  readonly sequence: number;
  readonly week: number;
  readonly kind: "target" | "level";
  readonly regime: string;
  readonly decisionHash: Hex;
  readonly membershipRoot: Hex;
  readonly twinLevel: bigint; // D18{1}
  /** Asset indexes of a target; none of a level. */
  readonly assets: readonly number[];
};

/** Nothing was published for a week. */
export class WeekUnpublishedError extends AppError {
  readonly code = "WEEK_NOT_PUBLISHED";
  readonly kind = "data";
  readonly week: number;

  constructor(week: number, known: readonly Publication[]) {
    const [first, last] = [known.at(0)?.week, known.at(-1)?.week];
    super(
      `Expected a decision of week ${week} in the ledger, found none; it has those of ${first ?? "no week"} to ` +
        `${last ?? "none"}. Name another week, by its number or a day of it.`,
    );
    this.week = week;
  }
}

/** Every week's publication, the last one of each where a target was vetoed; oldest first. */
export function publicationsIn(lines: readonly LedgerLine[]): Publication[] {
  const byWeek = new Map<number, Publication>();
  for (const line of lines) {
    const found = publicationOf(line);
    if (found !== undefined) byWeek.set(found.week, found);
  }
  return [...byWeek.values()];
}

/** @throws WeekUnpublishedError when the ledger has no decision of the week. */
export function publicationOfWeek(lines: readonly LedgerLine[], week: number): Publication {
  const all = publicationsIn(lines);
  const found = all.find((publication) => publication.week === week);
  if (found === undefined) throw new WeekUnpublishedError(week, all);
  return found;
}

/** The target by which the market was left on a day, by its id; undefined when none was published. */
export function exitIn(lines: readonly LedgerLine[], id: number): Publication | undefined {
  const line = lines.findLast(({ event, args }) => event === "TargetPublished" && Number(args["id"]) === id);
  return line === undefined ? undefined : contentOf(line, true);
}

/** What a line publishes for a week; undefined of any other line, that of an exit on a single day included. */
export function publicationOf(line: LedgerLine): Publication | undefined {
  const { event, args } = line;
  const isTarget = event === "TargetPublished" && dateOfExit(Number(args["id"])) === undefined;
  return isTarget || event === "LevelPublished" ? contentOf(line, isTarget) : undefined;
}

function contentOf({ sequence, args }: LedgerLine, isTarget: boolean): Publication {
  return {
    sequence,
    week: isTarget ? weekOfTarget(Number(args["id"])) : Number(args["week"]),
    kind: isTarget ? "target" : "level",
    regime: textOf(args, "regime"),
    decisionHash: textOf(args, "decisionHash") as Hex,
    membershipRoot: textOf(args, "membershipRoot") as Hex,
    twinLevel: BigInt(textOf(args, "twinLevel")),
    assets: isTarget ? (args["assets"] as readonly string[]).map(Number) : [],
  };
}
