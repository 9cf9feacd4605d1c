// Turns what is known of a week's data into whether the regime may change on them.
import type { RegimeParameters } from "./parameters.ts";

/** How sound the data behind a decision are. Shares are {1} of the index, with 6 decimals. */
export type DataQuality = {
  /** Weight of last week's index without a price in the week, and share of its names. */
  readonly missingWeight: number;
  readonly missingNames: number;
  /** Weight of this week's index without a price of the close itself, and share of its names. */
  readonly lateWeight: number;
  readonly lateNames: number;
  /** {h} Age of the source's newest close when the decision is taken. */
  readonly sourceAgeHours: number;
  /** Highest over lowest price of bitcoin at the close by all sources that state one, less 1; 0 for a single source. */
  readonly sourcesApart: number;
};

/** What of the data holds the regime. */
export type DataHold = "missing-prices" | "late-source" | "sources-apart";

/** {h} Decisions are taken half an hour after the close. */
export const DECISION_HOURS = 0.5;

/** A week without any defect. */
export const SOUND_DATA: DataQuality = {
  missingWeight: 0,
  missingNames: 0,
  lateWeight: 0,
  lateNames: 0,
  sourceAgeHours: DECISION_HOURS,
  sourcesApart: 0,
};

const DECIMALS = 1e6;

/** The same as a decision states it and the limits compare it: with 6 decimals. */
export function statedQuality(quality: DataQuality): DataQuality {
  const stated = (value: number): number => Math.round(value * DECIMALS) / DECIMALS;
  return {
    missingWeight: stated(quality.missingWeight),
    missingNames: stated(quality.missingNames),
    lateWeight: stated(quality.lateWeight),
    lateNames: stated(quality.lateNames),
    sourceAgeHours: stated(quality.sourceAgeHours),
    sourcesApart: stated(quality.sourcesApart),
  };
}

/** Every reason for which the data hold the regime, the gravest first; none in a sound week. */
export function dataHolds(quality: DataQuality, parameters: RegimeParameters): DataHold[] {
  const { maxMissingWeight, maxMissingNames, maxSourceAgeHours, minSourcesApart } = parameters;
  const isMissing = quality.missingWeight > maxMissingWeight || quality.missingNames > maxMissingNames;
  const isLate = quality.lateWeight > maxMissingWeight || quality.lateNames > maxMissingNames;
  const isStale = quality.sourceAgeHours > maxSourceAgeHours;
  return [
    ...(isMissing ? (["missing-prices"] as const) : []),
    ...(isLate || isStale ? (["late-source"] as const) : []),
    ...(quality.sourcesApart >= minSourcesApart ? (["sources-apart"] as const) : []),
  ];
}
