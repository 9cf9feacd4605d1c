// Turns a provider's coins into the tickers that several of them bear.
import type { CoinSeries, ProviderHistory } from "../history.ts";
import { type Defect, defectOf } from "./defect.ts";
import type { Watch } from "./watched.ts";

/** Tickers that two or more watched coins bear, from the first day on which the second of them has a row. */
export function reusedTickers(history: ProviderHistory, watch: Watch): Defect[] {
  const bearers = new Map<string, CoinSeries[]>();
  for (const coin of history.coins) {
    if (coin.symbol === coin.coinId || !isEverWatched(coin, watch)) continue; // a slug that stands for a ticker is none
    bearers.set(coin.symbol, [...(bearers.get(coin.symbol) ?? []), coin]);
  }
  return [...bearers].flatMap(([symbol, coins]) => {
    const [, second] = coins.map((coin) => coin.firstDay).sort((a, b) => a - b);
    if (second === undefined) return [];
    const about = {
      kind: "ticker-reuse",
      source: history.provider,
      coin: coins.map(({ coinId }) => coinId).join(" "),
    } as const;
    const to = Math.max(...coins.map((coin) => coin.firstDay + coin.priceUsd.length - 1));
    return [defectOf(about, { from: second, to }, `ticker ${symbol} of ${coins.length} coins`)];
  });
}

function isEverWatched(coin: CoinSeries, watch: Watch): boolean {
  return coin.priceUsd.some((_, i) => watch(coin, coin.firstDay + i));
}
