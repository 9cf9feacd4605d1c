// Turns the index's path into what deciders may look at.
import type { Composition } from "./compose.ts";
import { dailyLevels } from "./daily-levels.ts";
import type { IndexPath } from "./index-path.ts";

/** The index from its first Sunday on. Week w closes on day 7·w, counted from `firstDay`. */
export type MarketPath = {
  readonly firstDay: number;
  readonly weekly: Float64Array;
  readonly daily: Float64Array;
  /** {1} Share of the index without a price in the week. */
  readonly missingWeight: Float64Array;
  readonly compositions: readonly Composition[];
};

/** The path with a level for every day. */
export function marketPath(path: IndexPath): MarketPath {
  const { firstDay, levels, missingWeight, compositions } = path;
  return { firstDay, weekly: levels, daily: dailyLevels(path), missingWeight, compositions };
}

/** The path as it was known at the close of week `weeks - 1`. */
export function pathUntil(path: MarketPath, weeks: number): MarketPath {
  return {
    firstDay: path.firstDay,
    weekly: path.weekly.slice(0, weeks),
    daily: path.daily.slice(0, 7 * (weeks - 1) + 1),
    missingWeight: path.missingWeight.slice(0, weeks),
    compositions: path.compositions.slice(0, weeks),
  };
}
