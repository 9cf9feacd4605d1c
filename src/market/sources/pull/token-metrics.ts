// Turns Token Metrics' answers into grades of tokens and metrics of the market.
import { z } from "zod";
import { dateOfDay, dayNumber, isoDate } from "../../../core/time.ts";
import type { FieldValue } from "../csv-values.ts";
import type { TableName } from "../store/tables.ts";
import { type Patience, USUAL_PATIENCE } from "./attempt.ts";
import { type GetJson, httpClient } from "./http-json.ts";
import { looseNumber, looseNumberOrNull } from "./loose-number.ts";
import type { LastStored, MarketSource, PullBatch } from "./source.ts";

/** Where the API is. */
export const TOKEN_METRICS_URL = "https://api.tokenmetrics.com/v2";
const PER_MINUTE = 20;
/** The most rows that a page may have. */
const PAGE = 100;
/** {day} Asked for at once; all its pages make one batch. */
const WINDOW = 28;

const whole = looseNumber.pipe(z.int());
const day = z.string().transform((text, context) => {
  try {
    return dayNumber(isoDate(text.slice(0, 10)));
  } catch {
    context.addIssue({ code: "custom", message: `expected a date, received '${text}'` });
    return z.NEVER;
  }
});
const token = { TOKEN_ID: whole, DATE: day, TOKEN_SYMBOL: z.string().min(1), TOKEN_NAME: z.string().min(1) };

type Endpoint = {
  readonly path: string;
  readonly table: TableName;
  readonly isByToken: boolean;
  /** An answer's row as one of the table. */
  readonly row: z.ZodType<readonly FieldValue[]>;
};

const ENDPOINTS: readonly Endpoint[] = [
  {
    path: "/market-metrics",
    table: "market_metrics",
    isByToken: false,
    row: z
      .object({
        DATE: day,
        TOTAL_CRYPTO_MCAP: looseNumberOrNull,
        TM_GRADE_PERC_HIGH_COINS: looseNumberOrNull,
        TM_GRADE_SIGNAL: looseNumberOrNull,
        LAST_TM_GRADE_SIGNAL: looseNumberOrNull,
      })
      .transform((row): FieldValue[] => Object.values(row)),
  },
  {
    path: "/trader-grades",
    table: "trader_grades",
    isByToken: true,
    row: z
      .object({
        ...token,
        TA_GRADE: looseNumberOrNull,
        QUANT_GRADE: looseNumberOrNull,
        TM_TRADER_GRADE: looseNumberOrNull,
      })
      .transform((row): FieldValue[] => Object.values(row)),
  },
  {
    path: "/investor-grades",
    table: "investor_grades",
    isByToken: true,
    row: z
      .object({
        ...token,
        FUNDAMENTAL_GRADE: looseNumberOrNull,
        TECHNOLOGY_GRADE: looseNumberOrNull,
        VALUATION_GRADE: looseNumberOrNull,
        TM_INVESTOR_GRADE: looseNumberOrNull,
      })
      .transform((row): FieldValue[] => Object.values(row)),
  },
];

/** What is asked for: days from `from` up to the one before `today` ({day} since 1970-01-01). */
export type TokenMetricsOptions = {
  readonly key: string;
  readonly from: number;
  readonly today: number;
  /** Ids of tokens as Token Metrics has them; without any, all. */
  readonly tokens: readonly string[];
  readonly baseUrl?: string;
  readonly patience?: Patience;
};

/** Grades and market metrics of Token Metrics. */
export function tokenMetricsSource(options: TokenMetricsOptions): MarketSource {
  const get = httpClient({
    baseUrl: options.baseUrl ?? TOKEN_METRICS_URL,
    headers: { accept: "application/json", "x-api-key": options.key },
    perMinute: PER_MINUTE,
    patience: options.patience ?? USUAL_PATIENCE,
  });
  return {
    name: "tokenmetrics",
    async *batches(lastStored): AsyncIterable<PullBatch> {
      const starts: number[] = [];
      for (const endpoint of ENDPOINTS) starts.push(await startOf(endpoint, options, lastStored));
      const windows = ENDPOINTS.flatMap((endpoint, i) => windowsOf(endpoint, starts[i] ?? options.from, options.today));
      for (const [i, { endpoint, from, to }] of windows.entries()) {
        const rows = await allPages(get, endpoint, queryOf(options, { from, to }));
        const about = `${endpoint.path.slice(1)} from ${dateOfDay(from)}`;
        yield { table: endpoint.table, rows, about, done: i + 1, total: windows.length };
      }
    },
  };
}

// The day after the last that all tokens asked for have.
async function startOf(
  { table, isByToken }: Endpoint,
  { tokens, from }: TokenMetricsOptions,
  lastStored: LastStored,
): Promise<number> {
  const series = isByToken && tokens.length > 0 ? tokens.map((id) => ({ token_id: id })) : [{}];
  const lasts: number[] = [];
  for (const one of series) lasts.push((await lastStored(table, one)) ?? from - 1);
  return Math.min(...lasts) + 1;
}

type Window = { readonly endpoint: Endpoint; readonly from: number; readonly to: number };

function windowsOf(endpoint: Endpoint, start: number, today: number): Window[] {
  const windows: Window[] = [];
  for (let from = start; from < today; from += WINDOW)
    windows.push({ endpoint, from, to: Math.min(from + WINDOW, today) - 1 });
  return windows;
}

function queryOf(
  { tokens }: TokenMetricsOptions,
  { from, to }: { readonly from: number; readonly to: number },
): Record<string, string> {
  const span = { startDate: dateOfDay(from), endDate: dateOfDay(to) };
  return tokens.length === 0 ? span : { ...span, token_id: tokens.join(",") };
}

// A server may give shorter pages than asked for, so that only a page with nothing new is the end.
async function allPages(
  get: GetJson,
  { path, row, isByToken }: Endpoint,
  query: Readonly<Record<string, string>>,
): Promise<(readonly FieldValue[])[]> {
  const schema = z.object({ data: z.array(row) });
  const rows = new Map<string, readonly FieldValue[]>();
  for (let page = 1; ; page++) {
    const known = rows.size;
    const { data } = await get(path, { ...query, limit: String(PAGE), page: String(page) }, schema);
    for (const values of data) rows.set(values.slice(0, isByToken ? 2 : 1).join(), values);
    if (rows.size === known) return [...rows.values()];
  }
}
