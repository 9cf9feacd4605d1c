// Turns a history store into the market history that decisions look at.
import type { CoinFlags, CoinSeries, History, Provider, ProviderHistory, ReferenceCloses } from "../../history.ts";
import { fullLists } from "../../ranked-lists.ts";
import {
  REFERENCE_COIN,
  type ReferenceBuilder,
  addReference,
  buildReferences,
  isBitcoinMarket,
} from "../../references.ts";
import { MAIN_SOURCE } from "../daily-file.ts";
import { literal } from "./database.ts";
import { readLists } from "./read-lists.ts";
import type { Draft } from "./store.ts";

/** The daily prices, flags and full lists of a store, of several sources of one coin and day the best. */
export async function readHistory(draft: Draft): Promise<History> {
  const providers = await readProviders(draft, await draft.table("daily"));
  const lists = fullLists(await readLists(draft));
  return { providers, flags: await readFlags(draft), references: await readReferences(draft), lists };
}

/** As {@link readHistory} of CoinGecko's main file and the list of coins alone: nothing that supplements them. */
export async function readMainHistory(draft: Draft): Promise<History> {
  const daily = await draft.table("daily");
  const main = `(SELECT * FROM ${daily} WHERE provider = 'coingecko' AND source = ${literal(MAIN_SOURCE)})`;
  return { providers: await readProviders(draft, main), flags: await readFlags(draft), references: [], lists: [] };
}

/** @param rows The rows of the table `daily` to take, in SQL. */
async function readProviders(draft: Draft, rows: string): Promise<ProviderHistory[]> {
  const coins = await readCoins(draft, rows);
  await fillColumns(draft, coins, rows);
  const providers = (["coinmarketcap", "coingecko"] as const).map((provider) => historyOf(provider, coins));
  return providers.filter((history) => history !== undefined);
}

/** What other sources than the main file, and markets of exchanges, state of bitcoin. */
async function readReferences(draft: Draft): Promise<ReferenceCloses[]> {
  const stated = await draft.database.rows(
    `SELECT source, (date - DATE '1970-01-01')::INTEGER, price_usd FROM ${await draft.table("daily")}
     WHERE coin_id = ${literal(REFERENCE_COIN)} AND rank > 0 ORDER BY ALL`,
  );
  const traded = await draft.database.rows(
    `SELECT exchange, (date - DATE '1970-01-01')::INTEGER, close, symbol FROM ${await draft.table("candles")} ORDER BY ALL`,
  );
  const builder: ReferenceBuilder = new Map();
  for (const [source, day, price] of stated) {
    addReference(builder, { source: String(source), day: Number(day), priceUsd: Number(price) });
  }
  for (const [exchange, day, close, symbol] of traded) {
    if (!isBitcoinMarket(String(symbol))) continue;
    const source = `${String(exchange)} ${String(symbol)}`;
    addReference(builder, { source, day: Number(day), priceUsd: Number(close) });
  }
  return buildReferences(builder);
}

type StoredCoin = { readonly provider: string; readonly series: CoinSeries };

async function readFlags(draft: Draft): Promise<Map<string, CoinFlags>> {
  const rows = await draft.database.rows(
    `SELECT coin_id, is_stablecoin, is_wrapped_or_staked, is_rwa_or_commodity FROM ${await draft.table("coins")} ORDER BY 1`,
  );
  return new Map(
    rows.map(([coinId, stable, wrapped, realWorld]) => [
      String(coinId),
      { stable: stable === 1, wrapped: wrapped === 1, realWorld: realWorld === 1 },
    ]),
  );
}

// A coin's symbol is that of its first row, of several sources of that day the best one's.
async function readCoins(draft: Draft, daily: string): Promise<StoredCoin[]> {
  const rows = await draft.database.rows(
    `SELECT provider, coin_id, arg_min(symbol, (date - DATE '1970-01-01') * 1000 + rank),
       (min(date) - DATE '1970-01-01')::INTEGER, (max(date) - min(date))::INTEGER + 1
     FROM ${daily} GROUP BY provider, coin_id ORDER BY provider, coin_id`,
  );
  return rows.map(([provider, coinId, symbol, firstDay, length]) => ({
    provider: String(provider),
    series: {
      coinId: String(coinId),
      symbol: String(symbol),
      firstDay: Number(firstDay),
      priceUsd: unknown(Number(length)),
      capUsd: unknown(Number(length)),
      volumeUsd: unknown(Number(length)),
    },
  }));
}

function unknown(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}

// Rows come by coin and date, the best source of a day last, so that it overwrites the others.
async function fillColumns(draft: Draft, coins: readonly StoredCoin[], daily: string): Promise<void> {
  const batches = draft.database.batches(
    `WITH rows AS (SELECT * FROM ${daily}), coins AS (
       SELECT provider, coin_id, (row_number() OVER (ORDER BY provider, coin_id) - 1)::INTEGER AS ordinal
       FROM (SELECT DISTINCT provider, coin_id FROM rows))
     SELECT ordinal, (date - DATE '1970-01-01')::INTEGER, price_usd, market_cap_usd, volume_usd
     FROM rows JOIN coins USING (provider, coin_id) ORDER BY rank DESC, source DESC`,
  );
  for await (const rows of batches) {
    for (const [ordinal, day, price, cap, volume] of rows) {
      const { series } = coins[Number(ordinal)] as StoredCoin; // ordinals count the same coins
      const at = Number(day) - series.firstDay;
      series.priceUsd[at] = Number(price);
      series.capUsd[at] = knownOr(cap);
      series.volumeUsd[at] = knownOr(volume);
    }
  }
}

function knownOr(value: string | number | null | undefined): number {
  return typeof value === "number" ? value : Number.NaN;
}

function historyOf(provider: Provider, stored: readonly StoredCoin[]): ProviderHistory | undefined {
  const coins = stored.filter((coin) => coin.provider === provider).map(({ series }) => series);
  if (coins.length === 0) return undefined;
  return {
    provider,
    firstDay: Math.min(...coins.map((coin) => coin.firstDay)),
    lastDay: Math.max(...coins.map((coin) => coin.firstDay + coin.priceUsd.length - 1)),
    coins,
  };
}
