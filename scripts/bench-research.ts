// Prints how long the research takes on real data, beside the same work in pandas and numpy, in one run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_PARAMETERS } from "../src/config/schema.ts";
import { dateOfDay, isoDate } from "../src/core/time.ts";
import { randomStream } from "../src/core/random.ts";
import { decisionHash } from "../src/engine/decision.ts";
import { decisionsBetween, spanOf } from "../src/engine/run.ts";
import type { History } from "../src/market/history.ts";
import { NO_OUTSIDE_SERIES } from "../src/market/outside-series.ts";
import { filesAt, readDirectory, readFiles } from "../src/market/sources/directory.ts";
import { importFiles } from "../src/market/sources/store/import.ts";
import { backtest } from "../src/research/backtest.ts";
import { capacityOf } from "../src/research/capacity.ts";
import { BASELINE_COSTS } from "../src/research/costs.ts";
import { cscv } from "../src/research/cscv.ts";
import { strategyMaker } from "../src/research/deciders/names.ts";
import { evaluate } from "../src/research/evaluate.ts";
import { gaugesOf } from "../src/research/gauges.ts";
import { type ResearchData, indexPath, loadResearch } from "../src/research/index-path.ts";
import { marketPath } from "../src/research/market-path.ts";
import { priceTests } from "../src/research/price-noise.ts";
import { predictiveValues } from "../src/research/predictive-value.ts";
import { regimePath } from "../src/research/regime-path.ts";
import { reportHtml } from "../src/research/report/report.ts";
import { BASELINE_RULES, COMPARISON_RULES, methodologyRules } from "../src/research/rules.ts";
import { search } from "../src/research/search.ts";
import { GRIDS } from "../src/research/search-grid.ts";
import { runScript } from "./run-script.ts";

const FOLDER = process.env["TM100_MARKET_DATA"] ?? join(import.meta.dirname, "../../shared/data");
const FILES = ["coingecko_daily_2013_2024.csv.gz", "coins.csv.gz"].map((file) => join(FOLDER, file));
const RANGE = { from: isoDate("2018-01-07"), to: isoDate("2024-12-31") };
const RUNS = 5;
/** As `backtest` by default. */
const NOISE_PATHS = 50;

type Reference = { readonly times: Readonly<Record<string, number>>; readonly cagr: number };

function timed<T>(work: () => T): readonly [T, number] {
  const start = performance.now();
  return [work(), performance.now() - start];
}

/** Median of several runs {ms}: the first one also compiles. */
function median(work: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => timed(work)[1]).sort((a, b) => a - b);
  return times[RUNS >> 1] ?? Number.NaN;
}

function print(what: string, milliseconds: number, beside?: number): void {
  const ratio =
    beside === undefined ? "" : `  pandas/numpy ${beside.toFixed(0)} ms, ratio ${(milliseconds / beside).toFixed(2)}`;
  console.log(`${what.padEnd(58)} ${milliseconds.toFixed(0).padStart(7)} ms${ratio}`);
}

/** Time {ms} to write the daily file into an empty store. */
async function storeTime(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "tm100-bench-"));
  try {
    const start = performance.now();
    await importFiles(FILES.flatMap(filesAt), join(folder, "store"), () => {});
    return performance.now() - start;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runReference(): Reference | undefined {
  for (const python of ["/usr/bin/python3", "python3"]) {
    const { status, stdout } = spawnSync(python, [join(import.meta.dirname, "../bench/reference.py"), ...FILES], {
      encoding: "utf8",
    });
    if (status === 0) return JSON.parse(stdout) as Reference;
  }
  console.log("No Python with numpy and pandas (Debian: python3-numpy python3-pandas): the reference is left out.\n");
  return undefined;
}

/** Each coin ten times, under ids of their own, a little smaller each time. */
function tenfold({ providers, flags, references, lists }: History): History {
  return {
    references,
    lists,
    flags: new Map([...flags].flatMap(([id, flag]) => copies((i) => [`${id}-${i}`, flag] as const))),
    providers: providers.map((provider) => ({
      ...provider,
      coins: provider.coins
        .flatMap((coin) =>
          copies((i) => ({
            ...coin,
            coinId: `${coin.coinId}-${i}`,
            capUsd: coin.capUsd.map((cap) => cap * (1 - i / 100)),
          })),
        )
        .sort((a, b) => (a.coinId < b.coinId ? -1 : 1)),
    })),
  };
}

function copies<T>(make: (i: number) => T): T[] {
  return Array.from({ length: 10 }, (_, i) => make(i));
}

/** Universe, weights, regime and level of every week by the published methodology. */
function weekly(data: ResearchData): number {
  const path = indexPath(data, methodologyRules());
  const market = {
    firstDay: path.firstDay,
    weekly: path.levels,
    quality: path.quality,
    ...sundaysOnly(path),
  };
  return regimePath(market, strategyMaker(DEFAULT_PARAMETERS.regime)("ensemble"), DEFAULT_PARAMETERS.regime).switches
    .length;
}

/** A path whose days nobody asks for. */
function sundaysOnly({
  levels,
  compositions,
}: ReturnType<typeof indexPath>): Pick<ReturnType<typeof marketPath>, "daily" | "compositions"> {
  return { daily: new Float64Array(7 * (levels.length - 1) + 1), compositions };
}

function benchBaseline(reference: Reference | undefined): void {
  const [loaded, importTime] = timed(() => readFiles(FILES));
  print("reading coingecko_daily (aim 5,000)", importTime, reference?.times["import"]);
  const [data, loadTime] = timed(() => loadResearch(loaded.history, DEFAULT_PARAMETERS));
  print("rolling features and labels of it, at load", loadTime, reference?.times["features"]);
  print(
    "weekly backtest of it by the baseline's rules",
    median(() => indexPath(data, BASELINE_RULES)),
    reference?.times["backtest"],
  );
  const path = marketPath(indexPath(data, COMPARISON_RULES));
  const setting = { rules: COMPARISON_RULES, costs: BASELINE_COSTS, delayDays: 0, cashRate: 0, range: RANGE };
  const strategies = strategyMaker(COMPARISON_RULES.regime);
  const { figures } = evaluate(path, strategies("ensemble"), { ...setting, rules: BASELINE_RULES });
  console.log(`  cagr of the baseline: ${figures.cagr.toFixed(6)}, pandas ${reference?.cagr.toFixed(6) ?? "left out"}`);
  const hold = evaluate(path, strategies("hold"), setting).run.returns;
  const progress = (): void => undefined;
  const [, sweepTime] = timed(() =>
    search(path, GRIDS.wide.map(strategies), { setting, benchmark: hold, count: 1000, progress }),
  );
  print("sweep of 1,000 strategies with CSCV (aim 60,000)", sweepTime);
  const { normal } = randomStream(1);
  const noise = Array.from({ length: 1000 }, () => Array.from({ length: 365 }, () => 0.002 + 0.05 * normal()));
  print(
    "CSCV of 1,000 trials over 365 weeks, 12,870 splits",
    timed(() => cscv(noise, 16))[1],
    reference?.times["cscv"],
  );
  print("report (aim 3,000)", timed(() => reportOf(path, setting))[1]);
}

function reportOf(path: ReturnType<typeof marketPath>, setting: Parameters<typeof backtest>[2]): string {
  const strategy = strategyMaker(COMPARISON_RULES.regime)("ensemble");
  const result = backtest(path, strategy, setting);
  const { run } = result.evaluation;
  const { regime: parameters } = COMPARISON_RULES;
  const gauges = gaugesOf({ path, run, parameters, outside: NO_OUTSIDE_SERIES });
  const capacity = capacityOf(path, result.evaluation, setting);
  const grades = predictiveValues(path);
  return reportHtml({
    backtest: result,
    priceTests: priceTests(path, strategy, { evaluation: result.evaluation, setting, paths: NOISE_PATHS }),
    gauges,
    capacity,
    grades,
    trialsRun: 0,
    notices: [],
    costs: "50 bps a switch",
  });
}

function benchMethodology(): void {
  const [{ history }, readTime] = timed(() => readDirectory(FOLDER));
  print("import of the whole folder", readTime);
  const [data, loadTime] = timed(() => loadResearch(history, DEFAULT_PARAMETERS));
  print("rolling features and labels at load (aim 10,000)", loadTime);
  const [, first] = timed(() => weekly(data));
  print("weekly backtest 2014-2024, first run", first);
  const once = median(() => weekly(data));
  print("weekly backtest 2014-2024, median of five (aim 150)", once);
  const span = spanOf(history, DEFAULT_PARAMETERS);
  const range = { from: span.first, to: dateOfDay(Math.floor(Date.parse(span.last) / 86_400_000)) };
  const [, chain] = timed(() => [...decisionsBetween(history, range, DEFAULT_PARAMETERS)].map(decisionHash));
  print("all decision records and their hashes (aim 6,000)", chain);
  console.log(`  peak memory so far: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB (aim 1,024)`);
  const [large, largeLoad] = timed(() => loadResearch(tenfold(history), DEFAULT_PARAMETERS));
  const largeOnce = median(() => weekly(large));
  console.log(
    `ten times the coins: load x ${(largeLoad / loadTime).toFixed(1)}, backtest x ${(largeOnce / once).toFixed(1)} (aim 11)`,
  );
}

const HELP = `npm run bench:research

Times the research on real data beside the same work in pandas and numpy, and an import of the data. TM100_MARKET_DATA
names their folder (default: ../shared/data).
`;

await runScript(HELP, async () => {
  if (!FILES.every((file) => existsSync(file))) {
    console.error(`error NO_MARKET_DATA: expected ${FILES.join(" and ")}. Set TM100_MARKET_DATA to their folder.`);
    return 3;
  }
  const reference = runReference();
  print("import of coingecko_daily into a store (aim 5,000)", await storeTime());
  benchBaseline(reference);
  benchMethodology();
  return 0;
});
