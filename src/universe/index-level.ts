// Turns last week's composition and this week's closes into the index's next level.
import { at } from "../core/statistics.ts";

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
  /** {1} Share of its names. */
  readonly missingNames: number;
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
  const relatives = holdings.map(({ coinId, priceUsd }) => (closes.get(coinId) ?? Number.NaN) / priceUsd);
  const missing = holdings.filter((_, i) => Number.isNaN(relatives[i])).map(({ coinId }) => coinId);
  const weights = holdings.map(({ weight }) => weight);
  const { growth, missingWeight, missingNames } = growthOf(weights, relatives);
  return { level: level * growth, missingWeight, missingNames, missing: missing.sort() };
}

/** What a composition made of a week. */
export type Growth = {
  /** {1} Level over the level before. */
  readonly growth: number;
  /** {1} Share of the composition without a price relative. */
  readonly missingWeight: number;
  /** {1} Share of its names. */
  readonly missingNames: number;
};

/**
 * The weighted mean of price relatives, in the order given; one that is NaN counts as no return.
 *
 * @returns A growth of 1 for an empty composition.
 */
export function growthOf(weights: ArrayLike<number>, relatives: ArrayLike<number>): Growth {
  let [growth, total, missing, names] = [0, 0, 0, 0]; // {1} = sum of {1} * {USD/wholeTok} / {USD/wholeTok}
  for (let i = 0; i < weights.length; i++) {
    const [weight, relative] = [at(weights, i), at(relatives, i)];
    const isMissing = Number.isNaN(relative);
    missing += isMissing ? weight : 0;
    names += isMissing ? 1 : 0;
    total += weight;
    growth += weight * (isMissing ? 1 : relative);
  }
  if (total === 0) return { growth: 1, missingWeight: 0, missingNames: 0 };
  return { growth: growth / total, missingWeight: missing / total, missingNames: names / weights.length };
}
