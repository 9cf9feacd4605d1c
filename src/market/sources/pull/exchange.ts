// Turns an exchange's answers, through ccxt, into candles, funding, open interest and the depth of order books.
import { z } from "zod";
import { DAY } from "../../../core/time.ts";
import type { FieldValue } from "../csv-values.ts";
import type { TableName } from "../store/tables.ts";
import { type Patience, USUAL_PATIENCE, attempt, checkedAnswer } from "./attempt.ts";
import {
  BrokenAnswerError,
  MissingPackageError,
  RateLimitedError,
  SchemaDriftError,
  SourceRefusedError,
  SourceUnavailableError,
} from "./errors.ts";
import type { LastStored, MarketSource, PullBatch } from "./source.ts";

const DAY_MS = DAY * 1000;
/** {s} */
const EIGHT_HOURS = 28_800;
/** Rows and levels of the book asked for at once. */
const CANDLES = 1000;
const FUNDINGS = 1000;
const INTERESTS = 500;
const LEVELS = 1000;
/** {1} */
const TWO_PERCENT = 0.02;

const number = z.number();
const candlesSchema = z.array(z.tuple([number, number, number, number, number, number.nullish()]));
const fundingsSchema = z.array(z.object({ timestamp: number, fundingRate: number }));
const interestsSchema = z.array(
  z.object({ timestamp: number, openInterestAmount: number.nullish(), openInterestValue: number.nullish() }),
);
const level = z.tuple([number, number]).rest(z.unknown());
const bookSchema = z.object({ bids: z.array(level).min(1), asks: z.array(level).min(1) });

/** What is asked for: days from `from` up to the one before `today` ({day} since 1970-01-01), and the books of `now` {s}. */
export type ExchangeOptions = {
  /** Name of the exchange in ccxt, such as `binanceusdm`. */
  readonly exchange: string;
  /** Markets in ccxt's notation, such as `BTC/USDT:USDT`. */
  readonly markets: readonly string[];
  readonly from: number;
  readonly today: number;
  readonly now: number;
  /** In the place of the host of every URL of the exchange. */
  readonly baseUrl?: string;
  readonly patience?: Patience;
};

type SpacedCall = readonly [symbol: string, timeframe: string, since: number, limit: number];
/** What of ccxt is used. Its own types take longer to check than this whole program. */
type Exchange = {
  urls: { api: unknown };
  has: Readonly<Record<string, unknown>>;
  fetchOHLCV: (...call: SpacedCall) => Promise<unknown>;
  fetchFundingRateHistory: (symbol: string, since: number, limit: number) => Promise<unknown>;
  fetchOpenInterestHistory: (...call: SpacedCall) => Promise<unknown>;
  fetchOrderBook: (symbol: string, limit: number) => Promise<unknown>;
};
type ExchangeClass = new (options: Readonly<Record<string, unknown>>) => Exchange;

type Asking = { readonly options: ExchangeOptions; readonly client: Exchange };
type Step = {
  readonly name: string;
  readonly method: string;
  readonly pages: (asking: Asking, market: string, lastStored: LastStored) => AsyncIterable<Rows>;
  readonly table: TableName;
};
type Rows = FieldValue[][];

const STEPS: readonly Step[] = [
  { name: "candles", method: "fetchOHLCV", table: "candles", pages: candlePages },
  { name: "funding", method: "fetchFundingRateHistory", table: "funding", pages: fundingPages },
  { name: "open interest", method: "fetchOpenInterestHistory", table: "open_interest", pages: interestPages },
  { name: "depth", method: "fetchOrderBook", table: "depth", pages: depthPage },
];

/** Candles, funding, open interest and depth of markets of an exchange, as far as it has them. */
export function exchangeSource(options: ExchangeOptions): MarketSource {
  return {
    name: options.exchange,
    async *batches(lastStored): AsyncIterable<PullBatch> {
      const client = await openExchange(options);
      const steps = STEPS.filter(({ method }) => client.has[method] === true);
      const total = options.markets.length * steps.length;
      let done = 0;
      for (const market of options.markets) {
        for (const { name, table, pages } of steps) {
          for await (const rows of pages({ options, client }, market, lastStored))
            yield { table, rows, about: `${name} of ${market}`, done, total };
          done++;
        }
      }
    },
  };
}

async function openExchange({ exchange, baseUrl }: ExchangeOptions): Promise<Exchange> {
  const name: string = "ccxt"; // a name that is not a literal keeps its 60 MB of code and types out of every check
  const library = (await import(name).catch((cause: unknown) => {
    throw new MissingPackageError(name, { cause });
  })) as { readonly default: Readonly<Record<string, ExchangeClass | undefined>> };
  const found = library.default[exchange];
  if (found === undefined)
    throw new SourceRefusedError(exchange, { status: 404, body: "ccxt knows no exchange of this name" });
  const client = new found({ enableRateLimit: true });
  if (baseUrl !== undefined) client.urls.api = withHost(client.urls.api, baseUrl);
  return client;
}

function withHost(urls: unknown, baseUrl: string): unknown {
  if (typeof urls === "string") return `${baseUrl}${new URL(urls).pathname}`;
  return Object.fromEntries(Object.entries(urls as object).map(([key, url]) => [key, withHost(url, baseUrl)]));
}

async function ask<T>(
  { options }: Asking,
  about: { what: string; call: () => Promise<unknown> },
  schema: z.ZodType<T>,
): Promise<T> {
  const request = `${options.exchange} ${about.what}`;
  return await attempt(async () => {
    try {
      return checkedAnswer(request, schema, await about.call());
    } catch (cause) {
      throw cause instanceof SchemaDriftError ? cause : translated(request, cause);
    }
  }, options.patience ?? USUAL_PATIENCE);
}

// ccxt's own classes, by the names along their inheritance.
function translated(request: string, cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const names = lineage(cause);
  if (names.includes("RateLimitExceeded") || names.includes("DDoSProtection"))
    return new RateLimitedError(request, undefined, { cause });
  if (names.includes("NetworkError")) return new SourceUnavailableError(request, cause.message, { cause });
  if (names.includes("ExchangeError"))
    return new SourceRefusedError(request, { status: 400, body: cause.message }, { cause });
  return new BrokenAnswerError(request, cause.message, { cause });
}

function lineage(error: object): string[] {
  const names: string[] = [];
  for (let type: unknown = error.constructor; typeof type === "function"; type = Object.getPrototypeOf(type)) {
    names.push((type as { readonly name: string }).name);
  }
  return names;
}

async function* candlePages(asking: Asking, market: string, lastStored: LastStored): AsyncIterable<Rows> {
  const { exchange, from, today } = asking.options;
  const last = await lastStored("candles", { exchange, symbol: market });
  for (let day = (last ?? from - 1) + 1; day < today;) {
    const call = async (): Promise<unknown> => await asking.client.fetchOHLCV(market, "1d", day * DAY_MS, CANDLES);
    const candles = await ask(asking, { what: `candles of ${market}`, call }, candlesSchema);
    const closed = candles.filter(([time]) => time >= day * DAY_MS && time < today * DAY_MS);
    yield closed.map(([time, open, high, low, close, base]) => {
      return [exchange, market, Math.floor(time / DAY_MS), open, high, low, close, null, base ?? null];
    });
    if (closed.length === 0) return;
    day = Math.floor((closed.at(-1)?.[0] ?? 0) / DAY_MS) + 1;
  }
}

async function* fundingPages(asking: Asking, market: string, lastStored: LastStored): AsyncIterable<Rows> {
  const { exchange, from, today } = asking.options;
  const last = await lastStored("funding", { exchange, symbol: market });
  for (let since = last === undefined ? from * DAY : last + 1; since < today * DAY;) {
    const call = async (): Promise<unknown> =>
      await asking.client.fetchFundingRateHistory(market, since * 1000, FUNDINGS);
    const found = await ask(asking, { what: `funding of ${market}`, call }, fundingsSchema);
    const times = found.map(({ timestamp }) => Math.floor(timestamp / 1000));
    const rows = found.flatMap(({ fundingRate }, i) => {
      const time = times[i] ?? 0;
      if (time < since || time >= today * DAY) return [];
      return [[exchange, market, time, perEightHours(fundingRate, times, i)]];
    });
    yield rows;
    if (rows.length === 0) return;
    since = Math.max(...rows.map(([, , time]) => Number(time))) + 1;
  }
}

// A rate is paid for the time since the one before; exchanges pay every 1, 4 or 8 hours.
function perEightHours(rate: number, times: readonly number[], i: number): number {
  const [before, after] = [times[i - 1], times[i + 1]];
  const time = times[i] ?? 0;
  const span = before !== undefined ? time - before : after !== undefined ? after - time : EIGHT_HOURS;
  const hours = Math.round(span / 3600);
  return hours > 0 && hours < 8 ? (rate * 8) / hours : rate;
}

async function* interestPages(asking: Asking, market: string, lastStored: LastStored): AsyncIterable<Rows> {
  const { exchange, from, today } = asking.options;
  const series = `${exchange} ${market}`;
  const last = await lastStored("open_interest", { market: series });
  const [coin = market] = market.split("/");
  for (let day = (last ?? from - 1) + 1; day < today;) {
    // The record of a midnight is the close of the day before.
    const since = (day + 1) * DAY_MS;
    const call = async (): Promise<unknown> =>
      await asking.client.fetchOpenInterestHistory(market, "1d", since, INTERESTS);
    const found = await ask(asking, { what: `open interest of ${market}`, call }, interestsSchema);
    const rows = found.flatMap(({ timestamp, openInterestAmount, openInterestValue }) => {
      const at = Math.floor(timestamp / DAY_MS) - 1;
      const value = openInterestAmount ?? openInterestValue;
      if (at < day || at >= today || value === null || value === undefined) return [];
      return [[series, at, coin, typeof openInterestAmount === "number" ? "base" : "usd", value]];
    });
    yield rows;
    if (rows.length === 0) return;
    day = Math.max(...rows.map(([, at]) => Number(at))) + 1;
  }
}

async function* depthPage(asking: Asking, market: string): AsyncIterable<Rows> {
  const call = async (): Promise<unknown> => await asking.client.fetchOrderBook(market, LEVELS);
  const { bids, asks } = await ask(asking, { what: `order book of ${market}`, call }, bookSchema);
  const middle = ((bids[0]?.[0] ?? 0) + (asks[0]?.[0] ?? 0)) / 2;
  const [low, high] = [middle * (1 - TWO_PERCENT), middle * (1 + TWO_PERCENT)];
  const isWhole = (bids.at(-1)?.[0] ?? 0) <= low && (asks.at(-1)?.[0] ?? 0) >= high;
  const worth = (levels: readonly (readonly [number, number, ...unknown[]])[]): number =>
    levels.reduce((sum, [price, size]) => (price >= low && price <= high ? sum + price * size : sum), 0);
  const { exchange, now } = asking.options;
  yield [[exchange, market, now, middle, worth(bids), worth(asks), isWhole ? 1 : 0]];
}
