// Turns a history store's tables of funding, open interest and sentiment into series by day.
import type { OutsideSeries } from "../../outside-series.ts";
import { isBitcoinMarket } from "../../references.ts";
import type { FieldValue } from "../csv-values.ts";
import type { Draft } from "./store.ts";

const DAY = "(date - DATE '1970-01-01')::INTEGER";
// A settlement at midnight belongs to the day that ends with it.
const SETTLED = "((epoch(time_utc)::BIGINT - 1) // 86400)::INTEGER";

/** What the store holds of bitcoin's perpetuals, and the Fear & Greed index. */
export async function readOutsideSeries(draft: Draft): Promise<OutsideSeries> {
  return {
    funding: await readFunding(draft),
    openInterest: await readOpenInterest(draft),
    fearGreed: await readFearGreed(draft),
  };
}

async function readFunding(draft: Draft): Promise<Map<number, number>> {
  const rows = await draft.database.rows(
    `SELECT symbol, ${SETTLED} AS day, funding_rate_8h FROM ${await draft.table("funding")} ORDER BY day, exchange, symbol, time_utc`,
  );
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [symbol, day, rate] of rows) {
    if (!isBitcoinMarket(String(symbol))) continue;
    const { sum, count } = sums.get(Number(day)) ?? { sum: 0, count: 0 };
    sums.set(Number(day), { sum: sum + Number(rate), count: count + 1 });
  }
  return new Map([...sums].map(([day, { sum, count }]) => [day, sum / count]));
}

async function readOpenInterest(draft: Draft): Promise<Map<number, number>[]> {
  const rows = await draft.database.rows(
    `SELECT market, ${DAY}, open_interest FROM ${await draft.table("open_interest")} WHERE coin = 'BTC' ORDER BY market, date`,
  );
  const markets = new Map<string, Map<number, number>>();
  for (const [market, day, value] of rows) {
    const values = markets.get(String(market)) ?? new Map<number, number>();
    markets.set(String(market), values);
    values.set(Number(day), Number(value));
  }
  return [...markets.values()];
}

async function readFearGreed(draft: Draft): Promise<Map<number, number>> {
  const rows: readonly FieldValue[][] = await draft.database.rows(
    `SELECT ${DAY}, value FROM ${await draft.table("fear_greed")} ORDER BY date`,
  );
  return new Map(rows.map(([day, value]) => [Number(day), Number(value)]));
}
