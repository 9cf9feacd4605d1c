// Turns a daily file with CoinGecko ids, one row a coin and day, into rows.
import type { DailyRow } from "../history.ts";
import { type Place, forEachLine } from "./csv-file.ts";
import { parseAmount, parseCoinId, parseDay, parsePrice } from "./csv-values.ts";
import { plausibility } from "./plausibility.ts";
import { orderGuard } from "./row-order.ts";

/** Header of the main format. */
export const COINGECKO_COLUMNS = "date,coin_id,symbol,price_usd,market_cap_usd,volume_usd";
/** Header of the format that also names where each row comes from. */
export const SUPPLEMENT_COLUMNS = "date,coin_id,symbol,source,price_usd,market_cap_usd,volume_usd";

type RowVisitor = (
  row: DailyRow,
  place: { readonly file: string; readonly line: number; readonly source: string },
) => void;

/** Calls `visit` with every row of a file in the {@link COINGECKO_COLUMNS} format. @returns The number of rows. */
export function readCoingeckoRows(path: string, bytes: Buffer, visit: RowVisitor): number {
  return readRows({ path, bytes, hasSource: false }, visit);
}

/** Calls `visit` with every row of a file in the {@link SUPPLEMENT_COLUMNS} format. @returns The number of rows. */
export function readSupplementRows(path: string, bytes: Buffer, visit: RowVisitor): number {
  return readRows({ path, bytes, hasSource: true }, visit);
}

type Input = { readonly path: string; readonly bytes: Buffer; readonly hasSource: boolean };

function readRows(input: Input, visit: RowVisitor): number {
  const offset = input.hasSource ? 4 : 3;
  const inOrder = orderGuard();
  const watched = plausibility(input.path);
  let last: Named = { coinId: "", symbol: "" };
  const rows = forEachLine({ path: input.path, bytes: input.bytes, columns: offset + 3 }, (fields, line) => {
    const source = input.hasSource ? (fields[3] ?? "") : "";
    const place = { file: input.path, line, source };
    const day = parseDay(fields[0] ?? "", place);
    last = namedBy(fields, last, place);
    const row: DailyRow = {
      day,
      coinId: last.coinId,
      symbol: last.symbol,
      priceUsd: parsePrice(fields[offset] ?? "", "price_usd", place),
      capUsd: parseAmount(fields[offset + 1] ?? "", "market_cap_usd", place),
      volumeUsd: parseAmount(fields[offset + 2] ?? "", "volume_usd", place),
    };
    inOrder(input.hasSource ? `${row.coinId} (${source})` : row.coinId, row.day, place);
    watched.watch(row, line);
    visit(row, place);
  });
  watched.finish();
  return rows;
}

type Named = Pick<DailyRow, "coinId" | "symbol">;

/** Who the row is about. Rows of a coin follow each other: one string for them all is checked and hashed once. */
function namedBy(fields: readonly string[], last: Named, place: Place): Named {
  const [id, symbol] = [fields[1] ?? "", fields[2] ?? ""];
  if (id !== "" && id === last.coinId && symbol === last.symbol) return last;
  return { coinId: parseCoinId(id, "coin_id", place), symbol };
}
