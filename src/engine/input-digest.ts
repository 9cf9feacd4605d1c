// Turns the rows that a decision may look at into a chained digest, a week at a time.
import { createHash } from "node:crypto";
import { dateOfDay } from "../core/time.ts";
import type { RankedList } from "../market/ranked-lists.ts";
import { type CoinFlags, type CoinSeries, type ProviderHistory, valueOn } from "../market/history.ts";

/** The digest before any row. */
export const EMPTY_DIGEST = "0".repeat(64);

/** What a link of the chain covers: days, both included, flags, and the ranked list that holds the close's ranks. */
export type DigestedRows = {
  readonly fromDay: number;
  readonly toDay: number;
  readonly flags: ReadonlyMap<string, CoinFlags>;
  readonly list?: RankedList | undefined;
};

/**
 * sha-256, in hexadecimal, of the digest before and the provider's rows of the days `[fromDay, toDay]`, sorted by coin id
 * and date. The text is documented in docs/methodology.md, so that anybody can recompute it from the files.
 */
export function extendDigest(digest: string, history: ProviderHistory, rows: DigestedRows): string {
  const hash = createHash("sha256").update(`${digest}\n${history.provider}\n`);
  const dates = new Map<number, string>();
  for (let day = rows.fromDay; day <= rows.toDay; day++) dates.set(day, dateOfDay(day));
  for (const coin of history.coins) {
    const text = rowsOf(coin, rows, dates);
    if (text !== "") hash.update(`${coin.coinId},${coin.symbol},${flagText(rows.flags.get(coin.coinId))}\n${text}`);
  }
  if (rows.list !== undefined) hash.update(listText(rows.list));
  return hash.digest("hex");
}

function rowsOf(
  coin: CoinSeries,
  range: { readonly fromDay: number; readonly toDay: number },
  dates: ReadonlyMap<number, string>,
): string {
  let text = "";
  const end = Math.min(range.toDay, coin.firstDay + coin.priceUsd.length - 1);
  for (let day = Math.max(range.fromDay, coin.firstDay); day <= end; day++) {
    const price = valueOn(coin, "priceUsd", day);
    if (Number.isNaN(price)) continue;
    text += `${dates.get(day)},${price},${known(valueOn(coin, "capUsd", day))},${known(valueOn(coin, "volumeUsd", day))}\n`;
  }
  return text;
}

function listText({ day, places }: RankedList): string {
  const lines = places.map(({ rank, priceUsd, capUsd }) => `${rank},${known(priceUsd ?? Number.NaN)},${capUsd}\n`);
  return `list,${dateOfDay(day)}\n${lines.join("")}`;
}

function known(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}

function flagText(flags: CoinFlags | undefined): string {
  if (flags === undefined) return "";
  return `${flags.stable ? "s" : ""}${flags.wrapped ? "w" : ""}${flags.realWorld ? "r" : ""}`;
}
