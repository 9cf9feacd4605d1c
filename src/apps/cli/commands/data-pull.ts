// Turns a source on the network into rows of the history store.
import { type Command, InvalidArgumentError, Option } from "commander";
import { type SourceSettings, TOKEN_METRICS_VARIABLE, loadSourceSettings } from "../../../config/load.ts";
import { UsageError } from "../../../core/errors.ts";
import { type IsoDate, dayNumber } from "../../../core/time.ts";
import { MissingKeyError } from "../../../market/sources/pull/errors.ts";
import { fearGreedSource } from "../../../market/sources/pull/fear-greed.ts";
import type { PullReport } from "../../../market/sources/pull/pull.ts";
import type { MarketSource } from "../../../market/sources/pull/source.ts";
import { tokenMetricsSource } from "../../../market/sources/pull/token-metrics.ts";
import { jsonOption, parseDate, storeOption } from "../options.ts";
import { printJson, printText } from "../output.ts";
import { formatNumber } from "../../../site/amounts.ts";
import { startProgress } from "../progress.ts";

/** {day} How far back a series goes that the store has nothing of. */
const DEFAULT_SPAN = 365;
const MS_PER_SECOND = 1000;
const SECONDS_PER_DAY = 86_400;

type PullOptions = {
  readonly json: boolean;
  readonly data: string;
  readonly from: IsoDate | undefined;
  readonly coins: readonly string[];
  readonly top: number;
  readonly tokens: readonly string[];
  readonly exchange: string;
  readonly markets: readonly string[];
};

const SOURCES = ["coingecko", "exchange", "tokenmetrics", "fear-greed"] as const;
type SourceName = (typeof SOURCES)[number];

/** Adds `data pull` to the group of data commands. */
export function registerDataPull(data: Command): void {
  data
    .command("pull")
    .description("fetch what the history store lacks, up to yesterday; an interrupted pull goes on where it ended")
    .argument("<source>", SOURCES.join(", "))
    .addOption(
      new Option("--from <date>", "first day of what the store has nothing of (default: a year ago)").argParser(
        parseDate,
      ),
    )
    .addOption(
      new Option("--coins <ids>", "coingecko: ids, with commas between")
        .argParser(parseList)
        .default([], "the largest"),
    )
    .addOption(
      new Option("--top <count>", "coingecko: how many of the largest coins").argParser(parseCount).default(250),
    )
    .addOption(new Option("--tokens <ids>", "tokenmetrics: ids of tokens").argParser(parseList).default([], "all"))
    .addOption(new Option("--exchange <name>", "exchange: its name in ccxt").default("binanceusdm"))
    .addOption(
      new Option("--markets <symbols>", "exchange: markets in ccxt's notation")
        .argParser(parseList)
        .default(["BTC/USDT:USDT", "ETH/USDT:USDT"], "BTC/USDT:USDT,ETH/USDT:USDT"),
    )
    .addOption(storeOption())
    .addOption(jsonOption())
    .action(pullData);
}

async function pullData(name: string, options: PullOptions): Promise<void> {
  const source = await sourceOf(name, options, loadSourceSettings());
  const progress = startProgress();
  try {
    const { pull } = await import("../../../market/sources/pull/pull.ts");
    let rows = 0;
    const report = await pull(source, options.data, (batch) => {
      rows += batch.rows.length;
      progress.step(`${bar(batch.done / batch.total)} ${batch.done} of ${batch.total}, ${rows} rows: ${batch.about}`);
    });
    progress.done();
    if (options.json) printJson({ data: options.data, ...report });
    else printText(pullText(report, options.data));
  } finally {
    progress.done();
  }
}

async function sourceOf(name: string, options: PullOptions, settings: SourceSettings): Promise<MarketSource> {
  const now = Math.floor(Date.now() / MS_PER_SECOND);
  const today = Math.floor(now / SECONDS_PER_DAY);
  const from = options.from === undefined ? today - DEFAULT_SPAN : dayNumber(options.from);
  const span = { from, today };
  switch (name as SourceName) {
    case "fear-greed":
      return fearGreedSource({ today, ...address(settings.fearGreed) });
    case "tokenmetrics": {
      const { key } = settings.tokenMetrics;
      if (key === undefined) throw new MissingKeyError(name, TOKEN_METRICS_VARIABLE);
      return tokenMetricsSource({ key, ...span, tokens: options.tokens, ...address(settings.tokenMetrics) });
    }
    case "coingecko": {
      const { key, plan } = settings.coingecko;
      const { coingeckoSource } = await import("../../../market/sources/pull/coingecko.ts");
      return coingeckoSource({
        key,
        plan,
        ...span,
        coins: options.coins,
        top: options.top,
        ...address(settings.coingecko),
      });
    }
    case "exchange": {
      const { exchangeSource } = await import("../../../market/sources/pull/exchange.ts");
      return exchangeSource({
        exchange: options.exchange,
        markets: options.markets,
        ...span,
        now,
        ...address(settings.exchange),
      });
    }
    default:
      throw new UsageError(`Expected a source of ${SOURCES.join(", ")}, found '${name}'.`);
  }
}

function address({ baseUrl }: { readonly baseUrl: string | undefined }): { readonly baseUrl?: string } {
  return baseUrl === undefined ? {} : { baseUrl };
}

function pullText({ source, added, revised, tables }: PullReport, data: string): string {
  const into = tables.length === 0 ? "" : ` (${tables.join(", ")})`;
  const lines = [`${formatNumber(added, 0)} rows of ${source} added to ${data}${into}.`];
  if (revised > 0)
    lines.push(`${formatNumber(revised, 0)} rows are stated otherwise by now; the store keeps what it had.`);
  return lines.join("\n");
}

function bar(share: number): string {
  const filled = Math.round(share * 20);
  return `[${"#".repeat(filled)}${"-".repeat(20 - filled)}]`;
}

function parseList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError(`Expected a count from 1 to 9999, found '${text}'.`);
  return Number(text);
}
