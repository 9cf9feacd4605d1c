// Turns the rows that a decision may look at into a chained digest, a week at a time.
import { createHash } from "node:crypto";
import { ByteText } from "../core/byte-text.ts";
import { dateOfDay } from "../core/time.ts";
import type { CoinFlags, CoinSeries, ProviderHistory, RankedList } from "../market/history.ts";
import type { ReferencePrice } from "../market/references.ts";

type Days = { readonly fromDay: number; readonly toDay: number };

/**
 * {@link extendDigest} takes the rows of these days, what is stated of bitcoin at the last of them, and the ranked list
 * that holds its ranks.
 */
export type DigestedRows = Days & {
  readonly flags: ReadonlyMap<string, CoinFlags>;
  /** Sorted by source. */
  readonly references: readonly ReferencePrice[];
  readonly list?: RankedList | undefined;
};

/** The digest before any row. */
export const EMPTY_DIGEST = "0".repeat(64);

/** {byte} Text goes into the hash in pieces of about this size. */
const TOGETHER = 60_000;

/**
 * sha-256, in hexadecimal, of the digest before and the provider's rows of the days `[fromDay, toDay]`, sorted by coin id
 * and date, and of what each source states of bitcoin at `toDay`. The text is documented in docs/methodology.md, so that
 * anybody can recompute it from the files.
 */
export function extendDigest(digest: string, history: ProviderHistory, rows: DigestedRows): string {
  const hash = createHash("sha256").update(`${digest}\n${history.provider}\n`);
  const dates: string[] = [];
  for (let day = rows.fromDay; day <= rows.toDay; day++) dates.push(dateOfDay(day));
  const text = new ByteText();
  for (const coin of history.coins) {
    if (!hasRow(coin, rows)) continue;
    text.text(`${coin.coinId},${coin.symbol},${flagText(rows.flags.get(coin.coinId))}\n`);
    addRows(text, coin, { ...rows, dates });
    if (text.size > TOGETHER) hash.update(text.take());
  }
  for (const { source, priceUsd } of rows.references) text.text(`reference,${source},${priceUsd}\n`);
  if (rows.list !== undefined) addList(text, rows.list);
  return hash.update(text.take()).digest("hex");
}

/** Places of the first and the last of the days in the coin's columns. */
function placesOf(coin: CoinSeries, { fromDay, toDay }: Days): readonly [first: number, last: number] {
  const last = Math.min(toDay - coin.firstDay, coin.priceUsd.length - 1);
  return [Math.max(fromDay - coin.firstDay, 0), last];
}

function hasRow(coin: CoinSeries, days: Days): boolean {
  const [first, last] = placesOf(coin, days);
  for (let i = first; i <= last; i++) if (!Number.isNaN(coin.priceUsd[i])) return true;
  return false;
}

/** A line for each day with a price. @param days `dates` are theirs, from `fromDay` on. */
function addRows(text: ByteText, coin: CoinSeries, days: Days & { readonly dates: readonly string[] }): void {
  const [first, last] = placesOf(coin, days);
  const shift = coin.firstDay - days.fromDay;
  for (let i = first; i <= last; i++) {
    const price = coin.priceUsd[i] ?? Number.NaN;
    if (Number.isNaN(price)) continue;
    text.text(days.dates[i + shift] ?? "");
    text.text(",");
    text.number(price);
    text.text(",");
    addKnown(text, coin.capUsd[i]);
    text.text(",");
    addKnown(text, coin.volumeUsd[i]);
    text.text("\n");
  }
}

function addKnown(text: ByteText, value: number | null = Number.NaN): void {
  if (value !== null && !Number.isNaN(value)) text.number(value);
}

function addList(text: ByteText, { day, places }: RankedList): void {
  text.text(`list,${dateOfDay(day)}\n`);
  for (const { rank, priceUsd, capUsd } of places) {
    text.text(`${rank},`);
    addKnown(text, priceUsd);
    text.text(`,${capUsd}\n`);
  }
}

function flagText(flags: CoinFlags | undefined): string {
  if (flags === undefined) return "";
  return `${flags.stable ? "s" : ""}${flags.wrapped ? "w" : ""}${flags.realWorld ? "r" : ""}`;
}
