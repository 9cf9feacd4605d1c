// Turns series into a provider's history, and defects into short rows, for tests.
import { dayNumber } from "../../../../src/core/time.ts";
import type { Defect } from "../../../../src/market/defects/defect.ts";
import type { CoinSeries, Provider, ProviderHistory } from "../../../../src/market/history.ts";
import { FIRST_DAY } from "../../../series.ts";

/** A history of coins that begin on the first day of test series. */
export function historyOf(coins: readonly CoinSeries[], provider: Provider = "coingecko"): ProviderHistory {
  const lastDay = Math.max(...coins.map((coin) => coin.firstDay + coin.priceUsd.length - 1));
  return { provider, firstDay: FIRST_DAY, lastDay, coins };
}

/** Coin, first and last day counted from the first of test series, and what is said. */
export function rowsOf(defects: readonly Defect[]): (readonly [string, number, number, string])[] {
  return defects.map(({ coin, date, to, detail }) => [
    coin,
    dayNumber(date) - FIRST_DAY,
    dayNumber(to) - FIRST_DAY,
    detail,
  ]);
}
