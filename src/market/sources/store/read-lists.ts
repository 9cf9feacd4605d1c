// Turns a history store into the places of its ranked lists.
import type { ListedPlace } from "../../defects/lists.ts";
import type { FieldValue } from "../csv-values.ts";
import type { Draft } from "./store.ts";

/** Every place of every list, by list, day and rank. */
export async function readLists(draft: Draft): Promise<ListedPlace[]> {
  const rows = await draft.database.rows(
    `SELECT list, (date - DATE '1970-01-01')::INTEGER, rank, symbol, price_usd, market_cap_usd, circulating_supply
     FROM ${await draft.table("snapshots")} ORDER BY list, date, rank`,
  );
  return rows.map(([list, day, rank, symbol, priceUsd, capUsd, supply]) => ({
    list: String(list),
    day: Number(day),
    rank: Number(rank),
    symbol: String(symbol),
    priceUsd: amount(priceUsd),
    capUsd: Number(capUsd),
    supply: amount(supply),
  }));
}

function amount(value: FieldValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}
