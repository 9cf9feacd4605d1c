// Turns rows of second sources into their closes of bitcoin, by which the main one is checked.
import { type History, type ReferenceCloses, valueOn } from "./history.ts";

/** The coin that sources are compared on: its id and its slug. */
export const REFERENCE_COIN = "bitcoin";

/** Closes by source and day. */
export type ReferenceBuilder = Map<string, Map<number, number>>;

/** One close of a second source. */
export type ReferenceRow = { readonly source: string; readonly day: number; readonly priceUsd: number };

const BITCOIN_MARKET = /^(?:BTC|XBT)[/-]?(?:USDT|USDC|USD)(?::[A-Z]+)?$/;

/** Whether a symbol of an exchange is bitcoin in dollars, as `BTCUSDT` and `BTC/USDT:USDT` are. */
export function isBitcoinMarket(symbol: string): boolean {
  return BITCOIN_MARKET.test(symbol);
}

/** Remembers one close; of several of one source and day the first counts. */
export function addReference(builder: ReferenceBuilder, { source, day, priceUsd }: ReferenceRow): void {
  const closes = builder.get(source) ?? new Map<number, number>();
  builder.set(source, closes);
  if (!closes.has(day)) closes.set(day, priceUsd);
}

/** The collected closes, sorted by source. */
export function buildReferences(builder: ReferenceBuilder): ReferenceCloses[] {
  return [...builder].map(([source, closes]) => ({ source, closes })).sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** Who states what of bitcoin at a close. */
export type ReferencePrice = { readonly source: string; readonly priceUsd: number };

/** Every provider and second source that states bitcoin's close of a day, sorted by source. */
export function bitcoinCloses({ providers, references }: History, day: number): ReferencePrice[] {
  const stated = [
    ...providers.map(({ provider, coins }) => {
      const bitcoin = coins.find(({ coinId }) => coinId === REFERENCE_COIN);
      return { source: provider, priceUsd: bitcoin === undefined ? Number.NaN : valueOn(bitcoin, "priceUsd", day) };
    }),
    ...references.map(({ source, closes }) => ({ source, priceUsd: closes.get(day) ?? Number.NaN })),
  ];
  return stated.filter(({ priceUsd }) => priceUsd > 0).sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** {1} The highest over the lowest price, less 1; 0 for fewer than two. */
export function spreadOf(prices: readonly ReferencePrice[]): number {
  if (prices.length < 2) return 0;
  const values = prices.map(({ priceUsd }) => priceUsd);
  return Math.max(...values) / Math.min(...values) - 1;
}
