// Turns a strategy into the figures of a fund that had followed it.
import type { Command } from "commander";
import { backtest } from "../../../research/backtest.ts";
import { digestOf, evaluatedTrial } from "../../../research/register.ts";
import { type BacktestDocument, backtestJson, backtestText } from "../backtest-view.ts";
import { printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { writeReport } from "../report-files.ts";
import { openResearch } from "../research-data.ts";
import { type ResearchOptions, addResearchOptions } from "../research-options.ts";
import { registerTrials } from "../trial-register.ts";

type BacktestOptions = ResearchOptions & { readonly strategy: string; readonly report: string | undefined };

/** Adds `backtest` to the program. */
export function registerBacktest(program: Command): void {
  const command = program
    .command("backtest")
    .description("what a fund that follows a strategy would have done, with the tests of it")
    .option("--strategy <name>", "who decides, and on which daily check it leaves: see docs/methodology.md", "ensemble")
    .option("--report <folder>", "write report.html, report.json and weeks.csv into this folder");
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
    const document = { backtest: result, registered, data: options.data, dataDigest: digestOf(path), notices };
    if (options.report !== undefined) {
      progress.step("writing the report");
      writeReport(options.report, path, document);
    }
    return document;
  } finally {
    progress.done();
  }
}
