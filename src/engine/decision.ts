// Turns a decision into its canonical text and hash, and into the state that the next one starts from.
import { type Hex } from "viem";
import { type Json, canonicalHash } from "../core/canonical-json.ts";
import type { IsoDate } from "../core/time.ts";
import type { Ppm } from "../core/units.ts";
import type { Provider } from "../market/history.ts";
import type { HoldReason, Regime, RegimeState } from "../regime/ensemble.ts";
import type { DataQuality } from "../regime/data-quality.ts";
import type { ExcludedCoin, InclusionReason } from "../universe/universe.ts";

/** Version of docs/methodology.md. */
export const METHODOLOGY_VERSION = "1.2.0";

/** The coin that deposits are made in, and in which what no asset has room for stays. */
export const DEPOSIT_COIN = { coinId: "usd-coin", symbol: "USDC" } as const;

/** What a decision asks to be held. */
export type TargetWeight = { readonly coinId: string; readonly symbol: string; readonly weightPpm: Ppm };

/** A coin that a cap keeps below its weight in the index. */
export type CappedName = { readonly coinId: string; readonly indexPpm: Ppm; readonly cutPpm: Ppm };

/** One coin of the index. Amounts are decimal strings. */
export type IndexEntry = TargetWeight & {
  /** By average cap among eligible coins, from 1. */
  readonly rank: number;
  /** {USD} Mean market cap over the ranking window, 8 significant digits. */
  readonly averageCapUsd: string;
  /** {USD} Market cap at the close, by which the coin is weighted, 8 significant digits. */
  readonly capUsd: string;
  /** {USD/wholeTok} Price at the close, 12 significant digits. */
  readonly priceUsd: string;
  readonly inclusion: InclusionReason;
};

/** A vote as recorded: level and threshold with 12 significant digits; `null` while the history is too short. */
export type RecordedVote = {
  readonly name: string;
  readonly level: number;
  readonly threshold: number | null;
  readonly yes: boolean;
};

/** What a source states of bitcoin at the close, {USD/wholeTok} with 12 significant digits. */
export type RecordedReference = { readonly source: string; readonly priceUsd: string };

/** One week's decision: everything that was decided, and why. Its keys and values are plain JSON. */
export type Decision = {
  readonly methodology: string;
  /** keccak-256 of the canonical JSON of the parameters. */
  readonly parametersHash: Hex;
  /** Number of the week, counted from Monday 1970-01-05. */
  readonly week: number;
  /** The Monday. */
  readonly date: IsoDate;
  /** When the decision is taken: 00:30 UTC of that Monday. */
  readonly asOfTime: string;
  /** The Sunday whose close is the last data that was looked at. */
  readonly close: IsoDate;
  readonly provider: Provider;
  /** sha-256 over the rows up to the close; see docs/methodology.md. */
  readonly inputDigest: string;
  /** Level of the index at the close, 12 significant digits; 1000 at its first Sunday. */
  readonly indexLevel: number;
  readonly votes: readonly RecordedVote[];
  /** {1} Share of yes votes; `null` while a vote lacks history. */
  readonly score: number | null;
  readonly previousRegime: Regime;
  readonly regime: Regime;
  /** Date of the decision that began the regime; `null` since the start of the data. */
  readonly regimeSince: IsoDate | null;
  readonly heldBy: HoldReason | null;
  /** How sound the data were, by which the regime may be held. */
  readonly dataQuality: DataQuality;
  /** Who states bitcoin's close, sorted by source. */
  readonly references: readonly RecordedReference[];
  /** Why nobody should act on the week's data, in words; empty for a sound week. */
  readonly defects: readonly string[];
  /** Date of the first of the decisions in a row that were taken on bad data; `null` for a sound week. */
  readonly badDataSince: IsoDate | null;
  /** Dates of the decisions that returned to bull within the window of the flip limit, oldest first. */
  readonly returns: readonly IsoDate[];
  /** What is to be held: the index in bull, the stablecoin basket in bear; on bad data within bull what was before. */
  readonly weights: readonly TargetWeight[];
  /** Coins of the target that a cap keeps below their weight in the index; best rank first. */
  readonly capped: readonly CappedName[];
  /** The index, which never switches. Best rank first. */
  readonly index: readonly IndexEntry[];
  /** Coins that pass every rule except rank. */
  readonly eligible: number;
  readonly excluded: readonly ExcludedCoin[];
  /** Defects of this week's data that were met, in words. */
  readonly notices: readonly string[];
};

/** What one decision leaves to the next; it follows from published decisions alone. */
export type DecisionState = {
  /** Levels of the last Sundays, oldest first; as many as the votes need. */
  readonly levels: readonly number[];
  readonly index: readonly IndexEntry[];
  readonly provider: Provider | undefined;
  readonly regime: RegimeState;
  /** What was to be held; `undefined` before the first decision. */
  readonly target: Pick<Decision, "weights" | "capped"> | undefined;
};

/** keccak-256 of the decision's canonical JSON. */
export function decisionHash(decision: Decision): Hex {
  return canonicalHash(decision satisfies Json);
}

/** The state after a decision. @param weeks Levels that the votes need. */
export function stateAfter(previous: DecisionState, decision: Decision, weeks: number): DecisionState {
  return {
    levels: [...previous.levels, decision.indexLevel].slice(-weeks),
    index: decision.index,
    provider: decision.provider,
    regime: regimeAfter(decision),
    target: { weights: decision.weights, capped: decision.capped },
  };
}

/** The regime that a decision leaves. */
export function regimeAfter({ regime, regimeSince, returns, badDataSince }: Decision): RegimeState {
  return { regime, since: regimeSince ?? undefined, returns, badDataSince: badDataSince ?? undefined };
}

/** The decision that a publication stands for: a fund that may not return to the market yet publishes a level in bear. */
export function asPublished(
  decision: Decision,
  { kind, regime }: { readonly kind: "target" | "level"; readonly regime: string },
): Decision {
  const isHeldBack = kind === "level" && regime === "bear" && decision.regime === "bull";
  return isHeldBack ? { ...decision, regime: "bear" } : decision;
}
