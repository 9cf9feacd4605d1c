// Turns a backtest into the page that shows all of it, with the definition of each figure beside it.
import type { Backtest } from "../backtest.ts";
import type { Capacity } from "../capacity.ts";
import { definitionsOf } from "../definitions.ts";
import { type JudgedGauge, rollingBeta } from "../gauges.ts";
import { HIT_RATE_DEFINITION } from "../hit-rate.ts";
import { PRICE_TEST_DEFINITION, type PriceTest } from "../price-noise.ts";
import type { PredictiveValue } from "../predictive-value.ts";
import { drawdownsOf, wealthOf } from "../series.ts";
import { type Chart, chartSvg } from "./charts.ts";
import { type Section, WORDS, pageHtml } from "./page.ts";
import {
  crisisTable,
  gaugeTable,
  gradeTable,
  monthTable,
  priceTestTable,
  roundTripTable,
  yearTable,
} from "./tables.ts";

/** What a report is made of. */
export type ReportContent = {
  readonly backtest: Backtest;
  readonly priceTests: readonly PriceTest[];
  readonly gauges: readonly JudgedGauge[];
  readonly capacity: readonly Capacity[];
  readonly grades: readonly PredictiveValue[];
  readonly trialsRun: number;
  readonly notices: readonly string[];
  /** Costs in words. */
  readonly costs: string;
};

/** The page. The same content gives the same bytes. */
export function reportHtml(content: ReportContent): string {
  const { backtest, trialsRun, notices, costs } = content;
  const { evaluation, setting } = backtest;
  const { dates } = evaluation.run;
  const span = `weeks that closed ${dates[0] ?? "-"} to ${dates.at(-1) ?? "-"}`;
  return pageHtml(`TM Global 100: ${evaluation.name}`, notices, [
    {
      title: "What this is",
      text: [
        `Strategy ${evaluation.name} on the ${setting.rules.name} index, ${span}; ${costs}; traded ${setting.delayDays} days after the decision's close; cash earns ${100 * setting.cashRate} % a year.`,
        `Trials ever run, by the register: ${trialsRun}. The more were tried, the less the best of them says.`,
        "A past that was computed is no promise. Smaller and shorter losses are the aim; nothing preserves capital.",
      ],
    },
    figuresSection(content),
    ...chartSections(content),
    capacitySection(content),
    comparisonSection(content),
    placeboSection(content),
    { title: "On noisy prices", text: [PRICE_TEST_DEFINITION], table: priceTestTable(content.priceTests) },
    ...tableSections(content),
  ]);
}

function figuresSection({ backtest }: ReportContent): Section {
  const figures: Record<string, number> = { ...backtest.evaluation.figures, ...backtest.relative };
  const definitions = definitionsOf(figures);
  const intervals: Readonly<Record<string, readonly [number, number]>> = backtest.intervals;
  return {
    title: "Figures",
    text: [
      "r: simple weekly return; N: number of weeks; E: wealth; a: 52 weeks a year. Intervals: middle 95 % of the stationary bootstrap.",
    ],
    table: {
      headers: ["figure", "value", "95 % interval", WORDS],
      rows: Object.entries(figures).map(([key, value]) => {
        const interval = intervals[key];
        const ends = interval === undefined ? "" : `${interval[0].toFixed(2)} … ${interval[1].toFixed(2)}`;
        return [key, shown(value), ends, definitions[key] ?? ""];
      }),
    },
  };
}

function chartSections({ backtest, gauges }: ReportContent): Section[] {
  const { evaluation, benchmarks } = backtest;
  const { dates: labels, returns } = evaluation.run;
  const all = [{ name: evaluation.name, returns }, ...benchmarks];
  const shaded = bearStretches(evaluation.run);
  const chart: Draw = (part) => chartSvg({ labels, shaded, scale: "linear", ...part });
  const index = benchmarks[0]?.returns ?? [];
  return [
    {
      title: "Level",
      text: ["Wealth of 1 at the start; the shaded weeks were in stablecoins (the regime)."],
      charts: [
        chart({
          title: "Level against holding and simple rules",
          unit: "wealth",
          scale: "log",
          lines: all.map((one) => ({ name: one.name, values: wealthOf(one.returns) })),
        }),
      ],
    },
    {
      title: "Drawdowns",
      charts: [
        chart({
          title: "Wealth below its highest so far",
          unit: "%",
          lines: all.slice(0, 3).map((one) => ({ name: one.name, values: percents(drawdownsOf(one.returns)) })),
        }),
      ],
    },
    gaugeSection(gauges, chart),
    {
      title: "Rolling beta",
      charts: [
        chart({
          title: "Beta to the index over 52 weeks",
          unit: "beta",
          lines: [{ name: "beta", values: rollingBeta(returns, index) }],
        }),
      ],
    },
  ];
}

/** Draws a chart over the weeks of the run. */
type Draw = (part: Omit<Chart, "labels" | "shaded" | "scale"> & { readonly scale?: Chart["scale"] }) => string;

function gaugeSection(gauges: readonly JudgedGauge[], chart: Draw): Section {
  const missing = gauges.filter((gauge) => !isRead(gauge));
  return {
    title: "Gauges",
    text: [
      "They stand beside the regime and decide nothing.",
      HIT_RATE_DEFINITION,
      ...missing.map(({ name }) => `${name}: the data hold none for these weeks.`),
    ],
    charts: gauges
      .filter(isRead)
      .map(({ name, unit, values }) => chart({ title: name, unit, lines: [{ name, values }] })),
    table: gaugeTable(gauges),
  };
}

function isRead({ values }: JudgedGauge): boolean {
  return values.some((value) => Number.isFinite(value));
}

function capacitySection({ capacity }: ReportContent): Section {
  return {
    title: "Capacity",
    text: [
      "The same decisions by funds of several sizes, each paying fee, spread, impact and gas for what it trades, weekly trades included.",
    ],
    charts: [
      chartSvg({
        title: "Growth rate by size of the fund",
        labels: capacity.map(({ nav_usd }) => `${(nav_usd / 1e6).toLocaleString("en-US")} M USD`),
        unit: "cagr %",
        scale: "linear",
        shaded: [],
        lines: [{ name: "cagr", values: percents(capacity.map(({ cagr }) => cagr)) }],
      }),
    ],
  };
}

const COMPARED = [
  "cagr",
  "max_drawdown",
  "calmar",
  "sharpe",
  "ulcer_index_pct",
  "switches_per_year",
  "time_in_market",
] as const;

function comparisonSection({ backtest }: ReportContent): Section {
  const { evaluation, benchmarks, stresses } = backtest;
  const compared = [
    { name: evaluation.name, figures: evaluation.figures },
    ...benchmarks,
    ...stresses.map(({ test, value, figures }) => ({ name: `${test} ${value}`, figures })),
  ];
  return {
    title: "Beside benchmarks, and under delay and cost",
    table: {
      headers: ["what", ...COMPARED],
      rows: compared.map(({ name, figures }) => [name, ...COMPARED.map((key) => shown(figures[key]))]),
    },
  };
}

function placeboSection({ backtest: { placebo } }: ReportContent): Section {
  const keys = ["sharpe", "cagr", "max_drawdown"] as const;
  return {
    title: "Beside random timing",
    text: [
      `${placebo.paths} paths with the same stretches in and out of the market in another order, at the same costs.`,
    ],
    table: {
      headers: ["figure", "2.5 %", "median", "97.5 %", "share as good or better"],
      rows: keys.map((key) => {
        const { low, median, high, share_as_good } = placebo[key];
        return [key, ...[low, median, high, share_as_good].map(shown)];
      }),
    },
  };
}

function tableSections({ backtest, grades }: ReportContent): Section[] {
  return [
    { title: "Each way out of the market, and what it saved or cost", table: roundTripTable(backtest.roundTrips) },
    { title: "Crises", table: crisisTable(backtest.crises) },
    { title: "Years", table: yearTable(backtest.years) },
    { title: "Months [%]", table: monthTable(backtest.months) },
    {
      title: "What the grades foretell",
      text: [
        "Mean rank correlation (Spearman) of a grade with the return of the next weeks, 95 % interval by the stationary bootstrap. An interval around 0 means: nothing shown.",
      ],
      table: gradeTable(grades),
    },
  ];
}

/** Stretches of weeks that were out of the market for more than half of their days. */
function bearStretches({ dates, positions }: Backtest["evaluation"]["run"]): (readonly [string, string])[] {
  const stretches: [string, string][] = [];
  dates.forEach((date, i) => {
    if ((positions[i] ?? 1) > 0.5) return;
    const wasOut = i > 0 && (positions[i - 1] ?? 1) <= 0.5;
    const open = wasOut ? stretches.at(-1) : undefined;
    if (open === undefined) stretches.push([dates[i - 1] ?? date, date]);
    else open[1] = date;
  });
  return stretches;
}

function percents(values: readonly number[]): number[] {
  return values.map((value) => 100 * value);
}

function shown(value: number): string {
  if (!Number.isFinite(value)) return "undefined";
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}
