// Turns the rows that a decision may look at into a chained digest, a week at a time.
import { createHash } from "node:crypto";
import { dateOfDay } from "../core/time.ts";
import { type CoinFlags, type CoinSeries, type ProviderHistory, valueOn } from "../market/history.ts";
import type { ReferencePrice } from "../market/references.ts";

/** {@link extendDigest} takes the rows of these days, and what is stated of bitcoin at the last of them. */
export type DigestRows = {
  readonly fromDay: number;
  readonly toDay: number;
  readonly flags: ReadonlyMap<string, CoinFlags>;
  /** Sorted by source. */
  readonly references: readonly ReferencePrice[];
};

/** The digest before any row. */
export const EMPTY_DIGEST = "0".repeat(64);

/**
 * sha-256, in hexadecimal, of the digest before and the provider's rows of the days `[fromDay, toDay]`, sorted by coin id
 * and date, and of what each source states of bitcoin at `toDay`. The text is documented in docs/methodology.md, so that anybody can recompute it from the files.
 */
export function extendDigest(digest: string, history: ProviderHistory, rows: DigestRows): string {
  const hash = createHash("sha256").update(`${digest}\n${history.provider}\n`);
  const dates = new Map<number, string>();
  for (let day = rows.fromDay; day <= rows.toDay; day++) dates.set(day, dateOfDay(day));
  for (const coin of history.coins) {
    const text = rowsOf(coin, rows, dates);
    if (text !== "") hash.update(`${coin.coinId},${coin.symbol},${flagText(rows.flags.get(coin.coinId))}\n${text}`);
  }
  for (const { source, priceUsd } of rows.references) hash.update(`reference,${source},${priceUsd}\n`);
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

function known(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}

function flagText(flags: CoinFlags | undefined): string {
  if (flags === undefined) return "";
  return `${flags.stable ? "s" : ""}${flags.wrapped ? "w" : ""}${flags.realWorld ? "r" : ""}`;
}
