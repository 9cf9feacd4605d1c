// Turns the name of a rule set into the rules by which the research composes an index and limits a regime.
import { DEFAULT_PARAMETERS, type Parameters } from "../config/schema.ts";
import type { RegimeParameters } from "../regime/parameters.ts";
import type { UniverseParameters } from "../universe/parameters.ts";

/** How an index is composed and how a regime may change. */
export type ResearchRules = {
  readonly name: string;
  readonly universe: UniverseParameters;
  /** By the labels and the peg test of the methodology, or by the flags of the provider's list alone. */
  readonly leaveOut: "methodology" | "flags";
  /** Whether places whose coin has no price stay empty, as decisions have it. */
  readonly holdsRanks: boolean;
  /** Weights by the last cap in parts per million, as decisions have them, or by the average cap as it is. */
  readonly weights: "stated" | "average-cap";
  /** A price counts when it is known within the week, or only when it is the Sunday's own. */
  readonly prices: "week" | "sunday";
  /** Decisions' own calendar and seam, or CoinGecko alone from its first Sunday on. */
  readonly providers: "seam" | "coingecko";
  /** Digits that the level is rounded to, as in a decision; none for the baseline. */
  readonly levelDigits: number | undefined;
  readonly regime: RegimeParameters;
};

/** The published methodology: what decisions do. */
export function methodologyRules(parameters: Parameters = DEFAULT_PARAMETERS): ResearchRules {
  return {
    name: "methodology",
    universe: parameters.universe,
    leaveOut: "methodology",
    holdsRanks: true,
    weights: "stated",
    prices: "week",
    providers: "seam",
    levelDigits: 12,
    regime: parameters.regime,
  };
}

/** Limits that no data exceed: the baseline and the comparison judge deciders, not data. */
const ANY_DATA = {
  maxMissingWeight: 1,
  maxMissingNames: 1,
  maxSourceAgeHours: Number.MAX_VALUE,
  minSourcesApart: Number.MAX_VALUE,
} as const;

/**
 * The rules of the baseline that has to be reproduced: ranks and weights by the 7-day mean cap, 30-day median volume of
 * 1,000,000 USD, no buffer, no 90 days of listing, and no limit on returns to bull.
 */
export const BASELINE_RULES: ResearchRules = {
  name: "baseline",
  universe: {
    ...DEFAULT_PARAMETERS.universe,
    enterRank: DEFAULT_PARAMETERS.universe.size,
    leaveRank: DEFAULT_PARAMETERS.universe.size,
    minListedDays: 0,
    stayVolumeUsd: DEFAULT_PARAMETERS.universe.enterVolumeUsd,
  },
  leaveOut: "flags",
  holdsRanks: false,
  weights: "average-cap",
  prices: "sunday",
  providers: "coingecko",
  levelDigits: undefined,
  regime: { ...DEFAULT_PARAMETERS.regime, dwellDays: 0, maxReturns: 1000, ...ANY_DATA },
};

/** The baseline's index under the chain's own limits on returns to bull: what deciders are compared on. */
export const COMPARISON_RULES: ResearchRules = {
  ...BASELINE_RULES,
  name: "comparison",
  regime: { ...DEFAULT_PARAMETERS.regime, ...ANY_DATA },
};
