// Turns ranked lists that no coin is missing from into the places that the coins of a history hold.
import { type DayList, type ListedPlace, listsByDay } from "./defects/lists.ts";
import { type CoinSeries, type ProviderHistory, type RankedList, type RankedPlace, valueOn } from "./history.ts";

/** Places that a list needs to say who the hundred largest are. */
export const FULL_LIST = 100;
/** {1} How far a coin's price and cap may lie from those of its place. */
const PRICE_NEAR = 0.05;
const CAP_NEAR = 0.2;

/** Lists of 100 places or more, oldest first; of several lists of a day the one with the most places, then by name. */
export function fullLists(places: readonly ListedPlace[]): RankedList[] {
  const byDay = new Map<number, DayList>();
  for (const [name, lists] of [...listsByDay(places)].sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (name.startsWith("coingecko")) continue; // made from the rows that it would be compared with
    for (const list of lists) {
      const day = list[0]?.day ?? 0;
      if (list.length >= FULL_LIST && list.length > (byDay.get(day)?.length ?? 0)) byDay.set(day, list);
    }
  }
  return [...byDay].map(([day, list]) => ({ day, places: byRank(list) })).sort((a, b) => a.day - b.day);
}

function byRank(list: DayList): RankedPlace[] {
  const places = list.map(({ rank, priceUsd, capUsd }) => ({ rank, priceUsd, capUsd }));
  return places.sort((a, b) => a.rank - b.rank);
}

/**
 * The coin that holds each place of a list, `undefined` for a place that none holds, in the list's order.
 *
 * A place is held by a coin of its price and cap, or of its cap where the list has no price. No coin holds two places,
 * and none is looked for by name or ticker.
 */
export function holdersOf(history: ProviderHistory, { day, places }: RankedList): (CoinSeries | undefined)[] {
  const free = new Set(
    history.coins.flatMap((coin) => {
      const [cap, price] = [valueOn(coin, "capUsd", day), valueOn(coin, "priceUsd", day)];
      return cap > 0 ? [{ coin, logCap: Math.log(cap), logPrice: Math.log(price) }] : [];
    }),
  );
  return places.map((place) => {
    const nearest = nearestTo(place, free);
    if (nearest !== undefined) free.delete(nearest);
    return nearest?.coin;
  });
}

type Candidate = { readonly coin: CoinSeries; readonly logCap: number; readonly logPrice: number };

/** The first of the coins nearest to a place by cap, of those near enough. */
function nearestTo({ capUsd, priceUsd }: RankedPlace, coins: Iterable<Candidate>): Candidate | undefined {
  const [logCap, logPrice] = [Math.log(capUsd), priceUsd === null ? undefined : Math.log(priceUsd)];
  let nearest: Candidate | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const coin of coins) {
    const apart = Math.abs(coin.logCap - logCap);
    if (apart > CAP_NEAR || apart >= distance) continue;
    if (logPrice !== undefined && !(Math.abs(coin.logPrice - logPrice) < PRICE_NEAR)) continue;
    nearest = coin;
    distance = apart;
  }
  return nearest;
}
