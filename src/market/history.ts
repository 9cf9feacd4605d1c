// Turns daily rows into columns: one typed array a quantity and coin, indexed by day.

/** Who published a series. Coin ids of different providers are different namespaces and are never joined. */
export type Provider = "coinmarketcap" | "coingecko" | "simulated";

/** One coin's daily closes. Element i of each array belongs to day `firstDay + i`; NaN means unknown. */
export type CoinSeries = {
  readonly coinId: string;
  /** Ticker of the coin's first row, for people only: tickers repeat and change. */
  readonly symbol: string;
  /** Days since 1970-01-01 of the first row. */
  readonly firstDay: number;
  /** {USD/wholeTok} */
  readonly priceUsd: Float64Array;
  /** {USD} circulating market capitalisation; NaN where the supply is unknown. */
  readonly capUsd: Float64Array;
  /** {USD} traded in the trailing 24 hours. */
  readonly volumeUsd: Float64Array;
};

/** Everything one provider published. */
export type ProviderHistory = {
  readonly provider: Provider;
  /** Day of the first row of any coin. */
  readonly firstDay: number;
  /** Day of the last row of any coin, included. */
  readonly lastDay: number;
  /** Sorted by coin id. */
  readonly coins: readonly CoinSeries[];
};

/** What another source states of bitcoin. It is compared with the providers' closes and used for nothing else. */
export type ReferenceCloses = {
  /** For example `binance_spot`, or `binance BTCUSDT` for a market of an exchange. */
  readonly source: string;
  /** {USD/wholeTok} by day. */
  readonly closes: ReadonlyMap<number, number>;
};

/** What a list of coins says about one of them. */
export type CoinFlags = { readonly stable: boolean; readonly wrapped: boolean; readonly realWorld: boolean };

/** A place of a ranked list, with what the list states of its coin. */
export type RankedPlace = {
  readonly rank: number;
  /** {USD/wholeTok}; null where the list has none. */
  readonly priceUsd: number | null;
  /** {USD} */
  readonly capUsd: number;
};

/** A ranked list of a day. Best rank first. */
export type RankedList = { readonly day: number; readonly places: readonly RankedPlace[] };

/** All market data of one data folder. */
export type History = {
  readonly providers: readonly ProviderHistory[];
  /** By coin id of CoinGecko (or of the simulator); empty without a coins file. */
  readonly flags: ReadonlyMap<string, CoinFlags>;
  /** Sorted by source. */
  readonly references: readonly ReferenceCloses[];
  /** Ranked lists by which ranks are held where prices are missing, oldest first; empty without such lists. */
  readonly lists: readonly RankedList[];
};

/** One day of one coin, as a source file states it. */
export type DailyRow = {
  readonly day: number;
  readonly coinId: string;
  readonly symbol: string;
  readonly priceUsd: number;
  /** NaN when unknown. */
  readonly capUsd: number;
  /** NaN when unknown. */
  readonly volumeUsd: number;
};

/** The value of a column on a day, NaN outside the series and where unknown. */
export function valueOn(series: CoinSeries, column: "priceUsd" | "capUsd" | "volumeUsd", day: number): number {
  return series[column][day - series.firstDay] ?? Number.NaN;
}

/** The last day up to `day` on which any coin has a price; the provider's first day is one. */
export function newestRowDay({ coins, firstDay }: ProviderHistory, day: number): number {
  let newest = day;
  while (newest > firstDay && !coins.some((coin) => valueOn(coin, "priceUsd", newest) > 0)) newest--;
  return newest;
}

/**
 * The last day in `(day - window, day]` on which `column` is known.
 *
 * @returns `undefined` when no day of the window has a value.
 */
export function lastKnownDay(
  series: CoinSeries,
  column: "priceUsd" | "capUsd",
  range: { readonly day: number; readonly window: number },
): number | undefined {
  for (let day = range.day; day > range.day - range.window; day--) {
    if (!Number.isNaN(valueOn(series, column, day))) return day;
  }
  return undefined;
}
