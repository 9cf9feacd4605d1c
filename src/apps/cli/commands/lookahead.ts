// Turns decisions and strategies into the proof that they look at no later day.
import { type Command, Option } from "commander";
import { DEFAULT_PARAMETERS } from "../../../config/schema.ts";
import { LookAheadError, type LookaheadCheck, checkDecisions, checkStrategies } from "../../../research/lookahead.ts";
import { SEARCH_GRID } from "../../../research/search-grid.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { openResearch } from "../research-data.ts";
import { type ResearchOptions, addResearchOptions } from "../research-options.ts";
import { parseWhole } from "../series-input.ts";

type LookaheadOptions = ResearchOptions & { readonly dates: number };

/** Adds `lookahead` to the program. */
export function registerLookahead(program: Command): void {
  const command = program
    .command("lookahead")
    .description("decisions and strategies with a truncated and with a poisoned future: the same bytes, or exit code 4")
    .argument("[strategies...]", "strategies to try beside the decisions", [...SEARCH_GRID])
    .addOption(new Option("--dates <n>", "Sundays to try strategies on").argParser(parseWhole(1)).default(50));
  addResearchOptions(command, "methodology").action(async (names: readonly string[], options: LookaheadOptions) => {
    const checks = await check(names, options);
    const isClean = checks.every(({ differences }) => differences.length === 0);
    if (options.json) printJson({ data: options.data, rules: options.rules, isClean, checks });
    else printText(table(checks));
    if (!isClean) throw new LookAheadError(checks);
  });
}

async function check(names: readonly string[], options: LookaheadOptions): Promise<LookaheadCheck[]> {
  const progress = startProgress();
  try {
    const { history, path, strategies } = await openResearch(options, progress);
    const step = (text: string): void => {
      progress.step(`trying ${text}`);
    };
    const decisions = checkDecisions(history, DEFAULT_PARAMETERS, step);
    const others = checkStrategies(path, names.map(strategies), { dates: options.dates, progress: step });
    return [...decisions, ...others];
  } finally {
    progress.done();
  }
}

function table(checks: readonly LookaheadCheck[]): string {
  return formatTable(
    [
      { header: "what", align: "left" },
      { header: "future", align: "left" },
      { header: "dates", align: "right" },
      { header: "differences", align: "right" },
    ],
    checks.map(({ what, future, dates, differences }) => [what, future, String(dates), String(differences.length)]),
  );
}
