// Turns several strategies into their figures on the same weeks and costs, side by side.
import type { Command } from "commander";
import { UsageError } from "../../../core/errors.ts";
import { type Benchmark, benchmarksOf } from "../../../research/benchmarks.ts";
import { definitionsOf } from "../../../research/definitions.ts";
import { STRATEGY_NAMES } from "../../../research/deciders/names.ts";
import { digestOf, evaluatedTrial } from "../../../research/register.ts";
import { type Search, search } from "../../../research/search.ts";
import { comparisonTable, costWords } from "../backtest-view.ts";
import { figuresJson } from "../../../site/figures.ts";
import { type JsonObject, printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { type ResearchInput, openResearch } from "../research-data.ts";
import { type ResearchOptions, addResearchOptions } from "../research-options.ts";
import { type Registered, registerTrials } from "../trial-register.ts";

const DEFAULT_STRATEGIES = [
  ...["ensemble", "short-ensemble", "faber-40", "breadth-trader", "breadth-investor", "jump-10", "markov", "majority"],
  ...["ensemble+daily-votes", "ensemble+under-50d-mean"],
];

type Compared = {
  readonly input: ResearchInput;
  readonly found: Search;
  readonly benchmarks: readonly Benchmark[];
  readonly registered: Registered;
};

/** Adds `compare` to the program. */
export function registerCompare(program: Command): void {
  const command = program
    .command("compare")
    .description("figures of several strategies on the same weeks and costs, and how much of the best is chance")
    .argument("[strategies...]", STRATEGY_NAMES, DEFAULT_STRATEGIES);
  addResearchOptions(command, "comparison").action(async (names: readonly string[], options: ResearchOptions) => {
    const compared = await compare(names, options);
    if (options.json) printJson(compareJson(compared, options));
    else printText(compareText(compared));
  });
}

async function compare(names: readonly string[], options: ResearchOptions): Promise<Compared> {
  if (new Set(names).size !== names.length || names.length < 2) {
    throw new UsageError(`Expected two or more different strategies, found ${names.join(", ")}.`);
  }
  const progress = startProgress();
  try {
    const input = await openResearch(options, progress);
    const { path, setting, strategies } = input;
    const benchmarks = benchmarksOf(path, setting);
    const found = search(path, names.map(strategies), {
      setting,
      benchmark: benchmarks[0]?.returns ?? [],
      count: names.length,
      progress: (name) => {
        progress.step(`running ${name}`);
      },
    });
    const trials = found.trials.map((trial) => evaluatedTrial(trial, { setting, path }));
    return { input, found, benchmarks, registered: registerTrials(options.register, trials) };
  } finally {
    progress.done();
  }
}

function compareJson({ input, found, benchmarks, registered }: Compared, options: ResearchOptions): JsonObject {
  const { setting, path, notices } = input;
  const first = found.trials[0];
  return {
    data: options.data,
    dataDigest: digestOf(path),
    rules: setting.rules.name,
    from: first?.run.dates[0] ?? null,
    to: first?.run.dates.at(-1) ?? null,
    costs: setting.costs,
    delayDays: setting.delayDays,
    trialsRun: registered.trialsRun,
    pbo: found.overfit.cscv.pbo,
    strategies: found.trials.map(({ name, figures }) => ({ name, ...figuresJson(figures) })),
    benchmarks: benchmarks.map(({ name, figures }) => ({ name, ...figuresJson(figures) })),
    frontier: found.frontier,
    notices,
    definitions: definitionsOf({ ...first?.figures, pbo: 0 }),
  };
}

function compareText({ input, found, benchmarks, registered }: Compared): string {
  const { dates } = found.trials[0]?.run ?? { dates: [] };
  const { rules, costs } = input.setting;
  return [
    `The ${rules.name} index, weeks that closed ${dates[0] ?? "-"} to ${dates.at(-1) ?? "-"}, ${costWords(costs)}.`,
    `Trials ever run: ${registered.trialsRun} (${registered.path}).`,
    "",
    comparisonTable([...found.trials, ...benchmarks]),
    "",
    `Probability that choosing the best of them is overfitting (PBO): ${found.overfit.cscv.pbo.toFixed(2)}`,
    `Beaten by none in both growth and deepest fall: ${found.frontier.join(", ")}`,
    ...input.notices.map((notice) => `note: ${notice}`),
  ].join("\n");
}
