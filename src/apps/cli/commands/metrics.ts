// Turns a series file into its performance figures.
import { type Command, Option } from "commander";
import { relativeMetrics } from "../../../research/benchmark.ts";
import { definitionsOf } from "../../../research/definitions.ts";
import { exposureOf, metricsOf } from "../../../research/metrics.ts";
import { figuresTable } from "../figures-view.ts";
import { figuresJson } from "../../../site/figures.ts";
import { printJson, printText } from "../output.ts";
import {
  type AnnualOptions,
  type LoadedSeries,
  addAnnualOptions,
  loadBenchmark,
  loadSeries,
  spacingNotices,
} from "../series-input.ts";

type MetricsOptions = AnnualOptions & { readonly benchmark: string | undefined };

/** Figures of a file, and of its benchmark. */
type Measured = {
  readonly figures: Readonly<Record<string, number>>;
  readonly benchmark: Readonly<Record<string, number>> | undefined;
  readonly notices: readonly string[];
};

/** Adds `metrics` to the program. */
export function registerMetrics(program: Command): void {
  const command = program
    .command("metrics")
    .description("performance figures of a series, each with its definition")
    .argument(
      "<file>",
      "a CSV file with a column return, log_return, price, level or close, the first of them is taken",
    )
    .addOption(new Option("--benchmark <file>", "a series over the same periods to compare with"));
  addAnnualOptions(command).action((file: string, options: MetricsOptions) => {
    const series = loadSeries(file);
    const measured = measure(series, options);
    if (options.json) printJson(metricsJson(series, measured, options));
    else printText(metricsText(series, measured));
  });
}

function measure(series: LoadedSeries, { benchmark, periodsPerYear }: MetricsOptions): Measured {
  const { returns, dates, positions } = series;
  const exposure = positions === undefined ? {} : exposureOf(positions, periodsPerYear);
  const own = { ...metricsOf(returns, periodsPerYear), ...exposure };
  const notices = spacingNotices(dates, periodsPerYear);
  if (benchmark === undefined) return { figures: own, benchmark: undefined, notices };
  const others = loadBenchmark(benchmark, series);
  const figures = { ...own, ...relativeMetrics({ returns, benchmark: others }, periodsPerYear) };
  return { figures, benchmark: metricsOf(others, periodsPerYear), notices };
}

function metricsJson(series: LoadedSeries, measured: Measured, options: MetricsOptions) {
  const { file, column, dates } = series;
  const { figures, benchmark, notices } = measured;
  return {
    file,
    column,
    from: dates?.[0] ?? null,
    to: dates?.at(-1) ?? null,
    periodsPerYear: options.periodsPerYear,
    ...figuresJson(figures),
    benchmark: benchmark === undefined ? null : { file: options.benchmark ?? null, ...figuresJson(benchmark) },
    notices,
    definitions: definitionsOf(figures),
  };
}

function metricsText({ file, column }: LoadedSeries, { figures, benchmark, notices }: Measured): string {
  const compared = benchmark === undefined ? [] : ["", "Benchmark", "", figuresTable(benchmark)];
  const notes = notices.map((notice) => `note: ${notice}`);
  return [`${file}, column ${column}`, "", figuresTable(figures), ...compared, ...notes].join("\n");
}
