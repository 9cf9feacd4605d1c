// Turns prices and sizes of coins at a row of dates into the index's level, once chained and once by divisor.
import { OutOfRangeError, assertNever } from "../core/errors.ts";
import { sum } from "../core/statistics.ts";
import type { IsoDate } from "../core/time.ts";
import { cappedWeights } from "./capped-weights.ts";
import { BASE_LEVEL, nextLevel } from "./index-level.ts";
import { capWeights } from "./weights.ts";

/** A coin at a date. */
export type IndexQuote = {
  readonly coinId: string;
  /** {USD/wholeTok} */
  readonly priceUsd: number;
  /** {USD} Market cap, or any other measure of size; `undefined` or zero when it is not known: no member then. */
  readonly size: number | undefined;
};

/** All coins at a date; a coin stands in it once. */
export type IndexDay = { readonly date: IsoDate; readonly quotes: readonly IndexQuote[] };

/** How sizes become weights. */
export type Weighting = "cap" | "square-root" | "equal";

/** The rule of an index. */
export type IndexRule = {
  readonly weighting: Weighting;
  /** {1} (0, 1] The most that a member may weigh. */
  readonly cap: number;
  /** The most members, the largest first. */
  readonly size: number;
};

/** A coin in the index, from the close of one date to that of the next. */
export type Member = {
  readonly coinId: string;
  /** {1} */
  readonly weight: number;
  /** {USD/wholeTok} */
  readonly priceUsd: number;
  /** {wholeTok} What the index counts of the coin: its supply, times what a cap or another weighting makes of it. */
  readonly units: number;
};

/** The index at the close of a date, and what it holds from then. */
export type IndexPoint = {
  readonly date: IsoDate;
  /** The level before, times the weighted mean of price relatives. */
  readonly level: number;
  /** Sum of units times prices over the divisor, before the members change. */
  readonly levelByDivisor: number;
  /** {USD} From the close of the date: the members' value over the level, so that a change of members moves no level. */
  readonly divisor: number;
  readonly members: readonly Member[];
  /** Coins held since the date before without a price now: they count as no return. */
  readonly missing: readonly string[];
};

/**
 * The level at each date, from 1000, with members and weights chosen anew at every date.
 *
 * Ranks go by size, equal ones by coin id. A date without any coin of known size keeps its level and holds nothing.
 *
 * @param days In ascending order of dates.
 * @throws OutOfRangeError when the members of a date are too few for the cap, or the index size is no whole number from 1.
 */
export function indexHistory(days: readonly IndexDay[], rule: IndexRule): IndexPoint[] {
  if (!Number.isInteger(rule.size) || rule.size < 1) {
    throw new OutOfRangeError("index size", rule.size, "a whole number from 1");
  }
  const points: IndexPoint[] = [];
  for (const day of days) points.push(nextPoint(points.at(-1), day, rule));
  return points;
}

function nextPoint(before: IndexPoint | undefined, { date, quotes }: IndexDay, rule: IndexRule): IndexPoint {
  const members = membersOf({ date, quotes }, rule);
  if (before === undefined) {
    const divisor = valueOf(members, new Map()) / BASE_LEVEL;
    return { date, level: BASE_LEVEL, levelByDivisor: BASE_LEVEL, divisor, members, missing: [] };
  }
  const closes = new Map(quotes.map(({ coinId, priceUsd }) => [coinId, priceUsd]));
  const { level, missing } = nextLevel(before.level, before.members, closes);
  const isHeld = before.members.length > 0;
  const levelByDivisor = isHeld ? valueOf(before.members, closes) / before.divisor : before.levelByDivisor;
  return { date, level, levelByDivisor, divisor: valueOf(members, new Map()) / levelByDivisor, members, missing };
}

/** {USD} Units times closes, or times the price before where there is no close. */
function valueOf(members: readonly Member[], closes: ReadonlyMap<string, number>): number {
  return sum(members.map(({ coinId, units, priceUsd }) => units * (closes.get(coinId) ?? priceUsd)));
}

function membersOf({ date, quotes }: IndexDay, rule: IndexRule): Member[] {
  const ranked = quotes
    .map(({ coinId, priceUsd, size = 0 }) => ({ coinId, priceUsd, size }))
    .filter(({ size }) => size > 0)
    .sort((left, right) => right.size - left.size || (left.coinId < right.coinId ? -1 : 1))
    .slice(0, rule.size);
  const sizes = ranked.map(({ size }) => size);
  const measures = sizes.map((size) => measured(size, rule.weighting));
  const weights = cappedWeights(capWeights(measures), rule.cap, `cap of a weight on ${date}`);
  const total = sum(sizes);
  return ranked.map(({ coinId, priceUsd }, i) => {
    const weight = weights[i] ?? 0;
    return { coinId, priceUsd, weight, units: (weight * total) / priceUsd }; // {wholeTok} = {1} * {USD} / {USD/wholeTok}
  });
}

function measured(size: number, weighting: Weighting): number {
  switch (weighting) {
    case "cap":
      return size;
    case "square-root":
      return Math.sqrt(size);
    case "equal":
      return 1;
    default:
      return assertNever(weighting);
  }
}

/** Largest relative difference between the two levels. */
export function levelDifference(points: readonly IndexPoint[]): number {
  return points.reduce((most, { level, levelByDivisor }) => Math.max(most, Math.abs(levelByDivisor / level - 1)), 0);
}
