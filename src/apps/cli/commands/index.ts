// Turns prices and caps of coins into the level of an index of them.
import { type Command, Option } from "commander";
import { quotesByDate } from "../../../market/sources/index-csv.ts";
import {
  type IndexPoint,
  type IndexRule,
  type Weighting,
  indexHistory,
  levelDifference,
} from "../../../universe/index-history.ts";
import { jsonOption } from "../options.ts";
import { formatTable, printJson, printText } from "../output.ts";
import { formatNumber } from "../../../site/amounts.ts";
import { loadTable, parseAbove, parseWhole } from "../series-input.ts";

const WEIGHTINGS: readonly Weighting[] = ["cap", "square-root", "equal"];
/** Members of the index, if not told otherwise. */
const SIZE = 100;

type IndexOptions = {
  readonly json: boolean;
  readonly cap: number;
  readonly weighting: Weighting;
  readonly size: number;
};

/** Adds `index` to the program. */
export function registerIndex(program: Command): void {
  program
    .command("index")
    .description(
      "level of an index of coins, chained and by divisor, and the weights; members are chosen at every date",
    )
    .argument("<files...>", "CSV files with columns date, coin_id, price_usd and market_cap_usd")
    .addOption(
      new Option("--cap <fraction>", "the most that a coin may weigh, for example 0.1")
        .argParser(parseAbove(0))
        .default(1),
    )
    .addOption(new Option("--weighting <rule>", "how caps become weights").choices(WEIGHTINGS).default("cap"))
    .addOption(new Option("--size <n>", "the most coins in the index").argParser(parseWhole(1)).default(SIZE))
    .addOption(jsonOption())
    .action((files: readonly string[], { json, ...rule }: IndexOptions) => {
      const points = indexHistory(quotesByDate(files.map(loadTable)), rule);
      if (json) printJson(indexJson(files, rule, points));
      else printText(indexText(points));
    });
}

function indexJson(files: readonly string[], { weighting, cap, size }: IndexRule, points: readonly IndexPoint[]) {
  return {
    files,
    rule: { weighting, cap, size },
    levelDifference: levelDifference(points),
    levels: points.map(({ members, ...point }) => ({
      ...point,
      weights: members.map(({ coinId, weight }) => ({ coinId, weight })),
    })),
  };
}

function indexText(points: readonly IndexPoint[]): string {
  const table = formatTable(
    [
      { header: "date", align: "left" },
      { header: "level", align: "right" },
      { header: "by divisor", align: "right" },
      { header: "coins", align: "right" },
      { header: "largest", align: "left" },
      { header: "weight [%]", align: "right" },
    ],
    points.map(({ date, level, levelByDivisor, members }) => {
      const [largest] = members;
      const weight = largest === undefined ? "-" : (100 * largest.weight).toFixed(4);
      const levels = [formatNumber(level, 4), formatNumber(levelByDivisor, 4)];
      return [date, ...levels, String(members.length), largest?.coinId ?? "-", weight];
    }),
  );
  return `${table}\n\nLargest relative difference of the two levels: ${levelDifference(points).toExponential(1)}`;
}
