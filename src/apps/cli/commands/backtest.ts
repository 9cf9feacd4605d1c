// Turns a strategy into the figures of a fund that had followed it.
import { type Command, Option } from "commander";
import { backtest } from "../../../research/backtest.ts";
import { priceTests } from "../../../research/price-noise.ts";
import { digestOf, evaluatedTrial } from "../../../research/register.ts";
import { type BacktestDocument, backtestJson, backtestText } from "../backtest-view.ts";
import { openOutside } from "../market-data.ts";
import { printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { openResearch } from "../research-data.ts";
import { type ResearchOptions, addResearchOptions } from "../research-options.ts";
import { parseWhole } from "../series-input.ts";
import { registerTrials } from "../trial-register.ts";

type BacktestOptions = ResearchOptions & {
  readonly strategy: string;
  readonly report: string | undefined;
  readonly noisePaths: number;
};

/** Adds `backtest` to the program. */
export function registerBacktest(program: Command): void {
  const command = program
    .command("backtest")
    .description("what a fund that follows a strategy would have done, with the tests of it")
    .option("--strategy <name>", "who decides, and on which daily check it leaves: see docs/methodology.md", "ensemble")
    .option("--report <folder>", "write report.html, report.json and weeks.csv into this folder");
  command.addOption(
    new Option("--noise-paths <n>", "paths a noise on which the strategy decides again")
      .argParser(parseWhole(1))
      .default(50),
  );
  addResearchOptions(command, "methodology").action(async (options: BacktestOptions) => {
    const document = await runBacktest(options);
    if (options.json) printJson(backtestJson(document));
    else printText(backtestText(document));
  });
}

async function runBacktest(options: BacktestOptions): Promise<BacktestDocument> {
  const progress = startProgress();
  try {
    const { path, setting, strategies, notices } = await openResearch(options, progress);
    const strategy = strategies(options.strategy);
    progress.step(`running ${options.strategy}`);
    const result = backtest(path, strategy, setting);
    const registered = registerTrials(options.register, [evaluatedTrial(result.evaluation, { setting, path })]);
    progress.step(`running ${options.strategy} on noisy prices`);
    const { evaluation } = result;
    const noisy = priceTests(path, strategy, { evaluation, setting, paths: options.noisePaths });
    const document = {
      backtest: result,
      priceTests: noisy,
      registered,
      data: options.data,
      dataDigest: digestOf(path),
      notices,
    };
    if (options.report !== undefined) {
      progress.step("writing the report");
      // Loaded here and not at import: the charts of a report are a sixth of what every command would have to load.
      const { writeReport } = await import("../report-files.ts");
      writeReport(options.report, { path, outside: await openOutside(options.data, progress) }, document);
    }
    return document;
  } finally {
    progress.done();
  }
}
