// Turns a series into the named list of days whose move asks for a second look. None of them is fatal.
import { type IsoDate, dateOfDay } from "../core/time.ts";
import type { CoinSeries, Provider, ProviderHistory } from "./history.ts";

/** A move from one day to the next that is rare in truth and common in errors. */
export type Jump = {
  readonly provider: Provider;
  readonly coinId: string;
  readonly date: IsoDate;
  readonly kind: "price" | "supply";
  /** {1} New value over the value of the day before, to four digits. */
  readonly factor: number;
};

/** {1} A price above three times, or under a quarter of, the day before's. */
const PRICE_UP = 3;
const PRICE_DOWN = 0.25;
/** {1} A circulating supply above double, or under half, the day before's. */
const SUPPLY_UP = 2;
const SUPPLY_DOWN = 0.5;

/**
 * One-day price moves above +200 % or below -75 %, and supplies that double or halve in a day, in coins whose market cap
 * is at least `minCapUsd` {USD} on either day.
 */
export function findJumps(history: ProviderHistory, minCapUsd: number): Jump[] {
  return history.coins.flatMap((coin) => jumpsOfCoin(history.provider, coin, minCapUsd));
}

function jumpsOfCoin(provider: Provider, coin: CoinSeries, minCapUsd: number): Jump[] {
  const jumps: Jump[] = [];
  for (let i = 1; i < coin.priceUsd.length; i++) {
    const capBefore = coin.capUsd[i - 1] ?? Number.NaN;
    const cap = coin.capUsd[i] ?? Number.NaN;
    if (!(capBefore >= minCapUsd || cap >= minCapUsd)) continue;
    const price = (coin.priceUsd[i] ?? Number.NaN) / (coin.priceUsd[i - 1] ?? Number.NaN);
    const supply = cap / capBefore / price;
    const about = { provider, coinId: coin.coinId, date: dateOfDay(coin.firstDay + i) };
    if (price > PRICE_UP || price < PRICE_DOWN) jumps.push({ ...about, kind: "price", factor: short(price) });
    if (supply > SUPPLY_UP || supply < SUPPLY_DOWN) jumps.push({ ...about, kind: "supply", factor: short(supply) });
  }
  return jumps;
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}
