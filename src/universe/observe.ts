// Turns the market's history up to a close into what the methodology looks at, one observation a coin.
import { type CoinFlags, type CoinSeries, type ProviderHistory, lastKnownDay, valueOn } from "../market/history.ts";
import { type Label, labelOf } from "./labels.ts";
import type { UniverseParameters } from "./parameters.ts";
import { knownValues, mean, median } from "./windows.ts";

/** One coin as it stands at a close. `undefined` means that too few days are known. */
export type CoinObservation = {
  readonly coinId: string;
  readonly symbol: string;
  /** {day} Days from the first row to the close. */
  readonly listedDays: number;
  /** {USD} Mean cap over the ranking window. */
  readonly averageCapUsd: number | undefined;
  /** {USD} Cap at the close, or the last known one of the ranking window. */
  readonly capUsd: number | undefined;
  /** {USD/wholeTok} Price at the close, or the last known one of the ranking window. */
  readonly priceUsd: number | undefined;
  /** {day} Age of that price: 0 when it is the close's own. */
  readonly priceAgeDays: number;
  /** {USD} Median daily volume. */
  readonly volumeUsd: number | undefined;
  readonly label: Label | undefined;
  /** True when nearly all closes of the peg window lie at 1 USD. */
  readonly isPegged: boolean;
};

/** Observations of every coin of `history` that has a row by `day`, sorted by coin id. Looks at no later day. */
export function observeCoins(
  history: ProviderHistory,
  flags: ReadonlyMap<string, CoinFlags>,
  at: { readonly day: number; readonly parameters: UniverseParameters },
): CoinObservation[] {
  const { day } = at;
  const seen: CoinObservation[] = [];
  for (const coin of history.coins) {
    if (coin.firstDay > day) continue;
    const label = labelOf({ provider: history.provider, coinId: coin.coinId, day }, flags.get(coin.coinId));
    seen.push(observeCoin(coin, label, at));
  }
  return seen;
}

function observeCoin(
  coin: CoinSeries,
  label: Label | undefined,
  { day, parameters }: { readonly day: number; readonly parameters: UniverseParameters },
): CoinObservation {
  const caps = knownValues(coin, { column: "capUsd", day, length: parameters.capWindowDays });
  const volumes = caps && knownValues(coin, { column: "volumeUsd", day, length: parameters.volumeWindowDays });
  const priceDay = lastKnownDay(coin, "priceUsd", { day, window: parameters.capWindowDays });
  return {
    coinId: coin.coinId,
    symbol: coin.symbol,
    listedDays: day - coin.firstDay,
    averageCapUsd: caps && mean(caps),
    capUsd: caps?.at(-1),
    priceUsd: priceDay === undefined ? undefined : valueOn(coin, "priceUsd", priceDay),
    priceAgeDays: priceDay === undefined ? 0 : day - priceDay,
    volumeUsd: volumes && median(volumes),
    label,
    isPegged: caps !== undefined && isPegged(coin, day, parameters),
  };
}

function isPegged(coin: CoinSeries, day: number, parameters: UniverseParameters): boolean {
  if (!(Math.abs(valueOn(coin, "priceUsd", day) - 1) <= parameters.pegBandUsd)) return false;
  const prices = knownValues(coin, { column: "priceUsd", day, length: parameters.pegWindowDays });
  if (prices === undefined) return false;
  const pegged = prices.filter((price) => Math.abs(price - 1) <= parameters.pegBandUsd).length;
  return pegged >= parameters.pegShare * prices.length;
}
