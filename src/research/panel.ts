// Turns one provider's history into columns, weeks by coins, of what the methodology looks at: computed once, at load.
import { decimalText, significant } from "../core/rounding.ts";
import { dateOfDay, weekday } from "../core/time.ts";
import {
  type CoinFlags,
  type CoinSeries,
  type History,
  type ProviderHistory,
  lastKnownDay,
  valueOn,
} from "../market/history.ts";
import { type CoinObservation, observeCoins } from "../universe/observe.ts";
import type { UniverseParameters } from "../universe/parameters.ts";
import { type Vacancies, vacanciesAt } from "../universe/vacancies.ts";

/** Elements w·coins + c belong to coin c at the close of Sunday w; NaN where the methodology knows nothing. */
export type PanelColumns = {
  /** {USD} Mean cap over the ranking window. */
  readonly averageCap: Float64Array;
  /** {USD} Last known cap of the ranking window. */
  readonly cap: Float64Array;
  /** {USD/wholeTok} Last known price of the ranking window, as a decision states it. */
  readonly price: Float64Array;
  /** {day} Age of that price. */
  readonly priceAge: Uint8Array;
  /** {USD/wholeTok} Last price known within the week, by which last week's composition is valued. */
  readonly close: Float64Array;
  /** {USD} Median daily volume. */
  readonly volume: Float64Array;
  /** {day} Days from the first row to the close; -1 before it. */
  readonly listedDays: Int32Array;
  /** 1 where a label or the peg test leaves the coin out. */
  readonly isLeftOut: Uint8Array;
};

/** What one provider's history says at each Sunday. */
export type Panel = {
  readonly history: ProviderHistory;
  readonly series: readonly CoinSeries[];
  readonly coinIds: readonly string[];
  /** Day of week 0's close. */
  readonly firstSunday: number;
  readonly weeks: number;
  readonly columns: PanelColumns;
  /** By week, the places of the ranked list whose coin has no price. */
  readonly vacancies: readonly (Vacancies | undefined)[];
  /** 1 for a coin that the provider's list calls stable, wrapped or a commodity, and by nothing else. */
  readonly isFlagged: Uint8Array;
};

/** {day} Window of the price by which a composition is valued. */
const WEEK_DAYS = 7;
const PRICE_DIGITS = 12;
/** {USD/wholeTok} From here on 12 digits need no more than 18 decimals, and the rounded number is the stated one. */
const PLAIN_PRICE = 1e-6;

/** The Sundays of a provider's history and every coin's observation at each, by the code that decisions use. */
export function panelOf(
  history: ProviderHistory,
  { flags, lists }: Pick<History, "flags" | "lists">,
  parameters: UniverseParameters,
): Panel {
  const firstSunday = sundayFrom(history.firstDay);
  const weeks = Math.max(0, Math.floor((history.lastDay - firstSunday) / WEEK_DAYS) + 1);
  const columns = emptyColumns(weeks * history.coins.length);
  const coinIds = history.coins.map(({ coinId }) => coinId);
  const indexOf = new Map(coinIds.map((coinId, i) => [coinId, i]));
  for (let week = 0; week < weeks; week++) {
    const day = firstSunday + WEEK_DAYS * week;
    for (const coin of observeCoins(history, flags, { day, parameters })) {
      const c = indexOf.get(coin.coinId) ?? 0;
      fill(columns, week * coinIds.length + c, { coin, close: closeOf(history.coins[c], day) });
    }
  }
  return {
    history,
    series: history.coins,
    coinIds,
    firstSunday,
    weeks,
    columns,
    vacancies: Array.from({ length: weeks }, (_, week) => {
      return vacanciesAt(history, lists, firstSunday + WEEK_DAYS * week);
    }),
    isFlagged: Uint8Array.from(coinIds, (coinId) => (isFlagged(flags.get(coinId)) ? 1 : 0)),
  };
}

/** The first Sunday on or after a day. */
export function sundayFrom(day: number): number {
  return day + ((WEEK_DAYS - 1 - weekday(dateOfDay(day)) + WEEK_DAYS) % WEEK_DAYS);
}

function emptyColumns(length: number): PanelColumns {
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return {
    averageCap: unknown(),
    cap: unknown(),
    price: unknown(),
    priceAge: new Uint8Array(length),
    close: unknown(),
    volume: unknown(),
    listedDays: new Int32Array(length).fill(-1),
    isLeftOut: new Uint8Array(length),
  };
}

type Observed = { readonly coin: CoinObservation; readonly close: number };

function fill(columns: PanelColumns, i: number, { coin, close: weekClose }: Observed): void {
  const { averageCap, cap, price, priceAge, close, volume, listedDays, isLeftOut } = columns;
  averageCap[i] = coin.averageCapUsd ?? Number.NaN;
  cap[i] = coin.capUsd ?? Number.NaN;
  price[i] = coin.priceUsd === undefined ? Number.NaN : statedPrice(coin.priceUsd);
  priceAge[i] = coin.priceAgeDays;
  close[i] = weekClose;
  volume[i] = coin.volumeUsd ?? Number.NaN;
  listedDays[i] = coin.listedDays;
  isLeftOut[i] = coin.label !== undefined || coin.isPegged ? 1 : 0;
}

/** A price as a decision writes it, as a number. */
function statedPrice(price: number): number {
  const rounded = significant(price, PRICE_DIGITS);
  return rounded >= PLAIN_PRICE ? rounded : Number(decimalText(price, PRICE_DIGITS));
}

function closeOf(series: CoinSeries | undefined, day: number): number {
  const known = series && lastKnownDay(series, "priceUsd", { day, window: WEEK_DAYS });
  return series === undefined || known === undefined ? Number.NaN : valueOn(series, "priceUsd", known);
}

function isFlagged(flags: CoinFlags | undefined): boolean {
  return flags !== undefined && (flags.stable || flags.wrapped || flags.realWorld);
}
