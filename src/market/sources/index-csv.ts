// Turns CSV files with a row a coin and date into the coins of each date.
import type { IsoDate } from "../../core/time.ts";
import { MalformedLineError } from "./csv-file.ts";
import { BadValueError } from "./csv-values.ts";
import {
  type NumberRule,
  NoColumnError,
  PRICE,
  type Table,
  daysOf,
  knownNumbersOf,
  numbersOf,
  textsOf,
} from "./table-csv.ts";

/** Names that the columns may have, the first one that a file has is taken. */
const COIN_COLUMNS = ["coin_id", "slug", "coin", "asset", "symbol"];
const PRICE_COLUMNS = ["price_usd", "close_usd", "price", "close"];
const SIZE_COLUMNS = ["market_cap_usd", "market_cap", "cap"];

const SIZE: NumberRule = { expected: "a size of zero or more, or nothing", isGood: (value) => value >= 0 };

/** A coin at a date. */
export type QuoteRow = {
  readonly coinId: string;
  /** {USD/wholeTok} */
  readonly priceUsd: number;
  /** {USD} */
  readonly size: number | undefined;
};

/**
 * The rows of all files by date, in ascending order of dates.
 *
 * @throws NoColumnError; BadValueError; MalformedLineError when a coin stands twice at a date.
 */
export function quotesByDate(tables: readonly Table[]): { date: IsoDate; quotes: QuoteRow[] }[] {
  const byDate = new Map<IsoDate, Map<string, QuoteRow>>();
  for (const table of tables) addRows(table, byDate);
  return [...byDate]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([date, quotes]) => ({ date, quotes: [...quotes.values()] }));
}

function addRows(table: Table, byDate: Map<IsoDate, Map<string, QuoteRow>>): void {
  const coinColumn = columnOf(table, COIN_COLUMNS);
  const prices = numbersOf(table, columnOf(table, PRICE_COLUMNS), PRICE);
  const sizes = knownNumbersOf(table, columnOf(table, SIZE_COLUMNS), SIZE);
  const coins = textsOf(table, coinColumn);
  daysOf(table).forEach((date, i) => {
    const { text: coinId = "", place = { file: table.path, line: 0 } } = coins[i] ?? {};
    if (coinId === "") throw new BadValueError(place, { column: coinColumn, found: "", expected: "the coin's id" });
    const quotes = byDate.get(date) ?? new Map<string, QuoteRow>();
    if (quotes.has(coinId)) throw new MalformedLineError(place, "each coin once a date", `${coinId} on ${date} again`);
    byDate.set(date, quotes.set(coinId, { coinId, priceUsd: prices[i] ?? Number.NaN, size: sizes[i] }));
  });
}

function columnOf(table: Table, names: readonly string[]): string {
  const column = names.find((name) => table.columns.includes(name));
  if (column === undefined) throw new NoColumnError(table, `one of ${names.join(", ")}`);
  return column;
}
