// Turns a market, embedded, of a data folder or of real pools, into what funds of several sizes would pay on it.
import { type Command, Option } from "commander";

import { WAD } from "../../../core/units.ts";
import { type Capacity, type CapacityMarket, type OneWay, capacityOf } from "../../../plan/capacity.ts";
import { gasModelSchema, planLimitsSchema } from "../../../plan/limits.ts";
import { fullPoolState } from "../../../plan/pool-states.ts";
import { marketOfPools } from "../../../plan/pools-market.ts";
import { closeBefore } from "../../../engine/calendar.ts";
import { composerAt } from "../../../engine/snapshot.ts";
import { quotesBefore } from "../../../market/quotes.ts";
import { readCsvBytes } from "../../../market/sources/csv-file.ts";
import { readPoolStates } from "../../../market/sources/pool-states.ts";
import { paperMarket } from "../../../world/paper-market.ts";
import { formatNumber, formatUsd, usdString } from "../../../site/amounts.ts";
import { decisionFor, openHistory } from "../market-data.ts";
import { type MarketOptions, addMarketOptions } from "../options.ts";
import { type JsonObject, formatTable, printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { parseAbove, parseWhole } from "../series-input.ts";

type CapacityOptions = MarketOptions & {
  readonly pools: string | undefined;
  readonly costBps: number;
  readonly gasGwei: number;
  readonly maxImpact: number | undefined;
};

/** {USD} */
const SIZES = [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000] as const;
/** {wei} */
const GWEI = 1e9;
/** {day} A coin whose last price is older is left out. */
const QUOTE_AGE = 7;

/** Adds `capacity` to the program. */
export function registerCapacity(program: Command): void {
  const command = program
    .command("capacity")
    .description("what a fund of 10 k to 100 M USD would pay, and how many names it can hold at a given cost")
    .addOption(new Option("--cost-bps <bps>", "what one way in may cost").argParser(parseAbove(0)).default(50))
    .addOption(new Option("--gas-gwei <gwei>", "price of gas").argParser(parseAbove(0)).default(10))
    .addOption(new Option("--max-impact <bps>", "split legs whose size costs more").argParser(parseWhole(1)))
    .addOption(new Option("--pools <file>", "JSON of real pool states instead of the pools of a market"));
  addMarketOptions(command).action(async (options: CapacityOptions) => {
    const { market, about } = await marketFor(options);
    const progress = startProgress();
    const rows = SIZES.flatMap((size) => {
      progress.step(`planning for ${formatNumber(size, 0)} USD`);
      return capacityOf(market, { sizes: [BigInt(size) * WAD], costBps: options.costBps });
    });
    progress.done();
    if (options.json) printJson(capacityJson(options, about, rows));
    else printText(capacityText(options, about, rows));
  });
}

/** The market, and in words what it is. */
async function marketFor(
  options: CapacityOptions,
): Promise<{ readonly market: CapacityMarket; readonly about: string }> {
  const gas = gasModelSchema.parse({ price: BigInt(Math.round(options.gasGwei * GWEI)) });
  const limits = planLimitsSchema.parse(options.maxImpact === undefined ? {} : { maxImpact: options.maxImpact });
  if (options.pools !== undefined) {
    const market = marketOfPools(readPoolStates(options.pools, readCsvBytes(options.pools)).map(fullPoolState));
    const about = `${market.pools.length} pools of ${options.pools}, ${market.names.length} names of equal weight`;
    return { market: { ...market, gas, limits }, about };
  }
  const { decision } = await decisionFor(options);
  const history = await openHistory(options.data, startProgress());
  const coinIds = decision.index.map(({ coinId }) => coinId);
  const provider = composerAt(history, closeBefore(decision.date));
  const quotes = quotesBefore(provider, { date: decision.date, coinIds, maxAgeDays: QUOTE_AGE });
  const coins = decision.index.flatMap(({ coinId, averageCapUsd }) => {
    const quote = quotes.get(coinId);
    if (quote === undefined) return [];
    const { symbol, priceUsd, volumeUsd = 0 } = quote;
    return [{ coinId, symbol, priceUsd, volumeUsd, capUsd: Number(averageCapUsd) }];
  });
  const about = `the index of ${decision.date} (${options.data}), pools by the rule of the local market`;
  return { market: { ...paperMarket(coins), gas, limits }, about };
}

function capacityJson({ costBps, gasGwei }: CapacityOptions, about: string, rows: readonly Capacity[]): JsonObject {
  return {
    market: about,
    costBps,
    gasGwei,
    sizes: rows.map(({ nav, names, enter, leave, affordable }) => ({
      navUsd: usdString(nav),
      names,
      enter: wayJson(enter),
      leave: wayJson(leave),
      affordable: { names: affordable.names, costBps: affordable.costBps },
    })),
  };
}

function wayJson({ costBps, fee, impact, drift, gas, legs, lasts, unfilled }: OneWay): JsonObject {
  const parts = { feeUsd: usdString(fee), impactUsd: usdString(impact), driftUsd: usdString(drift) };
  return { costBps, ...parts, gasUsd: usdString(gas), legs, lastsSeconds: lasts, unfilledPpm: unfilled };
}

function capacityText({ costBps, gasGwei }: CapacityOptions, about: string, rows: readonly Capacity[]): string {
  const headers = [
    "fund [USD]",
    "names",
    "in [bps]",
    "fee [USD]",
    "impact [USD]",
    "gas [USD]",
    "legs",
    "lasts [h]",
    "not placed [%]",
    "out [bps]",
    `names at ${costBps} bps`,
    "their cost [bps]",
  ];
  const table = formatTable(
    headers.map((header) => ({ header, align: "right" })),
    rows.map(({ nav, names, enter, leave, affordable }) => [
      formatUsd(nav).replace(/\.00$/, ""),
      String(names),
      String(enter.costBps),
      ...[enter.fee, enter.impact, enter.gas].map(formatUsd),
      String(enter.legs),
      (enter.lasts / 3600).toFixed(1),
      (enter.unfilled / 10_000).toFixed(2),
      String(leave.costBps),
      String(affordable.names),
      affordable.names === 0 ? "-" : String(affordable.costBps),
    ]),
  );
  return [
    `Market: ${about}; gas at ${gasGwei} gwei.`,
    "",
    table,
    "",
    "In: from the deposit coin into all names, gas and later rounds counted. Out: everything back.",
    "What the pools do not take at once is sold later, on pools assumed to recover within an hour.",
  ].join("\n");
}
