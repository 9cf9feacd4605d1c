// Turns last week's composition and this week's closes into the index's next level.

/** Level at the index's first Sunday. */
export const BASE_LEVEL = 1000;

/** What the index held over the week. */
export type Holding = {
  readonly coinId: string;
  /** {1} */
  readonly weight: number;
  /** {USD/wholeTok} Price at the start of the week. */
  readonly priceUsd: number;
};

/** One week of the index. */
export type LevelStep = {
  readonly level: number;
  /** {1} Share of the index whose price was not known in the week: it counts as no return. */
  readonly missingWeight: number;
  /** The coins without a price, by coin id. */
  readonly missing: readonly string[];
};

/**
 * The level one week on: the level before times the weighted mean of price relatives.
 *
 * @param closes {USD/wholeTok} Price at the week's close or the last one known within the week, by coin id.
 * @returns The same level for an empty composition.
 */
export function nextLevel(level: number, holdings: readonly Holding[], closes: ReadonlyMap<string, number>): LevelStep {
  let growth = 0; // {1} = sum of {1} * {USD/wholeTok} / {USD/wholeTok}
  let total = 0;
  let missingWeight = 0;
  const missing: string[] = [];
  for (const holding of holdings) {
    const close = closes.get(holding.coinId);
    if (close === undefined) {
      missing.push(holding.coinId);
      missingWeight += holding.weight;
    }
    total += holding.weight;
    growth += holding.weight * (close === undefined ? 1 : close / holding.priceUsd);
  }
  if (total === 0) return { level, missingWeight: 0, missing: [] };
  return { level: level * (growth / total), missingWeight: missingWeight / total, missing: missing.sort() };
}
