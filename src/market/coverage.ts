// Turns ranked lists that no coin is missing from into how much of the real top 100 a history has prices of.
import { dateOfDay, dayNumber, isoDate } from "../core/time.ts";
import type { ListedPlace } from "./defects/lists.ts";
import type { ProviderHistory, RankedList } from "./history.ts";
import { FULL_LIST, fullLists, holdersOf } from "./ranked-lists.ts";

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
    const { day } = list;
    const history = providers.find(({ provider }) => provider === (day < SEAM ? "coinmarketcap" : "coingecko"));
    if (history === undefined || day < history.firstDay || day > history.lastDay) continue;
    const year = dateOfDay(day).slice(0, 4);
    const key = `${year} ${history.provider}`;
    const found = years.get(key) ?? { provider: history.provider, held: [], shares: [] };
    years.set(key, found);
    const { held, share } = heldOf(history, list);
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

function heldOf(history: ProviderHistory, list: RankedList): { held: number; share: number } {
  const top = list.places.filter(({ rank }) => rank <= FULL_LIST);
  const holders = holdersOf(history, { ...list, places: top });
  const held = top.filter((_, i) => holders[i] !== undefined);
  return { held: held.length, share: sum(held.map(({ capUsd }) => capUsd)) / sum(top.map(({ capUsd }) => capUsd)) };
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
