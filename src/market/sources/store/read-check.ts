// Turns a history store into what its check looks at.
import type { CheckInput } from "../../defects/find.ts";
import type { SecondSeries } from "../../defects/jumps.ts";
import type { DatedSeries } from "../../defects/missing.ts";
import type { FieldValue } from "../csv-values.ts";
import { quoted } from "./database.ts";
import { readHistory } from "./read-history.ts";
import { readLists } from "./read-lists.ts";
import type { Draft } from "./store.ts";
import { type TableName, columnsOf, keyOf } from "./tables.ts";

/** Tables whose rows are checked as prices and lists, and those that hold no series. */
const OTHERWISE: readonly TableName[] = ["daily", "coins", "constituents", "depth", "price_feeds", "pools"];

/** All that the check looks at. */
export async function readCheckInput(draft: Draft): Promise<CheckInput> {
  const { providers } = await readHistory(draft);
  return { providers, lists: await readLists(draft), markets: await readMarkets(draft), dated: await readDated(draft) };
}

async function readMarkets(draft: Draft): Promise<SecondSeries[]> {
  const rows = await draft.database.rows(
    `SELECT exchange, symbol, ${dayOf("date")}, close FROM ${await draft.table("candles")} ORDER BY exchange, symbol, date`,
  );
  return grouped(rows, (series) => ({ days: series.map(([day]) => day), prices: series.map(([, close]) => close) }));
}

async function readDated(draft: Draft): Promise<DatedSeries[]> {
  const found: DatedSeries[] = [];
  for (const table of draft.tables()) {
    const day = columnsOf(table).find(([, type]) => type === "day");
    if (day === undefined || OTHERWISE.includes(table)) continue;
    const series = keyOf(table).find((key) => key !== "date" && key !== "rank" && key !== "exchange");
    const label = series === undefined ? "'*'" : `${quoted(series)}::VARCHAR`;
    const rows = await draft.database.rows(
      `SELECT DISTINCT '${table}', ${label}, ${dayOf(day[0])}, 0 FROM ${await draft.table(table)} ORDER BY ALL`,
    );
    found.push(
      ...grouped(rows, (days) => ({ days: days.map(([at]) => at), prices: [] })).map(
        ({ source, label: name, days }) => ({
          table: source,
          series: name,
          days,
        }),
      ),
    );
  }
  return found;
}

function dayOf(column: string): string {
  return `(${quoted(column)} - DATE '1970-01-01')::INTEGER`;
}

// Rows of source, label, day and value, those of one series next to each other.
function grouped(
  rows: readonly FieldValue[][],
  columns: (series: readonly (readonly [number, number])[]) => Pick<SecondSeries, "days" | "prices">,
): SecondSeries[] {
  const series = new Map<string, { source: string; label: string; values: [number, number][] }>();
  for (const [source, label, day, value] of rows) {
    const key = `${String(source)}\u0000${String(label)}`;
    const found = series.get(key) ?? { source: String(source), label: String(label), values: [] };
    series.set(key, found);
    found.values.push([Number(day), Number(value)]);
  }
  return [...series.values()].map(({ source, label, values }) => ({ source, label, ...columns(values) }));
}
