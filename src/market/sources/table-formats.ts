// Turns the header of a file that is no daily history of coins into its columns and the table that keeps them.
import type { FieldKind } from "./csv-values.ts";
import type { TableName } from "./store/tables.ts";

/** A column of a file, what may stand in it, and its name in the table where that is another. */
export type FileColumn = readonly [name: string, kind: FieldKind, inTable?: string];

/** A file format whose rows go into a table as they are. */
export type TableFormat = {
  readonly format: string;
  readonly table: TableName;
  readonly columns: readonly FileColumn[];
  /** A column of the table that holds the file's name without its extension, or a constant. */
  readonly named?: string;
  readonly constants?: Readonly<Record<string, string>>;
  /** Column of the file that names the series of a row; without it, the file is one series. */
  readonly series?: string;
};

const OHLC: readonly FileColumn[] = [
  ["open", "price"],
  ["high", "price"],
  ["low", "price"],
  ["close", "price"],
];
const RANKED: readonly FileColumn[] = [
  ["date", "day"],
  ["rank", "whole"],
];
const SIZED: FileColumn = ["market_cap_usd", "amount"];
const NAMED: readonly FileColumn[] = [
  ["symbol", "text"],
  ["name", "text"],
];
const SUPPLY: FileColumn = ["circulating_supply", "amount?"];

const SNAPSHOT = { table: "snapshots", named: "list", series: "symbol" } as const;

/** Every format besides the daily histories and the list of coins. */
export const TABLE_FORMATS: readonly TableFormat[] = [
  {
    ...SNAPSHOT,
    format: "coingecko-snapshot",
    series: "coin_id",
    columns: [...RANKED, ["coin_id", "id"], ...NAMED, ["price_usd", "price"], SIZED, ["volume_usd", "amount?"]],
  },
  {
    ...SNAPSHOT,
    format: "cmc-snapshot",
    columns: [
      ...RANKED,
      ...NAMED,
      ["price_usd", "price?"],
      SIZED,
      ["volume_usd", "amount?"],
      SUPPLY,
      ["pct_change_7d", "number?"],
    ],
  },
  {
    ...SNAPSHOT,
    format: "cmc-snapshot",
    columns: [...RANKED, ...NAMED, ["price_usd", "price?"], SIZED, ["volume_usd", "amount?"], SUPPLY],
  },
  { ...SNAPSHOT, format: "cmc-snapshot", columns: [...RANKED, ...NAMED, ["price_usd", "price?"], SIZED, SUPPLY] },
  { ...SNAPSHOT, format: "cmc-cap-snapshot", columns: [...RANKED, ...NAMED, SIZED] },
  { ...SNAPSHOT, format: "cmc-cap-snapshot", columns: [...RANKED, ["symbol", "text"], SIZED] },
  {
    format: "market-total",
    table: "market_totals",
    columns: [
      ["date", "day"],
      ["total_market_cap_usd", "amount"],
      ["total_volume_usd", "amount?"],
    ],
  },
  {
    format: "index-levels",
    table: "index_levels",
    series: "index",
    columns: [
      ["date", "day"],
      ["index", "text"],
      ["level", "price"],
      ["source", "text"],
    ],
  },
  {
    format: "index-candles",
    table: "index_candles",
    named: "list",
    columns: [["date", "day"], ...OHLC, ["volume_usd", "amount?"]],
  },
  {
    format: "constituents",
    table: "constituents",
    named: "list",
    series: "slug",
    columns: [
      ["date", "day"],
      ["slug", "id"],
    ],
  },
  {
    format: "fear-greed",
    table: "fear_greed",
    columns: [
      ["date", "day"],
      ["value", "score"],
      ["class", "text"],
    ],
  },
  {
    format: "funding",
    table: "funding",
    series: "symbol",
    columns: [
      ["time_utc", "time"],
      ["exchange", "text"],
      ["symbol", "text"],
      ["funding_rate_8h", "number"],
    ],
  },
  {
    format: "open-interest",
    table: "open_interest",
    series: "market",
    columns: [
      ["date", "day"],
      ["coin", "text"],
      ["market", "text"],
      ["unit", "text"],
      ["open_interest", "amount"],
    ],
  },
  {
    format: "perp-candles",
    table: "candles",
    series: "symbol",
    constants: { exchange: "binance" },
    columns: [["date", "day"], ["symbol", "text"], ...OHLC, ["quote_volume_usdt", "amount", "quote_volume"]],
  },
  {
    format: "btc-grades",
    table: "btc_grades",
    columns: [
      ["date", "day"],
      ["btc_open", "price"],
      ["btc_high", "price"],
      ["btc_low", "price"],
      ["btc_close", "price"],
      ["ta_grade", "score?"],
      ["quant_grade", "score?"],
      ["tm_trader_grade", "score?"],
    ],
  },
  {
    format: "price-feeds",
    table: "price_feeds",
    series: "address",
    columns: [
      ["network", "text"],
      ["pair", "text"],
      ["address", "address"],
      ["decimals", "whole?"],
      ["heartbeat_s", "whole?"],
      ["asset", "text?"],
      ["type", "text?"],
      ["market", "text?"],
    ],
  },
  {
    format: "pools",
    table: "pools",
    series: "pool",
    columns: [
      ["pool", "address"],
      ["token0", "address"],
      ["token1", "address"],
      ["fee_pips", "whole"],
      ["token0_symbol", "text?"],
      ["token1_symbol", "text?"],
      ["token0_coin_id", "text?"],
      ["token1_coin_id", "text?"],
      ["created", "day"],
      ["created_block", "whole"],
    ],
  },
];

/** The header line of a format. */
export function headerOf(format: TableFormat): string {
  return format.columns.map(([name]) => name).join();
}
