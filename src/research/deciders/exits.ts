// Turns the index's daily level into days on which to leave the market.
import { at } from "../../core/statistics.ts";
import { regimeOfScore, scoreOf } from "../../regime/ensemble.ts";
import { type RegimeParameters, weeksNeeded } from "../../regime/parameters.ts";
import { castVotes } from "../../regime/votes.ts";
import type { MarketPath } from "../market-path.ts";
import type { ExitRule } from "./decider.ts";

const WEEK_DAYS = 7;

/** Leaves when the votes, cast as if the week ended with the day, ask for bear. */
export function votesExit(parameters: RegimeParameters): ExitRule {
  return {
    name: "daily-votes",
    exits: ({ weekly, daily }) =>
      Uint8Array.from(daily, (level, day) => {
        const sundays = Math.ceil(day / WEEK_DAYS); // Sundays before the day
        const before = weekly.subarray(Math.max(0, sundays - weeksNeeded(parameters)), sundays);
        const score = scoreOf(castVotes([...before, level], parameters));
        return score !== undefined && regimeOfScore(score, "bull", parameters) === "bear" ? 1 : 0;
      }),
  };
}

/** Leaves when the level is lower than the highest of the last `days` days by more than `fall` {1}. */
export function trailingExit(days: number, fall: number): ExitRule {
  return {
    name: `fall-${Math.round(100 * fall)}-of-${days}d`,
    exits: ({ daily }) =>
      Uint8Array.from(daily, (level, day) => {
        const highest = daily.subarray(Math.max(0, day + 1 - days), day + 1).reduce((a, b) => Math.max(a, b), 0);
        return level < (1 - fall) * highest ? 1 : 0;
      }),
  };
}

/** Leaves below the mean of the last `days` days, this one included; says nothing until there are so many. */
export function meanExit(days: number): ExitRule {
  return { name: `under-${days}d-mean`, exits: (path) => underMean(path, days) };
}

function underMean({ daily }: MarketPath, days: number): Uint8Array {
  return Uint8Array.from(daily, (level, day) => {
    if (day + 1 < days) return 0;
    let total = 0;
    for (let i = day + 1 - days; i <= day; i++) total += at(daily, i);
    return level < total / days ? 1 : 0;
  });
}
