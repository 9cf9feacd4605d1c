// Turns a few numbers into a coin's series for tests.
import type { CoinSeries } from "../src/market/history.ts";

/** Day of the first element of every series made here. */
export const FIRST_DAY = 20_000;

/** A series from {@link FIRST_DAY} on; NaN where unknown. Caps and volumes default to constants far above every limit. */
export function series(
  coinId: string,
  columns: { readonly price: readonly number[]; readonly cap?: readonly number[]; readonly volume?: readonly number[] },
): CoinSeries {
  return {
    coinId,
    symbol: coinId.toUpperCase(),
    firstDay: FIRST_DAY,
    priceUsd: Float64Array.from(columns.price),
    capUsd: Float64Array.from(columns.cap ?? columns.price.map(() => 1e9)),
    volumeUsd: Float64Array.from(columns.volume ?? columns.price.map(() => 1e8)),
  };
}
