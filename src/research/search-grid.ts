// Turns the search for a better decider into its grid, fixed before any result was seen.

/**
 * Eight ways to enter on a Sunday. The published votes; Faber's mean at its published length and at half of it; the
 * votes at half their lengths; breadth of high grades; the two models with hidden states; and the majority of a trend, a
 * breadth and a model decider.
 */
const ENTRIES = [
  "ensemble",
  "short-ensemble",
  "faber-40",
  "faber-20",
  "breadth-investor",
  "jump-10",
  "markov",
  "majority",
] as const;

/**
 * Four ways to leave on a day: none; the published votes cast daily; a fall of a fifth from the highest close of a
 * quarter; below the mean of 50 days, the most common length of its kind.
 */
const EXITS = ["", "+daily-votes", "+fall-20-of-91d", "+under-50d-mean"] as const;

/** The 32 strategies of the search. Lengths are round numbers in general use; none was fitted, none is ever added. */
export const SEARCH_GRID: readonly string[] = ENTRIES.flatMap((entry) => EXITS.map((exit) => `${entry}${exit}`));

/** Faber's rule at 24 lookbacks of 2 to 48 weeks, none of which is worse founded than another. */
const LOOKBACKS: readonly string[] = Array.from({ length: 24 }, (_, i) => `faber-${2 + 2 * i}`);

/** A thousand strategies, for trying the machine out: a hundred lookbacks by ten ways to leave. */
const WIDE: readonly string[] = Array.from({ length: 100 }, (_, i) => `faber-${2 + i}`).flatMap((entry) => [
  entry,
  ...[10, 15, 20, 25, 30].map((fall) => `${entry}+fall-${fall}-of-91d`),
  ...[20, 50, 100, 200].map((days) => `${entry}+under-${days}d-mean`),
]);

/** The grids that can be swept, by name. */
export const GRIDS: Readonly<Record<"search" | "lookbacks" | "wide", readonly string[]>> = {
  search: SEARCH_GRID,
  lookbacks: LOOKBACKS,
  wide: WIDE,
};

/** Name of a grid; a decider for the fund is looked for in `search` alone. */
export type GridName = keyof typeof GRIDS;

/**
 * How the walk-forward chooses: at the start and at each turn of the year, the strategy with the highest Martin ratio (growth over ulcer
 * index, because depth and length of losses are the aim) in all weeks before. It trades it for a year.
 */
export const SELECTION = { figure: "martin_ratio" } as const;

/** What the search is measured against: the ambition of the research, net of costs on the baseline's weeks. */
export const AMBITION = {
  /** {1} No deeper. */
  max_drawdown: -0.44,
  calmar: 0.9,
  /** {1} Of the ulcer index of holding. */
  ulcer_share: 0.5,
  switches_per_year: 5,
  /** {1} Of its growth rate, that a delay of a day may cost. */
  delay_cost_share: 0.1,
  pbo: 0.3,
} as const;
