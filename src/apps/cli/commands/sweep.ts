// Turns a grid of strategies into its verdict: what each did, what is chance, and what choosing by the past did.
import { type Command, Option } from "commander";
import { honestSearch } from "../../../research/honest-search.ts";
import { countTrials, registeredTrial } from "../../../research/register.ts";
import { GRIDS, type GridName, SELECTION } from "../../../research/search-grid.ts";
import { printJson, printText } from "../output.ts";
import { startProgress } from "../progress.ts";
import { openResearch } from "../research-data.ts";
import { type ResearchOptions, addResearchOptions } from "../research-options.ts";
import { sharedStrategies } from "../shared-strategies.ts";
import { type Swept, sweepJson, sweepText } from "../sweep-view.ts";
import { readRegister, registerTrials } from "../trial-register.ts";

type SweepOptions = ResearchOptions & {
  readonly grid: GridName;
  readonly share: boolean;
  readonly schema: string;
};

/** Adds `sweep` to the program. */
export function registerSweep(program: Command): void {
  const command = program
    .command("sweep")
    .description("a whole grid of strategies: figures, probability of overfitting, yearly choice by the past, ambition")
    .addOption(
      new Option(
        "--grid <name>",
        "search: the 32 strategies of the search; lookbacks: 24 of one rule; wide: a thousand",
      )
        .choices(Object.keys(GRIDS))
        .default("search"),
    )
    .addOption(
      new Option("--share", "share the work in DATABASE_URL with every machine that runs the same command").default(
        false,
      ),
    )
    .addOption(new Option("--schema <name>", "with --share: where, in DATABASE_URL").default("tm100"));
  addResearchOptions(command, "comparison").action(async (options: SweepOptions) => {
    const swept = await sweep(options);
    if (options.json) printJson(sweepJson(swept));
    else printText(sweepText(swept));
  });
}

async function sweep(options: SweepOptions): Promise<Swept> {
  const progress = startProgress();
  try {
    const input = await openResearch(options, progress);
    const { path, setting, strategies } = input;
    const names = GRIDS[options.grid];
    // A grid that is in the register already is not counted twice: so the same command gives the same bytes.
    const line = (figures: {
      sharpe: number;
      cagr: number;
      max_drawdown: number;
    }): ReturnType<typeof registeredTrial> =>
      registeredTrial({
        tried: `grid:${options.grid}`,
        trials: names.length,
        range: setting.range,
        setting,
        path,
        figures,
      });
    const known = readRegister(options.register);
    const { id } = line({ sharpe: 0, cagr: 0, max_drawdown: 0 });
    const count = countTrials(known) + (known.some((trial) => trial.id === id) ? 0 : names.length);
    const { share, schema } = options;
    const maker = share ? await sharedStrategies({ path, strategies, names, id, schema }) : strategies;
    const found = honestSearch(path, {
      names,
      strategies: maker,
      setting,
      selection: SELECTION,
      count,
      progress: (name, i) => {
        progress.step(`running ${name} (${i + 1} of ${names.length})`);
      },
    });
    const best = found.search.trials.find(({ name }) => name === found.search.overfit.best);
    const registered = registerTrials(options.register, [line(best?.figures ?? found.baseline.figures)]);
    return { grid: options.grid, data: options.data, input, found, registered };
  } finally {
    progress.done();
  }
}
