// Turns a history store into the market history that decisions look at.
import type { CoinFlags, CoinSeries, History, Provider, ProviderHistory } from "../../history.ts";
import { fullLists } from "../../ranked-lists.ts";
import { readLists } from "./read-lists.ts";
import type { Draft } from "./store.ts";

/** The daily prices, flags and full lists of a store, of several sources of one coin and day the best. */
export async function readHistory(draft: Draft): Promise<History> {
  const flags = await readFlags(draft);
  const coins = await readCoins(draft);
  await fillColumns(draft, coins);
  const providers = (["coinmarketcap", "coingecko"] as const).map((provider) => historyOf(provider, coins));
  const lists = fullLists(await readLists(draft));
  return { providers: providers.filter((history) => history !== undefined), flags, lists };
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
async function readCoins(draft: Draft): Promise<StoredCoin[]> {
  const rows = await draft.database.rows(
    `SELECT provider, coin_id, arg_min(symbol, (date - DATE '1970-01-01') * 1000 + rank),
       (min(date) - DATE '1970-01-01')::INTEGER, (max(date) - min(date))::INTEGER + 1
     FROM ${await draft.table("daily")} GROUP BY provider, coin_id ORDER BY provider, coin_id`,
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
async function fillColumns(draft: Draft, coins: readonly StoredCoin[]): Promise<void> {
  const [ordinals = [], days = [], prices = [], caps = [], volumes = []] = await draft.database.columns(
    `WITH coins AS (
       SELECT provider, coin_id, (row_number() OVER (ORDER BY provider, coin_id) - 1)::INTEGER AS ordinal
       FROM (SELECT DISTINCT provider, coin_id FROM daily))
     SELECT ordinal, (date - DATE '1970-01-01')::INTEGER, price_usd, market_cap_usd, volume_usd
     FROM daily JOIN coins USING (provider, coin_id) ORDER BY rank DESC, source DESC`,
  );
  for (let row = 0; row < ordinals.length; row++) {
    const { series } = coins[Number(ordinals[row])] as StoredCoin; // ordinals count the same coins
    const at = Number(days[row]) - series.firstDay;
    series.priceUsd[at] = Number(prices[row]);
    series.capUsd[at] = knownOr(caps[row]);
    series.volumeUsd[at] = knownOr(volumes[row]);
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
