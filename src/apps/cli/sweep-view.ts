// Turns a swept grid into JSON and tables.
import { definitionsOf } from "../../research/definitions.ts";
import type { HonestSearch } from "../../research/honest-search.ts";
import { digestOf } from "../../research/register.ts";
import type { GridName } from "../../research/search-grid.ts";
import type { Aim } from "../../research/search.ts";
import { comparisonTable, costWords } from "./backtest-view.ts";
import { figuresJson, orNull } from "../../site/figures.ts";
import { type JsonObject, formatTable } from "./output.ts";
import type { ResearchInput } from "./research-data.ts";
import type { Registered } from "./trial-register.ts";

/** A swept grid, and what stands around it. */
export type Swept = {
  readonly grid: GridName;
  readonly data: string;
  readonly input: ResearchInput;
  readonly found: HonestSearch;
  readonly registered: Registered;
};

/** Everything that a sweep found. */
export function sweepJson({ grid, data, input, found, registered }: Swept): JsonObject {
  const { setting, path, notices } = input;
  const { search, walkForward, baseline } = found;
  const { dates } = walkForward.evaluation.run;
  const { splits, ...cscv } = search.overfit.cscv;
  const figures = { ...cscv, ...search.overfit.figures };
  return {
    grid,
    data,
    dataDigest: digestOf(path),
    rules: setting.rules.name,
    from: dates[0] ?? null,
    to: dates.at(-1) ?? null,
    costs: setting.costs,
    trials: search.trials.length,
    trialsRun: registered.trialsRun,
    splits,
    best: search.overfit.best,
    ...figuresJson(figures),
    bootstrap: { confidence: 0.95, ...search.overfit.intervals },
    strategies: search.trials.map(({ name, figures: own }) => ({ name, ...figuresJson(own) })),
    frontier: search.frontier,
    baseline: figuresJson(baseline.figures),
    walkForward: {
      choices: walkForward.choices.map(({ figure, ...choice }) => ({ ...choice, figure: orNull(figure) })),
      ...figuresJson(walkForward.evaluation.figures),
    },
    ambition: { walkForward: found.aims.map(aimJson), hindsight: hindsightJson(found.hindsight) },
    notices,
    definitions: definitionsOf({ ...baseline.figures, ...figures }),
  };
}

function aimJson({ key, aim, found, isReached }: Aim): JsonObject {
  return { key, aim, found: orNull(found), isReached };
}

function hindsightJson({ name, aims }: HonestSearch["hindsight"]): JsonObject {
  return { name, aims: aims.map(aimJson) };
}

/** The grid, the yearly choice, and the ambition beside both. */
export function sweepText({ grid, input, found, registered }: Swept): string {
  const { search, walkForward, baseline } = found;
  const { rules, costs } = input.setting;
  const { dates } = walkForward.evaluation.run;
  const { cscv, figures } = search.overfit;
  const rows =
    search.trials.length > 100 ? search.trials.filter(({ name }) => search.frontier.includes(name)) : search.trials;
  return [
    `Grid ${grid}: ${search.trials.length} strategies on the ${rules.name} index, weeks that closed ${dates[0] ?? "-"} to ${dates.at(-1) ?? "-"}, ${costWords(costs)}.`,
    `Trials ever run: ${registered.trialsRun} (${registered.path}).`,
    "",
    comparisonTable([...rows, { name: "baseline", figures: baseline.figures }, walkForward.evaluation]),
    "",
    `Best by Sharpe ratio: ${search.overfit.best}; deflated Sharpe ratio ${(figures["deflated_sharpe"] ?? Number.NaN).toFixed(3)}, ` +
      `against holding ${(figures["deflated_sharpe_vs_benchmark"] ?? Number.NaN).toFixed(3)}`,
    `Probability of overfitting (PBO, ${cscv.splits} splits): ${cscv.pbo.toFixed(3)}`,
    `Beaten by none in both growth and deepest fall: ${search.frontier.join(", ")}`,
    "",
    "What the walk-forward chose:",
    ...walkForward.choices.map(({ from, strategy, weeks }) => `  ${from}: ${strategy} (by ${weeks} weeks)`),
    "",
    "Ambition, met by the walk-forward:",
    aimsTable(found.aims),
    "",
    `Ambition, met by ${found.hindsight.name}, chosen by hindsight:`,
    aimsTable(found.hindsight.aims),
    ...input.notices.map((notice) => `note: ${notice}`),
  ].join("\n");
}

function aimsTable(aims: readonly Aim[]): string {
  return formatTable(
    [
      { header: "figure", align: "left" },
      { header: "aim", align: "right" },
      { header: "found", align: "right" },
      { header: "reached", align: "left" },
    ],
    aims.map(({ key, aim, found, isReached }) => [key, aim.toFixed(3), found.toFixed(3), isReached ? "yes" : "no"]),
  );
}
