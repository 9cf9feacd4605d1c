// Names the days of a rehearsal, and the parts of the cycle that a fund lives through in it.
import { DAY, type IsoDate, addDays, isoDate, startOfDay } from "../../core/time.ts";
import { unixSeconds } from "../../core/units.ts";

/** The last Monday in the market of the embedded history, and the first on which it is left. */
export const MONDAYS: readonly IsoDate[] = [isoDate("2023-01-30"), isoDate("2023-02-06")];
/** What decisions are asked for: its end is not in it. */
export const RANGE = { from: isoDate("2023-01-30"), to: addDays(isoDate("2023-02-06"), 7) };
/** {s} Newly listed coins may have a full share after thirty days. */
const YOUTH = 31 * DAY;
/** {s} Before the first Monday. */
const HEAD_START = 1.5 * DAY;

/** Saturday noon before the first Monday, in time for its strike. */
export const FIRST_SATURDAY = unixSeconds(startOfDay(RANGE.from) - HEAD_START);
/** When a rehearsal must begin, so that its coins are no newcomers in its first week. */
export const REHEARSAL_START = unixSeconds(FIRST_SATURDAY - YOUTH);

/** A part of the cycle; of a week when it has its Monday. */
export type CyclePart =
  | { readonly kind: "wait" | "upkeep" | "deposit" | "exit" }
  | { readonly kind: "market" | "publish" | "trade" | "claim"; readonly monday: IsoDate };

/** In order. */
export const CYCLE: readonly CyclePart[] = [
  { kind: "wait" },
  { kind: "upkeep" },
  { kind: "deposit" },
  ...MONDAYS.flatMap((monday) =>
    (["market", "publish", "trade", "claim"] as const).map((kind): CyclePart => ({ kind, monday })),
  ),
  { kind: "exit" },
];
