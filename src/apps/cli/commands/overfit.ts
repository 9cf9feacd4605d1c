// Turns a matrix of trial returns into how much of the best one is to be believed.
import { type Command, Option } from "commander";
import { type BootstrapPlan, type Interval, defaultMeanBlock } from "../../../research/bootstrap.ts";
import { DEFAULT_BLOCKS } from "../../../research/cscv.ts";
import { definitionsOf } from "../../../research/definitions.ts";
import { type OverfitReport, judgeTrials } from "../../../research/overfit.ts";
import type { TrialsFile } from "../../../market/sources/series-csv.ts";
import { figuresTable } from "../figures-view.ts";
import { figuresJson, orNull } from "../../../site/figures.ts";
import { printJson, printText } from "../output.ts";
import {
  type AnnualOptions,
  addAnnualOptions,
  loadBenchmark,
  loadTrials,
  parseAbove,
  parseWhole,
  spacingNotices,
} from "../series-input.ts";

type OverfitOptions = AnnualOptions & {
  readonly benchmark: string | undefined;
  readonly blocks: number;
  readonly trialsRun: number | undefined;
  readonly seed: number;
  readonly resamples: number;
  readonly meanBlock: number | undefined;
};

const DEFAULT_RESAMPLES = 1000;

/** What was judged, and the verdict. */
type Judged = {
  readonly input: TrialsFile;
  readonly count: number;
  readonly plan: BootstrapPlan;
  readonly report: OverfitReport;
  readonly notices: readonly string[];
};

/** Adds `overfit` to the program. */
export function registerOverfit(program: Command): void {
  const command = program
    .command("overfit")
    .description("probability that the best of several trials is overfitted; its deflated Sharpe ratio and intervals")
    .argument("<file>", "a CSV file with the simple returns of a trial in each column; a column date names the rows")
    .addOption(new Option("--benchmark <file>", "a series over the same periods whose Sharpe ratio is to be beaten"))
    .addOption(
      new Option("--blocks <n>", "parts of the time, even, up to 20").argParser(parseWhole(2)).default(DEFAULT_BLOCKS),
    )
    .addOption(
      new Option("--trials-run <n>", "trials that were ever run, if more than are in the file").argParser(
        parseWhole(1),
      ),
    )
    .addOption(
      new Option("--resamples <n>", "histories of the bootstrap").argParser(parseWhole(1)).default(DEFAULT_RESAMPLES),
    )
    .addOption(new Option("--seed <n>", "seed of the bootstrap").argParser(parseWhole(0)).default(1))
    .addOption(
      new Option(
        "--mean-block <n>",
        "mean length of a block of the bootstrap (default: cube root of the length)",
      ).argParser(parseAbove(0)),
    );
  addAnnualOptions(command).action((file: string, options: OverfitOptions) => {
    const judged = judge(file, options);
    if (options.json) printJson(overfitJson(judged, options));
    else printText(overfitText(judged));
  });
}

function judge(file: string, options: OverfitOptions): Judged {
  const input = loadTrials(file);
  const returns = input.trials[0]?.returns ?? [];
  const { periodsPerYear: perYear, blocks, resamples, seed } = options;
  const meanBlock = Math.max(1, options.meanBlock ?? defaultMeanBlock(returns.length));
  const plan = { resamples, seed, meanBlock };
  const count = options.trialsRun ?? input.trials.length;
  const benchmark =
    options.benchmark === undefined ? undefined : loadBenchmark(options.benchmark, { returns, dates: input.dates });
  const report = judgeTrials(input.trials, { blocks, count, perYear, benchmark, bootstrap: plan });
  return { input, count, plan, report, notices: spacingNotices(input.dates, perYear) };
}

function overfitJson({ input, count, plan, report, notices }: Judged, options: OverfitOptions) {
  const { splits, ...cscv } = report.cscv;
  const figures = { ...cscv, ...report.figures };
  return {
    file: input.path,
    observations: input.trials[0]?.returns.length ?? 0,
    trials: input.trials.length,
    trialsRun: count,
    periodsPerYear: options.periodsPerYear,
    blocks: options.blocks,
    splits,
    best: report.best,
    ...figuresJson(figures),
    bootstrap: { ...plan, confidence: 0.95, ...report.intervals },
    trialFigures: report.trials.map(({ psr_vs_0, ...trial }) => ({ ...trial, psr_vs_0: orNull(psr_vs_0) })),
    notices,
    definitions: definitionsOf(figures),
  };
}

function overfitText({ input, count, plan, report, notices }: Judged): string {
  const { splits, ...cscv } = report.cscv;
  const interval = (name: string, [low, high]: Interval): string =>
    `  ${name}: ${low.toFixed(4)} to ${high.toFixed(4)}`;
  return [
    `${input.path}: ${input.trials.length} trials, ${count} ever run, ${splits} splits; the best is ${report.best}`,
    "",
    figuresTable({ ...cscv, ...report.figures }),
    "",
    `95 % intervals of the best, stationary bootstrap (${plan.resamples} histories, mean block ${plan.meanBlock}, seed ${plan.seed}):`,
    ...Object.entries(report.intervals).map(([name, ends]) => interval(name, ends)),
    ...notices.map((notice) => `note: ${notice}`),
  ].join("\n");
}
