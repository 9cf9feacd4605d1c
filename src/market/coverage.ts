// Turns ranked lists that no coin is missing from into how much of the real top 100 a history has prices of.
import { dateOfDay, dayNumber, isoDate } from "../core/time.ts";
import type { DayList, ListedPlace } from "./defects/lists.ts";
import { listsByDay } from "./defects/lists.ts";
import { type CoinSeries, type ProviderHistory, valueOn } from "./history.ts";

/** Places of the index. */
const PLACES = 100;
/** {1} How far a coin's price and cap may lie from those of its place. */
const PRICE_NEAR = 0.05;
const CAP_NEAR = 0.2;
/** CoinMarketCap's daily file composes before this day, CoinGecko's from it on. */
const SEAM = dayNumber(isoDate("2018-04-01"));

/** How much of the real top 100 has prices, as means over the lists of a year. */
export type Coverage = {
  readonly year: string;
  readonly provider: string;
  readonly lists: number;
  /** Of the first 100, those that a coin with a price holds; at most so many where a list has no prices. */
  readonly places: number;
  /** {1} Their share of the market cap of the 100. */
  readonly capShare: number;
};

/** Coverage by year, by the lists of CoinMarketCap that have 100 places or more. */
export function coverageOf(providers: readonly ProviderHistory[], places: readonly ListedPlace[]): Coverage[] {
  const years = new Map<string, { provider: string; held: number[]; shares: number[] }>();
  for (const list of fullLists(places)) {
    const day = list[0]?.day ?? 0;
    const history = providers.find(({ provider }) => provider === (day < SEAM ? "coinmarketcap" : "coingecko"));
    if (history === undefined || day < history.firstDay || day > history.lastDay) continue;
    const year = dateOfDay(day).slice(0, 4);
    const key = `${year} ${history.provider}`;
    const found = years.get(key) ?? { provider: history.provider, held: [], shares: [] };
    years.set(key, found);
    const { held, share } = heldOf(history, list, day);
    found.held.push(held);
    found.shares.push(share);
  }
  return [...years]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, { provider, held, shares }]) => ({
      year: key.slice(0, 4),
      provider,
      lists: held.length,
      places: rounded(mean(held), 1),
      capShare: rounded(mean(shares), 4),
    }));
}

// One list a day, the one with the most places.
function fullLists(places: readonly ListedPlace[]): DayList[] {
  const byDay = new Map<number, DayList>();
  for (const [name, lists] of listsByDay(places)) {
    if (name.startsWith("coingecko")) continue; // made from the rows that it would be compared with
    for (const list of lists) {
      const day = list[0]?.day ?? 0;
      if (list.length >= PLACES && list.length > (byDay.get(day)?.length ?? 0)) byDay.set(day, list);
    }
  }
  return [...byDay.values()];
}

// A place is held by a coin of its price and cap, or of its cap where the list has no price. No coin holds two places,
// and none is looked for by name or ticker.
function heldOf(history: ProviderHistory, list: DayList, day: number): { held: number; share: number } {
  const free = new Set(history.coins.filter((coin) => valueOn(coin, "capUsd", day) > 0));
  const top = list.filter(({ rank }) => rank <= PLACES);
  const held = top.filter((place) => {
    const [nearest] = [...free]
      .filter((coin) => holds(coin, place, day))
      .sort((a, b) => capDistance(a, place, day) - capDistance(b, place, day));
    if (nearest !== undefined) free.delete(nearest);
    return nearest !== undefined;
  });
  return { held: held.length, share: sum(held.map(({ capUsd }) => capUsd)) / sum(top.map(({ capUsd }) => capUsd)) };
}

function holds(coin: CoinSeries, place: ListedPlace, day: number): boolean {
  if (capDistance(coin, place, day) > CAP_NEAR) return false;
  return place.priceUsd === null || Math.abs(Math.log(valueOn(coin, "priceUsd", day) / place.priceUsd)) < PRICE_NEAR;
}

function capDistance(coin: CoinSeries, place: ListedPlace, day: number): number {
  return Math.abs(Math.log(valueOn(coin, "capUsd", day) / place.capUsd));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
