// Turns a daily file with CoinMarketCap slugs, one row a coin and day, into rows.
import type { DailyRow } from "../history.ts";
import { type Place, forEachLine } from "./csv-file.ts";
import { parseAmount, parseCoinId, parseDay, parsePrice } from "./csv-values.ts";
import { plausibility } from "./plausibility.ts";
import { orderGuard } from "./row-order.ts";

/** Header of the format. */
export const CMC_COLUMNS = "date,slug,open_usd,close_usd,market_cap_usd,volume_usd";

/**
 * Calls `visit` with every row of a file in the {@link CMC_COLUMNS} format. The close is taken as the price; the format
 * has no ticker, so the slug stands for the symbol. The opening price is checked and left out: nothing needs it.
 *
 * @returns The number of rows.
 */
export function readCmcRows(path: string, bytes: Buffer, visit: (row: DailyRow, place: Place) => void): number {
  const inOrder = orderGuard();
  const watched = plausibility(path);
  let last = "";
  const rows = forEachLine({ path, bytes, columns: 6 }, (fields, line) => {
    const place = { file: path, line };
    const text = fields[1] ?? "";
    // Rows of a coin follow each other: one string for them all is checked and hashed once.
    const slug = text !== "" && text === last ? last : parseCoinId(text, "slug", place);
    last = slug;
    parsePrice(fields[2] ?? "", "open_usd", place);
    const row: DailyRow = {
      day: parseDay(fields[0] ?? "", place),
      coinId: slug,
      symbol: slug,
      priceUsd: parsePrice(fields[3] ?? "", "close_usd", place),
      capUsd: parseAmount(fields[4] ?? "", "market_cap_usd", place),
      volumeUsd: parseAmount(fields[5] ?? "", "volume_usd", place),
    };
    inOrder(row.coinId, row.day, place);
    watched.watch(row, line);
    visit(row, place);
  });
  watched.finish();
  return rows;
}
