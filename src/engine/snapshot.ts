// Turns market history into what one decision may look at: nothing after the close before it.
import { type IsoDate, dateOfDay } from "../core/time.ts";
import {
  type History,
  type Provider,
  type ProviderHistory,
  lastKnownDay,
  newestRowDay,
  valueOn,
} from "../market/history.ts";
import { type ReferencePrice, bitcoinCloses } from "../market/references.ts";
import { DECISION_HOURS } from "../regime/data-quality.ts";
import { type CoinObservation, observeCoins } from "../universe/observe.ts";
import type { UniverseParameters } from "../universe/parameters.ts";
import { type Vacancies, vacanciesAt } from "../universe/vacancies.ts";
import { DateOutOfDataError, closeBefore, providerAt } from "./calendar.ts";

/** Everything that the decision of a Monday looks at besides the decision before. */
export type Snapshot = {
  /** The Monday. */
  readonly date: IsoDate;
  /** The Sunday whose close is the last data. */
  readonly close: IsoDate;
  /** Who composes the index at this close. */
  readonly provider: Provider;
  /** See input-digest.ts. */
  readonly inputDigest: string;
  /** {h} Age of the composer's newest close when the decision is taken. */
  readonly sourceAgeHours: number;
  /** Who states bitcoin's close, sorted by source. */
  readonly references: readonly ReferencePrice[];
  /** Sorted by coin id. */
  readonly coins: readonly CoinObservation[];
  /** Places of the ranked list that no coin with a price holds; `undefined` where ranks are not held. */
  readonly vacancies: Vacancies | undefined;
  /** Prices for last week's composition, from the provider that composed it. */
  readonly valuation: {
    readonly provider: Provider;
    /** {USD/wholeTok} Last price known within the week, by coin id. */
    readonly closes: ReadonlyMap<string, number>;
  };
};

/**
 * What the decision of `monday` may look at.
 *
 * @throws DateOutOfDataError when no provider reaches to the close before it.
 */
export function takeSnapshot(
  history: History,
  at: { readonly monday: IsoDate; readonly inputDigest: string; readonly parameters: UniverseParameters },
): Snapshot {
  const close = closeBefore(at.monday);
  const composer = composerAt(history, close);
  // In the first week of a provider, last week's composition still belongs to the one before.
  const valuer = providerAt(history, close - 7) ?? composer;
  return {
    date: at.monday,
    close: dateOfDay(close),
    provider: composer.provider,
    inputDigest: at.inputDigest,
    sourceAgeHours: sourceAgeHours(composer, close),
    references: bitcoinCloses(history, close),
    coins: observeCoins(composer, history.flags, { day: close, parameters: at.parameters }),
    vacancies: vacanciesAt(composer, history.lists, close),
    valuation: { provider: valuer.provider, closes: closesOfWeek(valuer, close) },
  };
}

/** {h} From the newest close of a source up to `close` to the decision half an hour after `close`. */
export function sourceAgeHours(source: ProviderHistory, close: number): number {
  return 24 * (close - newestRowDay(source, close)) + DECISION_HOURS;
}

/** The provider that composes the index at a close. @throws DateOutOfDataError when there is none. */
export function composerAt(history: History, close: number): ProviderHistory {
  const provider = providerAt(history, close);
  if (provider === undefined) {
    throw new DateOutOfDataError(dateOfDay(close + 1), {
      first: "a Monday with prices",
      last: "one whose Sunday has prices",
    });
  }
  return provider;
}

/** {USD/wholeTok} The last price of each coin that is known within the seven days to a close, by coin id. */
export function closesOfWeek(history: ProviderHistory, close: number): Map<string, number> {
  const closes = new Map<string, number>();
  for (const coin of history.coins) {
    const day = lastKnownDay(coin, "priceUsd", { day: close, window: 7 });
    if (day !== undefined) closes.set(coin.coinId, valueOn(coin, "priceUsd", day));
  }
  return closes;
}
