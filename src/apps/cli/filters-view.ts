// Turns the quality of the tests without labels into tables and into JSON.
import type { Json } from "../../core/canonical-json.ts";
import {
  type Disagreement,
  type FilterQuality,
  type FilterReport,
  type Tally,
  precisionOf,
  recallOf,
} from "../../research/filter-quality.ts";
import { type Column, type JsonObject, formatTable } from "./output.ts";
import { formatNumber } from "../../site/amounts.ts";

const MEASURES = ["mondays", "coins", "capShare"] as const;
const MEASURE_WORDS = { mondays: "coins on a Monday", coins: "coins", capShare: "market cap [%]" } as const;
const FINDS = {
  peg: "stablecoins",
  shadow: "wrapped and staked tokens",
  either: "either kind, by either test",
} as const;

const QUALITY_COLUMNS: readonly Column[] = [
  { header: "test", align: "left" },
  { header: "finds", align: "left" },
  { header: "counted in", align: "left" },
  { header: "found", align: "right" },
  { header: "missed", align: "right" },
  { header: "unlabelled", align: "right" },
  { header: "precision", align: "right" },
  { header: "recall", align: "right" },
];

/** Tables of how well the tests do, and of each coin about which a test and the labels disagree. */
export function filtersText({ from, to, mondays, qualities }: FilterReport): string {
  if (mondays === 0) return "No coin among the 150 largest has flags: there is nothing to measure the tests against.";
  return [
    `Tests that need no label, against the flags of the list of coins, on the ${mondays} Mondays from ${from ?? ""} to ${to ?? ""}.`,
    "A case is a coin on a Monday, among the 150 largest and listed for 90 days. The shadow test decides on nothing.",
    "",
    formatTable(QUALITY_COLUMNS, qualities.flatMap(qualityRows)),
    ...qualities
      .filter(({ filter }) => filter !== "either")
      .flatMap(({ filter, missed, unlabelled }) => [
        ...disagreements(`Missed by the ${filter} test`, missed),
        ...disagreements(`Found by the ${filter} test without the label`, unlabelled),
      ]),
  ].join("\n");
}

function qualityRows(quality: FilterQuality): string[][] {
  return MEASURES.map((measure) => {
    const tally = quality[measure];
    const amount = (value: number): string =>
      measure === "capShare" ? formatNumber(100 * value, 3) : formatNumber(value, 0);
    return [
      quality.filter,
      FINDS[quality.filter],
      MEASURE_WORDS[measure],
      ...[tally.found, tally.missed, tally.unlabelled].map(amount),
      ...[precisionOf(tally), recallOf(tally)].map((share) => (Number.isNaN(share) ? "-" : share.toFixed(3))),
    ];
  });
}

function disagreements(title: string, coins: readonly Disagreement[]): string[] {
  if (coins.length === 0) return [];
  const columns: readonly Column[] = [
    { header: "coin", align: "left" },
    { header: "best rank", align: "right" },
    { header: "found on", align: "right" },
    { header: "of Mondays", align: "right" },
    { header: "repeats", align: "left" },
  ];
  const rows = coins.map(({ coinId, bestRank, foundOn, mondays, repeats }) => {
    return [coinId, String(bestRank), String(foundOn), String(mondays), repeats ?? "-"];
  });
  return ["", title, "", formatTable(columns, rows)];
}

/** The same as a JSON document; precision and recall are `null` where they divide by zero. */
export function filtersJson({ from, to, mondays, qualities }: FilterReport): JsonObject {
  const withShares = (tally: Tally): Json => ({
    ...tally,
    precision: orNull(precisionOf(tally)),
    recall: orNull(recallOf(tally)),
  });
  return {
    from: from ?? null,
    to: to ?? null,
    mondays,
    filters: qualities.map((quality) => ({
      filter: quality.filter,
      mondays: withShares(quality.mondays),
      coins: withShares(quality.coins),
      capShare: withShares(quality.capShare),
      missed: quality.missed,
      unlabelled: quality.unlabelled,
    })),
  };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
