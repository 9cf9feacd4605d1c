// Turns a provider's history into the prices and volumes that were known before a date.
import { type IsoDate, dateOfDay, dayNumber } from "../core/time.ts";
import { type CoinSeries, type ProviderHistory, lastKnownDay, valueOn } from "./history.ts";

/** One coin as known before a date. */
export type Quote = {
  readonly coinId: string;
  readonly symbol: string;
  /** {USD/wholeTok} */
  readonly priceUsd: number;
  /** The day whose close the price is; earlier than the day before the date when the series has a gap. */
  readonly close: IsoDate;
  /** {USD} Cap at that close; `undefined` where the supply is unknown. */
  readonly capUsd: number | undefined;
  /** {USD} Mean daily volume of the known days among the last 30; `undefined` when none is known. */
  readonly volumeUsd: number | undefined;
};

/** {day} */
const VOLUME_WINDOW = 30;

/**
 * Quotes by coin id, in the order of `coinIds`, from closes before `date`.
 *
 * @param maxAgeDays {day} A coin whose last price is older is left out; 1 asks for the close of the day before.
 */
export function quotesBefore(
  history: ProviderHistory,
  at: { readonly date: IsoDate; readonly coinIds: Iterable<string>; readonly maxAgeDays: number },
): Map<string, Quote> {
  const byId = new Map(history.coins.map((coin) => [coin.coinId, coin]));
  const day = dayNumber(at.date) - 1;
  const quotes = new Map<string, Quote>();
  for (const coinId of at.coinIds) {
    const coin = byId.get(coinId);
    const priceDay = coin === undefined ? undefined : lastKnownDay(coin, "priceUsd", { day, window: at.maxAgeDays });
    if (coin !== undefined && priceDay !== undefined) quotes.set(coinId, quoteOn(coin, priceDay));
  }
  return quotes;
}

function quoteOn(coin: CoinSeries, day: number): Quote {
  const cap = valueOn(coin, "capUsd", day);
  return {
    coinId: coin.coinId,
    symbol: coin.symbol,
    priceUsd: valueOn(coin, "priceUsd", day),
    close: dateOfDay(day),
    capUsd: cap > 0 ? cap : undefined,
    volumeUsd: meanVolume(coin, day),
  };
}

function meanVolume(coin: CoinSeries, day: number): number | undefined {
  let sum = 0;
  let days = 0;
  for (let past = day; past > day - VOLUME_WINDOW; past--) {
    const volume = valueOn(coin, "volumeUsd", past);
    if (Number.isNaN(volume)) continue;
    sum += volume;
    days++;
  }
  return days === 0 ? undefined : sum / days;
}
