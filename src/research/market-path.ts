// Turns the index's path into what deciders may look at.
import type { DataQuality } from "../regime/data-quality.ts";
import type { Composition } from "./compose.ts";
import { dailyLevels } from "./daily-levels.ts";
import type { IndexPath } from "./index-path.ts";

/** The index from its first Sunday on. Week w closes on day 7·w, counted from `firstDay`. */
export type MarketPath = {
  readonly firstDay: number;
  readonly weekly: Float64Array;
  readonly daily: Float64Array;
  /** How sound the data of each week are. */
  readonly quality: readonly DataQuality[];
  readonly compositions: readonly Composition[];
};

/** The path with a level for every day. */
export function marketPath(path: IndexPath): MarketPath {
  const { firstDay, levels, quality, compositions } = path;
  return { firstDay, weekly: levels, daily: dailyLevels(path), quality, compositions };
}

/** The path as it was known at the close of week `weeks - 1`. */
export function pathUntil(path: MarketPath, weeks: number): MarketPath {
  return {
    firstDay: path.firstDay,
    weekly: path.weekly.slice(0, weeks),
    daily: path.daily.slice(0, 7 * (weeks - 1) + 1),
    quality: path.quality.slice(0, weeks),
    compositions: path.compositions.slice(0, weeks),
  };
}
