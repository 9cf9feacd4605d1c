// Turns a series into the named list of days that are missing in it.
import { type IsoDate, dateOfDay } from "../core/time.ts";
import type { CoinSeries, Provider, ProviderHistory } from "./history.ts";

/** Days without a row between a coin's first and last row. */
export type Gap = {
  readonly provider: Provider;
  readonly coinId: string;
  /** First missing day. */
  readonly from: IsoDate;
  /** Last missing day, included. */
  readonly to: IsoDate;
  readonly days: number;
};

/** Every run of missing days of every coin, by coin id and date. */
export function findGaps(history: ProviderHistory): Gap[] {
  return history.coins.flatMap((coin) => gapsOfCoin(history.provider, coin));
}

/** Sum of missing days. */
export function missingDays(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, gap) => sum + gap.days, 0);
}

function gapsOfCoin(provider: Provider, coin: CoinSeries): Gap[] {
  const gaps: Gap[] = [];
  let start = -1;
  coin.priceUsd.forEach((price, i) => {
    if (Number.isNaN(price)) {
      if (start === -1) start = i;
      return;
    }
    if (start !== -1) gaps.push(gapOf(provider, coin, { start, end: i }));
    start = -1;
  });
  return gaps;
}

function gapOf(provider: Provider, coin: CoinSeries, range: { readonly start: number; readonly end: number }): Gap {
  return {
    provider,
    coinId: coin.coinId,
    from: dateOfDay(coin.firstDay + range.start),
    to: dateOfDay(coin.firstDay + range.end - 1),
    days: range.end - range.start,
  };
}
