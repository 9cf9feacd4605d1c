// Turns the name of a table of the history store into its columns, its key and its place on disk.

/** How a column is kept. `day` is an existing day, `time` a second of UTC. */
export type ColumnType = "day" | "time" | "text" | "number" | "integer";

/** A column of a table; `?` behind its type allows nothing in it. */
export type StoreColumn = readonly [name: string, type: ColumnType | `${ColumnType}?`];

/** Name of a table of the store. */
export type TableName = keyof typeof TABLES;

/** What a table holds: its columns, and how many of the first ones make a row unique. Rows are kept in their order. */
export type StoreTable = { readonly keys: number; readonly columns: readonly StoreColumn[] };

const OHLC: readonly StoreColumn[] = [
  ["open", "number"],
  ["high", "number"],
  ["low", "number"],
  ["close", "number"],
];

/** Every table. Money is in US dollars, days are closes at 24:00 UTC. */
export const TABLES = {
  /** Prices of coins. `rank` orders sources of one coin and day, the best first. */
  daily: {
    keys: 5,
    columns: [
      ["provider", "text"],
      ["coin_id", "text"],
      ["date", "day"],
      ["rank", "integer"],
      ["source", "text"],
      ["symbol", "text"],
      ["price_usd", "number"],
      ["market_cap_usd", "number?"],
      ["volume_usd", "number?"],
    ],
  },
  coins: {
    keys: 1,
    columns: [
      ["coin_id", "text"],
      ["is_stablecoin", "integer"],
      ["is_wrapped_or_staked", "integer"],
      ["is_rwa_or_commodity", "integer"],
      ["symbol", "text?"],
      ["name", "text?"],
      ["first_date", "day?"],
      ["best_rank", "integer?"],
      ["asset_platform", "text?"],
      ["ethereum_address", "text?"],
      ["base_address", "text?"],
      ["arbitrum_address", "text?"],
      ["optimism_address", "text?"],
      ["polygon_address", "text?"],
      ["bsc_address", "text?"],
      ["avalanche_address", "text?"],
      ["categories", "text?"],
    ],
  },
  /** Ranked lists of one day; `list` is the name of the file without its extension. */
  snapshots: {
    keys: 3,
    columns: [
      ["list", "text"],
      ["date", "day"],
      ["rank", "integer"],
      ["symbol", "text"],
      ["coin_id", "text?"],
      ["name", "text?"],
      ["price_usd", "number?"],
      ["market_cap_usd", "number"],
      ["volume_usd", "number?"],
      ["circulating_supply", "number?"],
      ["pct_change_7d", "number?"],
    ],
  },
  market_totals: {
    keys: 1,
    columns: [
      ["date", "day"],
      ["total_market_cap_usd", "number"],
      ["total_volume_usd", "number?"],
    ],
  },
  index_levels: {
    keys: 2,
    columns: [
      ["index", "text"],
      ["date", "day"],
      ["level", "number"],
      ["source", "text"],
    ],
  },
  index_candles: {
    keys: 2,
    columns: [["list", "text"], ["date", "day"], ...OHLC, ["volume_usd", "number?"]],
  },
  constituents: {
    keys: 3,
    columns: [
      ["list", "text"],
      ["date", "day"],
      ["slug", "text"],
    ],
  },
  fear_greed: {
    keys: 1,
    columns: [
      ["date", "day"],
      ["value", "number"],
      ["class", "text"],
    ],
  },
  /** {1} per eight hours; positive: longs pay. */
  funding: {
    keys: 3,
    columns: [
      ["exchange", "text"],
      ["symbol", "text"],
      ["time_utc", "time"],
      ["funding_rate_8h", "number"],
    ],
  },
  open_interest: {
    keys: 2,
    columns: [
      ["market", "text"],
      ["date", "day"],
      ["coin", "text"],
      ["unit", "text"],
      ["open_interest", "number"],
    ],
  },
  /** Candles of markets of exchanges, in the market's quote currency. */
  candles: {
    keys: 3,
    columns: [
      ["exchange", "text"],
      ["symbol", "text"],
      ["date", "day"],
      ...OHLC,
      ["quote_volume", "number?"],
      ["base_volume", "number?"],
    ],
  },
  /** Quote currency that an order book holds within 2 % of its middle; `is_whole` is 0 where the book told ends before. */
  depth: {
    keys: 3,
    columns: [
      ["exchange", "text"],
      ["symbol", "text"],
      ["time_utc", "time"],
      ["middle", "number"],
      ["bids_to_2_percent", "number"],
      ["asks_to_2_percent", "number"],
      ["is_whole", "integer"],
    ],
  },
  btc_grades: {
    keys: 1,
    columns: [
      ["date", "day"],
      ["btc_open", "number"],
      ["btc_high", "number"],
      ["btc_low", "number"],
      ["btc_close", "number"],
      ["ta_grade", "number?"],
      ["quant_grade", "number?"],
      ["tm_trader_grade", "number?"],
    ],
  },
  /** Token Metrics' grades of a token, 0 to 100. */
  trader_grades: {
    keys: 2,
    columns: [
      ["token_id", "integer"],
      ["date", "day"],
      ["symbol", "text"],
      ["name", "text"],
      ["ta_grade", "number?"],
      ["quant_grade", "number?"],
      ["tm_trader_grade", "number?"],
    ],
  },
  investor_grades: {
    keys: 2,
    columns: [
      ["token_id", "integer"],
      ["date", "day"],
      ["symbol", "text"],
      ["name", "text"],
      ["fundamental_grade", "number?"],
      ["technology_grade", "number?"],
      ["valuation_grade", "number?"],
      ["tm_investor_grade", "number?"],
    ],
  },
  market_metrics: {
    keys: 1,
    columns: [
      ["date", "day"],
      ["total_market_cap_usd", "number?"],
      ["tm_grade_percent_high_coins", "number?"],
      ["tm_grade_signal", "number?"],
      ["last_tm_grade_signal", "number?"],
    ],
  },
  price_feeds: {
    keys: 3,
    columns: [
      ["network", "text"],
      ["pair", "text"],
      ["address", "text"],
      ["decimals", "integer?"],
      ["heartbeat_s", "integer?"],
      ["asset", "text?"],
      ["type", "text?"],
      ["market", "text?"],
    ],
  },
  pools: {
    keys: 1,
    columns: [
      ["pool", "text"],
      ["token0", "text"],
      ["token1", "text"],
      ["fee_pips", "integer"],
      ["token0_symbol", "text?"],
      ["token1_symbol", "text?"],
      ["token0_coin_id", "text?"],
      ["token1_coin_id", "text?"],
      ["created", "day"],
      ["created_block", "integer"],
    ],
  },
  /** Uniswap v3 pools at a block. Whole numbers of more than 53 bits are decimal strings. */
  pool_states: {
    keys: 3,
    columns: [
      ["chain_id", "integer"],
      ["pool", "text"],
      ["block", "integer"],
      ["dex", "text"],
      ["token0", "text"],
      ["token0_symbol", "text"],
      ["token0_decimals", "integer"],
      ["token1", "text"],
      ["token1_symbol", "text"],
      ["token1_decimals", "integer"],
      ["fee_pips", "integer"],
      ["tick_spacing", "integer"],
      ["sqrt_price_x96", "text"],
      ["tick", "integer"],
      ["liquidity", "text"],
      ["price_token1_per_token0", "number"],
    ],
  },
  /** Every tick of such a pool at which liquidity begins or ends. */
  pool_ticks: {
    keys: 4,
    columns: [
      ["chain_id", "integer"],
      ["pool", "text"],
      ["block", "integer"],
      ["tick", "integer"],
      ["liquidity_gross", "text"],
      ["liquidity_net", "text"],
    ],
  },
} as const satisfies Record<string, StoreTable>;

/** The columns of a table. */
export function columnsOf(table: TableName): readonly StoreColumn[] {
  return TABLES[table].columns;
}

/** Names of the columns that make a row of the table unique, in the order of its rows. */
export function keyOf(table: TableName): readonly string[] {
  return columnsOf(table)
    .slice(0, TABLES[table].keys)
    .map(([name]) => name);
}

/** Every table's name. */
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** The file of a table in the store's folder. */
export function fileOf(table: TableName): string {
  return `${table}.parquet`;
}
