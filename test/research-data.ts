// Turns data folders into what the research tests run on.
import { join } from "node:path";
import { DEFAULT_PARAMETERS } from "../src/config/schema.ts";
import { SOUND_DATA } from "../src/regime/data-quality.ts";
import { simulateMarket, DEFAULT_SIMULATION } from "../src/market/simulate.ts";
import { readFiles } from "../src/market/sources/directory.ts";
import { type ResearchData, indexPath, loadResearch } from "../src/research/index-path.ts";
import { type MarketPath, marketPath } from "../src/research/market-path.ts";
import type { ResearchRules } from "../src/research/rules.ts";

/** The embedded market, loaded once. */
export const SIMULATED_DATA: ResearchData = loadResearch(simulateMarket(DEFAULT_SIMULATION), DEFAULT_PARAMETERS);

/** CoinGecko's daily file alone, as the baseline has it. */
export function coingeckoData(directory: string): ResearchData {
  const files = ["coingecko_daily_2013_2024.csv.gz", "coins.csv.gz"].map((file) => join(directory, file));
  return loadResearch(readFiles(files).history, DEFAULT_PARAMETERS);
}

/** The path of the index under rules. */
export function pathOf(data: ResearchData, rules: ResearchRules): MarketPath {
  return marketPath(indexPath(data, rules));
}

/** A path with given weekly levels: six more days a week on a straight line between them, and no composition. */
export function pathOfLevels(levels: readonly number[]): MarketPath {
  const days = levels.flatMap((level, w) => {
    const next = levels[w + 1];
    if (next === undefined) return [level];
    return Array.from({ length: 7 }, (_, i) => level + ((next - level) * i) / 7);
  });
  return {
    firstDay: 17_531, // Sunday 2017-12-31
    weekly: Float64Array.from(levels),
    daily: Float64Array.from(days),
    quality: levels.map(() => SOUND_DATA),
    compositions: [],
  };
}
