// Turns a backtest into JSON, and into tables with the definition of each figure beside it.
import type { Json } from "../../core/canonical-json.ts";
import type { Backtest, Stress } from "../../research/backtest.ts";
import type { CostModel } from "../../research/costs.ts";
import { definitionsOf } from "../../research/definitions.ts";
import type { Placebo } from "../../research/placebo.ts";
import { PRICE_TEST_DEFINITION, type PriceTest } from "../../research/price-noise.ts";
import { figuresTable } from "./figures-view.ts";
import { figuresJson, orNull } from "../../site/figures.ts";
import { type JsonObject, formatTable } from "./output.ts";
import type { Registered } from "./trial-register.ts";

/** A backtest, and what stands around it. */
export type BacktestDocument = {
  readonly backtest: Backtest;
  readonly priceTests: readonly PriceTest[];
  readonly registered: Registered;
  readonly data: string;
  readonly dataDigest: string;
  readonly notices: readonly string[];
};

/** Everything that a backtest found. */
export function backtestJson(document: BacktestDocument): JsonObject {
  const { backtest, registered, data, dataDigest, notices } = document;
  const { setting, evaluation, benchmarks } = backtest;
  const { dates, returns, positions } = evaluation.run;
  const figures = { ...evaluation.figures, ...backtest.relative };
  return {
    strategy: evaluation.name,
    data,
    dataDigest,
    rules: setting.rules.name,
    from: dates[0] ?? null,
    to: dates.at(-1) ?? null,
    costs: setting.costs,
    delayDays: setting.delayDays,
    cashRate: setting.cashRate,
    trialsRun: registered.trialsRun,
    ...figuresJson(figures),
    intervals: backtest.intervals,
    benchmarks: benchmarks.map(({ name, figures: own }) => ({ name, ...figuresJson(own) })),
    stresses: backtest.stresses.map(({ test, value, figures: own }) => ({ test, value, ...figuresJson(own) })),
    placebo: placeboJson(backtest.placebo),
    priceTests: document.priceTests.map((test) => ({ ...test })),
    priceTestDefinition: PRICE_TEST_DEFINITION,
    held: heldCounts(backtest),
    years: backtest.years,
    months: backtest.months,
    crises: backtest.crises,
    switches: evaluation.regimes.switches.map(({ date, to, isDaily }) => ({ date, to, isDaily })),
    roundTrips: backtest.roundTrips,
    weeks: dates.map((date, i) => ({
      date,
      return: orNull(returns[i] ?? Number.NaN),
      index_return: orNull(benchmarks[0]?.returns[i] ?? Number.NaN),
      position: positions[i] ?? null,
    })),
    notices,
    definitions: definitionsOf(figures),
  };
}

/** Sundays on which each reason held the regime, over the whole history. */
function heldCounts({ evaluation }: Backtest): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of evaluation.regimes.heldBy) {
    if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

function placeboJson({ paths, sharpe, cagr, max_drawdown }: Placebo): Json {
  return { paths, sharpe, cagr, max_drawdown };
}

/** The figures, the tests of them and the ways out of the market. */
export function backtestText({ backtest, priceTests, registered, notices }: BacktestDocument): string {
  const { evaluation, setting, benchmarks, stresses } = backtest;
  const { dates } = evaluation.run;
  const parts = [
    `${evaluation.name} on the ${setting.rules.name} index, weeks that closed ${dates[0] ?? "-"} to ${dates.at(-1) ?? "-"}, ${costWords(setting.costs)}.`,
    `Trials ever run: ${registered.trialsRun} (${registered.path}).`,
    "",
    figuresTable({ ...evaluation.figures, ...backtest.relative }),
    "",
    "95 % intervals (stationary bootstrap): " +
      Object.entries(backtest.intervals)
        .map(([key, [low, high]]) => `${key} ${low.toFixed(2)} to ${high.toFixed(2)}`)
        .join(", "),
    placeboText(backtest.placebo),
    ...priceTests.map(priceText),
    "",
    comparisonTable([
      { name: evaluation.name, figures: evaluation.figures },
      ...benchmarks,
      ...stresses.map((stress) => ({ name: stressName(stress), figures: stress.figures })),
    ]),
    "",
    roundTripTable(backtest),
    ...notices.map((notice) => `note: ${notice}`),
  ];
  return parts.join("\n");
}

/** Costs in words. */
export function costWords(costs: CostModel): string {
  if (costs.kind === "flat") return `${costs.switchBps} bps a switch`;
  const { navUsd, feeBps, spreadBps, impactBps, gasUsd } = costs;
  return `costs of a fund of ${navUsd} USD: fee ${feeBps}, spread ${spreadBps}, impact ${impactBps} bps, ${gasUsd} USD a leg`;
}

function placeboText({ paths, sharpe, max_drawdown }: Placebo): string {
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return (
    `Random timing (${paths} paths, same stretches in another order): Sharpe ratio ${sharpe.low.toFixed(2)} to ` +
    `${sharpe.high.toFixed(2)}, as good in ${share(sharpe.share_as_good)}; maximum drawdown as shallow in ${share(max_drawdown.share_as_good)}`
  );
}

function priceText({ noise_bps, paths, share_same_switches, share_within_bounds, cagr }: PriceTest): string {
  const percent = (value: number): string => (100 * value).toFixed(1);
  return (
    `Decided on closes with ${noise_bps} bps of noise (${paths} paths): the same switches in ${percent(share_same_switches)} %, ` +
    `figures within bounds in ${percent(share_within_bounds)} %; cagr ${percent(cagr[0])} to ${percent(cagr[2])} %`
  );
}

function stressName({ test, value }: Stress): string {
  return test === "delay_days" ? `delayed ${value} days` : `${value} bps a switch`;
}

type Row = { readonly name: string; readonly figures: Backtest["evaluation"]["figures"] };

/** A line each: the figures by which strategies are compared. */
export function comparisonTable(rows: readonly Row[]): string {
  const percent = (value: number): string => (Number.isFinite(value) ? (100 * value).toFixed(1) : "-");
  const plain = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : "-");
  return formatTable(
    [
      { header: "strategy", align: "left" },
      { header: "cagr [%]", align: "right" },
      { header: "max_drawdown [%]", align: "right" },
      { header: "calmar", align: "right" },
      { header: "sharpe", align: "right" },
      { header: "ulcer_index_pct", align: "right" },
      { header: "switches_per_year", align: "right" },
      { header: "time_in_market [%]", align: "right" },
    ],
    rows.map(({ name, figures }) => [
      name,
      percent(figures.cagr),
      percent(figures.max_drawdown),
      plain(figures.calmar),
      plain(figures.sharpe),
      plain(figures.ulcer_index_pct),
      plain(figures.switches_per_year),
      percent(figures.time_in_market),
    ]),
  );
}

function roundTripTable({ roundTrips }: Backtest): string {
  return formatTable(
    [
      { header: "left", align: "left" },
      { header: "returned", align: "left" },
      { header: "index meanwhile [%]", align: "right" },
      { header: "saved, costs in [%]", align: "right" },
    ],
    roundTrips.map(({ left, returned, index_return, saved }) => [
      left,
      returned ?? "still out",
      (100 * index_return).toFixed(1),
      (100 * saved).toFixed(1),
    ]),
  );
}
