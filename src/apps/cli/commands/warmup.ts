// Turns later starts of the data into how long it takes until they decide the same.
import type { Command } from "commander";
import { type WarmUpCheck, checkWarmUp } from "../../../research/warm-up.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { openResearch } from "../research-data.ts";
import { type ResearchOptions, addResearchOptions } from "../research-options.ts";

type WarmUpOptions = ResearchOptions & { readonly strategy: string };

/** Adds `warmup` to the program. */
export function registerWarmup(program: Command): void {
  const command = program
    .command("warmup")
    .description("how long a start in the middle of the data takes to decide what a start at their beginning decides")
    .option("--strategy <name>", "who decides", "ensemble");
  addResearchOptions(command, "methodology").action(async (options: WarmUpOptions) => {
    const checks = await check(options);
    const { data, rules, strategy } = options;
    if (options.json) printJson({ data, rules, strategy, starts: checks });
    else printText(table(checks));
  });
}

async function check(options: WarmUpOptions): Promise<WarmUpCheck[]> {
  const progress = startProgress();
  try {
    const { research, setting, strategies } = await openResearch(options, progress);
    progress.step("starting later");
    return checkWarmUp(research, setting.rules, strategies(options.strategy));
  } finally {
    progress.done();
  }
}

function table(checks: readonly WarmUpCheck[]): string {
  return formatTable(
    [
      { header: "start", align: "left" },
      { header: "later by [week]", align: "right" },
      { header: "agrees after [week]", align: "right" },
      { header: "same regime [% of Sundays]", align: "right" },
    ],
    checks.map(({ start, skippedWeeks, weeksToAgree, share_agreeing }) => [
      start,
      String(skippedWeeks),
      weeksToAgree === null ? "not yet" : String(weeksToAgree),
      (100 * share_agreeing).toFixed(1),
    ]),
  );
}
