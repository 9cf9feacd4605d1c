// Turns a provider's history into the smallest market cap of each day at which a coin's moves matter to an index.
import { type CoinSeries, type ProviderHistory, valueOn } from "../history.ts";

/** Coins of an index. */
const PLACES = 100;
/** {USD} Coins of this size are watched at any rank. */
const ALWAYS = 10_000_000;

/** Tells whether a coin is watched on a day: among the 100 largest of the provider, or 10 M USD or more. */
export type Watch = (coin: CoinSeries, day: number) => boolean;

/** The watch over a provider's coins. */
export function watchOf(history: ProviderHistory): Watch {
  const limits: number[] = [];
  for (let day = history.firstDay; day <= history.lastDay; day++) limits.push(limitOn(history, day));
  return (coin, day) => {
    const cap = valueOn(coin, "capUsd", day);
    return cap > 0 && cap >= (limits[day - history.firstDay] ?? ALWAYS);
  };
}

function limitOn(history: ProviderHistory, day: number): number {
  const caps = history.coins.map((coin) => valueOn(coin, "capUsd", day)).filter((cap) => cap > 0);
  caps.sort((a, b) => b - a);
  return Math.min(ALWAYS, caps[PLACES - 1] ?? 0);
}
