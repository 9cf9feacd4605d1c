// Turns the index's level into wishes by votes on its trend.
import type { RegimeParameters } from "../../regime/parameters.ts";
import { weeksNeeded } from "../../regime/parameters.ts";
import { regimeOfScore, scoreOf } from "../../regime/ensemble.ts";
import { castVotes, meanOfLast } from "../../regime/votes.ts";
import type { MarketPath } from "../market-path.ts";
import type { Decider, Wish } from "./decider.ts";

/**
 * The votes and thresholds that decisions go by; between the thresholds it goes on wanting what it wanted.
 *
 * @param name `undefined` for the published parameters.
 */
export function ensembleDecider(parameters: RegimeParameters, name = "ensemble"): Decider {
  return { name, wishes: (path) => ensembleWishes(path, parameters) };
}

function ensembleWishes({ weekly }: MarketPath, parameters: RegimeParameters): Wish[] {
  const needed = weeksNeeded(parameters);
  let wanted: Wish;
  return Array.from(weekly, (_, week) => {
    const votes = castVotes([...weekly.subarray(Math.max(0, week + 1 - needed), week + 1)], parameters);
    const score = scoreOf(votes);
    if (score !== undefined) wanted = regimeOfScore(score, wanted ?? "bear", parameters);
    return wanted;
  });
}

/** Bull above the mean of the last `weeks` Sundays, this one included. @see Faber (2007). */
export function faberDecider(weeks: number): Decider {
  return {
    name: `faber-${weeks}`,
    wishes: ({ weekly }) =>
      Array.from(weekly, (level, week): Wish => {
        const mean = meanOfLast([...weekly.subarray(Math.max(0, week + 1 - weeks), week + 1)], weeks);
        if (mean === undefined) return undefined;
        return level > mean ? "bull" : "bear";
      }),
  };
}

/** Bull always: the index, which never switches. */
export const HOLD: Decider = { name: "hold", wishes: ({ weekly }) => Array.from(weekly, (): Wish => "bull") };
