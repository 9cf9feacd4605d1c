// Turns a history into the one that was known before a date.
import { type IsoDate, dayNumber } from "../core/time.ts";
import type { CoinSeries, History, ProviderHistory, ReferenceCloses } from "./history.ts";

/** The same history without the rows dated `before` or later, as if they had never been written. */
export function truncateHistory(history: History, before: IsoDate): History {
  const end = dayNumber(before);
  const providers = history.providers.map((provider) => truncateProvider(provider, end));
  return {
    providers: providers.filter((provider) => provider !== undefined),
    flags: history.flags,
    references: history.references.map((one) => truncateCloses(one, end)),
    lists: history.lists.filter(({ day }) => day < end),
  };
}

function truncateProvider(history: ProviderHistory, end: number): ProviderHistory | undefined {
  const coins = history.coins.map((coin) => truncateSeries(coin, end)).filter((coin) => coin !== undefined);
  if (coins.length === 0) return undefined;
  const lastDay = coins.reduce((last, coin) => Math.max(last, coin.firstDay + coin.priceUsd.length - 1), 0);
  return { ...history, lastDay, coins };
}

function truncateCloses({ source, closes }: ReferenceCloses, end: number): ReferenceCloses {
  return { source, closes: new Map([...closes].filter(([day]) => day < end)) };
}

function truncateSeries(coin: CoinSeries, end: number): CoinSeries | undefined {
  let length = Math.min(coin.priceUsd.length, end - coin.firstDay);
  // A series ends with a row, not with the first days of a gap.
  while (length > 0 && Number.isNaN(coin.priceUsd[length - 1])) length--;
  if (length <= 0) return undefined;
  return {
    ...coin,
    priceUsd: coin.priceUsd.subarray(0, length),
    capUsd: coin.capUsd.subarray(0, length),
    volumeUsd: coin.volumeUsd.subarray(0, length),
  };
}
