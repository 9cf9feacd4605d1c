// Turns a daily file with CoinMarketCap slugs, one row a coin and day, into rows.
import type { DailyRow } from "../history.ts";
import { type Place, forEachLine } from "./csv-file.ts";
import { parseAmount, parseCoinId, parseDay, parsePrice } from "./csv-values.ts";
import { plausibility } from "./plausibility.ts";
import { orderGuard } from "./row-order.ts";

/** Header of the published format. */
export const CMC_COLUMNS = "date,slug,open_usd,close_usd,market_cap_usd,volume_usd";
/** Header of the normalized format, without the opening price, which nothing needs. */
export const CMC_CLOSE_COLUMNS = "date,slug,close_usd,market_cap_usd,volume_usd";

type RowVisitor = (row: DailyRow, place: Place) => void;

/**
 * Calls `visit` with every row of a file in the {@link CMC_COLUMNS} format. The close is taken as the price; the format
 * has no ticker, so the slug stands for the symbol.
 *
 * @returns The number of rows.
 */
export function readCmcRows(path: string, bytes: Buffer, visit: RowVisitor): number {
  return readRows({ path, bytes, hasOpen: true }, visit);
}

/** As {@link readCmcRows}, for the {@link CMC_CLOSE_COLUMNS} format. */
export function readCmcCloseRows(path: string, bytes: Buffer, visit: RowVisitor): number {
  return readRows({ path, bytes, hasOpen: false }, visit);
}

type Input = { readonly path: string; readonly bytes: Buffer; readonly hasOpen: boolean };

function readRows({ path, bytes, hasOpen }: Input, visit: RowVisitor): number {
  const offset = hasOpen ? 3 : 2;
  const inOrder = orderGuard();
  const watched = plausibility(path);
  const rows = forEachLine({ path, bytes, columns: offset + 3 }, (fields, line) => {
    const place = { file: path, line };
    const slug = parseCoinId(fields[1] ?? "", "slug", place);
    if (hasOpen) parsePrice(fields[2] ?? "", "open_usd", place);
    const row: DailyRow = {
      day: parseDay(fields[0] ?? "", place),
      coinId: slug,
      symbol: slug,
      priceUsd: parsePrice(fields[offset] ?? "", "close_usd", place),
      capUsd: parseAmount(fields[offset + 1] ?? "", "market_cap_usd", place),
      volumeUsd: parseAmount(fields[offset + 2] ?? "", "volume_usd", place),
    };
    inOrder(row.coinId, row.day, place);
    watched.watch(row, line);
    visit(row, place);
  });
  watched.finish();
  return rows;
}
