// Turns the ranked list before a close into the places that no coin with a price holds.
import { dayNumber, isoDate } from "../core/time.ts";
import { type ProviderHistory, type RankedList, valueOn } from "../market/history.ts";
import { FULL_LIST, holdersOf } from "../market/ranked-lists.ts";

/**
 * Closes, both included, for which no source has the prices of the coins that died since: CoinGecko's file composes, and
 * holds those alone that lived on.
 */
const HOLE = { from: dayNumber(isoDate("2018-03-25")), to: dayNumber(isoDate("2019-12-31")) };
/** {day} A list is used for so long: the last one of the hole is followed by six Sundays. */
const LONGEST_AGE = 49;

/** Places of a ranked list whose coin has no price: nothing can be held there, and nobody moves up. */
export type Vacancies = {
  readonly list: RankedList;
  /** Of the first 100 places, those that are vacant. */
  readonly places: number;
  /** {1} Their share of the market cap of the 100. */
  readonly capShare: number;
  /** For each vacant place of the list, how many coins with a market cap rank above it. Ascending. */
  readonly after: readonly number[];
};

/** Whether the index is composed at a close from coins that lived on, without the others. */
export function isInHole({ provider }: Pick<ProviderHistory, "provider">, close: number): boolean {
  return provider === "coingecko" && close >= HOLE.from && close <= HOLE.to;
}

/** The vacant places at a close; `undefined` outside the hole and where no list of the 49 days to the close is known. */
export function vacanciesAt(
  history: ProviderHistory,
  lists: readonly RankedList[],
  close: number,
): Vacancies | undefined {
  if (!isInHole(history, close)) return undefined;
  const list = lists.findLast(({ day }) => day <= close && day > close - LONGEST_AGE);
  if (list === undefined) return undefined;
  const holders = holdersOf(history, list);
  const caps = history.coins.map((coin) => valueOn(coin, "capUsd", list.day)).filter((cap) => cap > 0);
  const vacant = list.places.filter((_, i) => holders[i] === undefined);
  const first = vacant.filter(({ rank }) => rank <= FULL_LIST);
  const hundred = list.places.filter(({ rank }) => rank <= FULL_LIST);
  return {
    list,
    places: first.length,
    capShare: totalCap(first) / totalCap(hundred),
    after: vacant.map(({ capUsd }) => caps.filter((cap) => cap > capUsd).length).sort((a, b) => a - b),
  };
}

function totalCap(places: RankedList["places"]): number {
  return places.reduce((total, { capUsd }) => total + capUsd, 0);
}
