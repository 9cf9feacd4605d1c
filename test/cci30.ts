// Turns daily caps and prices and a list of constituents into the index that the published rule of the CCi30 makes of them.
import { dateOfDay } from "../src/core/time.ts";
import { type CoinSeries, type ProviderHistory, lastKnownDay, valueOn } from "../src/market/history.ts";

/** Constituents by the day of their reconstitution, in ascending order. */
export type Constituents = ReadonlyMap<number, readonly string[]>;

/** {day} Half-life of the smoothing. The publisher states no number; from 3 to 30 days the result is the same to 0.001. */
const HALF_LIFE_DAYS = 15;
/** {day} Older caps would weigh less than 1/250. */
const SMOOTHING_DAYS = 8 * HALF_LIFE_DAYS;
/** {day} A coin that has no price for longer counts as lost. */
const LONGEST_GAP_DAYS = 60;

/**
 * Levels by day from the first reconstitution, at 100, to the last row: weights go by a power of the smoothed market
 * cap, set at the close of each reconstitution and of each first of a month, and drift in between. A constituent that
 * the history does not know leaves its weight to the others.
 *
 * @param power The rule's is one half, the square root.
 * @see Rivin, Scevola (2018), The CCI30 index, arXiv:1804.06711.
 */
export function cci30Levels(history: ProviderHistory, constituents: Constituents, power = 0.5): Map<number, number> {
  const coins = new Map(history.coins.map((coin) => [coin.coinId, coin]));
  const levels = new Map<number, number>();
  let names: readonly CoinSeries[] = [];
  let units: readonly number[] = [];
  let level = 100;
  for (let day = Math.min(...constituents.keys()); day <= history.lastDay; day++) {
    if (levels.size > 0) level = sum(names.map((coin, i) => (units[i] ?? Number.NaN) * priceOf(coin, day)));
    levels.set(day, level);
    const listed = constituents.get(day);
    if (listed !== undefined) names = listed.flatMap((slug) => coins.get(slug) ?? []);
    if (listed !== undefined || dateOfDay(day).endsWith("-01")) units = unitsFor(names, { level, day, power });
  }
  return levels;
}

/** {wholeTok} of each coin that together are worth the level. */
function unitsFor(names: readonly CoinSeries[], at: { level: number; day: number; power: number }): number[] {
  const parts = names.map((coin) => smoothedCap(coin, at.day) ** at.power);
  const total = sum(parts);
  return names.map((coin, i) => (at.level * (parts[i] ?? Number.NaN)) / total / priceOf(coin, at.day));
}

/** {USD} Exponentially weighted mean of the known caps. */
function smoothedCap(coin: CoinSeries, day: number): number {
  let [total, weights] = [0, 0];
  for (let age = 0; age < SMOOTHING_DAYS; age++) {
    const cap = valueOn(coin, "capUsd", day - age);
    if (!(cap > 0)) continue;
    const weight = 0.5 ** (age / HALF_LIFE_DAYS);
    total += weight * cap;
    weights += weight;
  }
  return total / weights;
}

function priceOf(coin: CoinSeries, day: number): number {
  const known = lastKnownDay(coin, "priceUsd", { day, window: LONGEST_GAP_DAYS });
  if (known === undefined) throw new TypeError(`${coin.coinId} has no price in the ${LONGEST_GAP_DAYS} days to ${day}`);
  return valueOn(coin, "priceUsd", known);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
