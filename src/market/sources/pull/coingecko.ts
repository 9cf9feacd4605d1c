// Turns CoinGecko's answers, through its official SDK, into daily prices of coins.
import { APIError, Coingecko } from "@coingecko/coingecko-typescript";
import pThrottle from "p-throttle";
import { z } from "zod";
import { DAY, dateOfDay } from "../../../core/time.ts";
import type { FieldValue } from "../csv-values.ts";
import { type Patience, USUAL_PATIENCE, attempt, checkedAnswer, retryAfter } from "./attempt.ts";
import { BrokenAnswerError, RateLimitedError, SourceRefusedError, SourceUnavailableError } from "./errors.ts";
import type { MarketSource, PullBatch } from "./source.ts";

const PER_MINUTE = { demo: 25, pro: 400 } as const;
/** {ms} A record of a midnight may come this much after it. */
const LATE = 600_000;
const DAY_MS = DAY * 1000;
/** Coins of a page of the ranking. */
const PAGE = 250;
/** Name of the source of rows that were pulled. */
const SOURCE = "api";
/** The file of the same provider stands above it; see daily-file.ts. */
const RANK = 1;

const chartSchema = z.object({
  prices: z.array(z.tuple([z.number(), z.number().nullable()])),
  market_caps: z.array(z.tuple([z.number(), z.number().nullable()])),
  total_volumes: z.array(z.tuple([z.number(), z.number().nullable()])),
});
const rankingSchema = z.array(z.object({ id: z.string().min(1), symbol: z.string().min(1) }));

/** What is asked for: days from `from` up to the one before `today` ({day} since 1970-01-01). */
export type CoingeckoOptions = {
  readonly key: string | undefined;
  readonly plan: "demo" | "pro";
  /** The `top` largest coins, or these. */
  readonly coins: readonly string[];
  readonly top: number;
  readonly from: number;
  readonly today: number;
  readonly baseUrl?: string;
  readonly patience?: Patience;
};

type Coin = { readonly id: string; readonly symbol: string };
type Ask = <T>(what: string, call: (client: Coingecko) => Promise<unknown>, schema: z.ZodType<T>) => Promise<T>;

/** Daily closes, caps and volumes of coins. */
export function coingeckoSource(options: CoingeckoOptions): MarketSource {
  const ask = askOf(options);
  return {
    name: "coingecko",
    async *batches(lastStored): AsyncIterable<PullBatch> {
      const coins = await coinsOf(options, ask);
      for (const [i, coin] of coins.entries()) {
        const last = await lastStored("daily", { provider: "coingecko", coin_id: coin.id });
        const from = Math.max(options.from, (last ?? options.from - 1) + 1);
        const rows = from < options.today ? await closes(coin, { from, today: options.today }, ask) : [];
        yield { table: "daily", rows, about: coin.id, done: i + 1, total: coins.length };
      }
    },
  };
}

function askOf({ key, plan, baseUrl, patience }: CoingeckoOptions): Ask {
  const client = new Coingecko({
    demoAPIKey: plan === "demo" ? (key ?? null) : null,
    proAPIKey: plan === "pro" ? (key ?? null) : null,
    ...(baseUrl === undefined ? { environment: plan, baseURL: null } : { baseURL: baseUrl }),
    maxRetries: 0, // repeated here, by the same rules as every source
    logLevel: "off",
  });
  const throttled = pThrottle({ limit: PER_MINUTE[plan], interval: 60_000 })(
    async (what: string, call: (asked: Coingecko) => Promise<unknown>) =>
      await reach(what, async () => await call(client)),
  );
  return async (what, call, schema) =>
    await attempt(
      async () => checkedAnswer(`coingecko ${what}`, schema, await throttled(what, call)),
      patience ?? USUAL_PATIENCE,
    );
}

async function reach(what: string, call: () => Promise<unknown>): Promise<unknown> {
  const request = `coingecko ${what}`;
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof APIError)) throw brokenOr(request, cause);
    const { status, headers, message } = cause as APIError<number | undefined, Headers | undefined, object | undefined>;
    if (status === 429) {
      throw new RateLimitedError(request, retryAfter(headers?.get("retry-after"), Date.now()), { cause });
    }
    if (status !== undefined && status < 500)
      throw new SourceRefusedError(request, { status, body: message }, { cause });
    throw new SourceUnavailableError(request, message, { cause });
  }
}

function brokenOr(request: string, cause: unknown): unknown {
  const isCut = cause instanceof SyntaxError || (cause instanceof TypeError && cause.message === "terminated");
  return isCut ? new BrokenAnswerError(request, cause.message, { cause }) : cause;
}

async function coinsOf({ coins, top }: CoingeckoOptions, ask: Ask): Promise<Coin[]> {
  if (coins.length > 0) return await ranked({ ids: coins.join(","), per_page: PAGE, page: 1 }, ask);
  const found: Coin[] = [];
  for (let page = 1; found.length < top; page++) {
    const next = await ranked({ per_page: PAGE, page }, ask);
    found.push(...next);
    if (next.length < PAGE) break;
  }
  return found.slice(0, top);
}

type RankingQuery = { readonly ids?: string; readonly per_page: number; readonly page: number };

async function ranked(query: RankingQuery, ask: Ask): Promise<Coin[]> {
  return await ask(
    "/coins/markets",
    async (client) => await client.coins.markets.get({ vs_currency: "usd", order: "market_cap_desc", ...query }),
    rankingSchema,
  );
}

async function closes(
  coin: Coin,
  { from, today }: { readonly from: number; readonly today: number },
  ask: Ask,
): Promise<FieldValue[][]> {
  // A close is the record of the midnight after it.
  const span = { from: dateOfDay(from + 1), to: `${dateOfDay(today)}T00:15` };
  const chart = await ask(
    `/coins/${coin.id}/market_chart/range`,
    async (client) => await client.coins.marketChart.getRange(coin.id, { vs_currency: "usd", ...span }),
    chartSchema,
  );
  const [prices, caps, volumes] = [chart.prices, chart.market_caps, chart.total_volumes].map(byDay);
  return [...(prices ?? [])].flatMap(([day, price]) => {
    if (price === null || price <= 0 || day < from || day >= today) return [];
    const cap = caps?.get(day) ?? null;
    const known = cap === 0 ? null : cap; // no supply is known
    const name = coin.symbol.toUpperCase();
    return [["coingecko", coin.id, day, RANK, SOURCE, name, price, known, volumes?.get(day) ?? null]];
  });
}

// By the day that ends at the record's midnight; what lies between two midnights is left out.
function byDay(points: readonly (readonly [number, number | null])[]): Map<number, number | null> {
  const days = new Map<number, number | null>();
  for (const [time, value] of points) {
    const day = Math.floor(time / DAY_MS) - 1;
    if (time % DAY_MS < LATE && !days.has(day)) days.set(day, value);
  }
  return days;
}
