// Turns the `--data` option into market history and the decision asked for.
import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { type IsoDate, addDays } from "../../core/time.ts";
import type { Decision } from "../../engine/decision.ts";
import { decisionAt, spanOf } from "../../engine/run.ts";
import type { HoldReason } from "../../regime/ensemble.ts";
import { findGaps, missingDays } from "../../market/gaps.ts";
import type { History } from "../../market/history.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../market/simulate.ts";
import { type LoadedData, type ReadProgress, readDirectory } from "../../market/sources/directory.ts";
import { type MarketOptions, SIMULATED } from "./options.ts";
import { type Progress, startProgress } from "./progress.ts";

/** A decision and the date it was asked for, which may be a later day of its week. */
export type AskedDecision = { readonly asOf: IsoDate; readonly decision: Decision };

/** The embedded market or a data folder. */
export function openHistory(data: string, progress: Progress): History {
  return openData(data, progress).history;
}

/** The embedded market or a data folder, with what each file holds. */
export function loadData(data: string): LoadedData {
  const progress = startProgress();
  try {
    return openData(data, progress);
  } finally {
    progress.done();
  }
}

/** Shows which file is being read. */
export function readingSteps(progress: Progress): ReadProgress {
  return (file, index, count) => {
    progress.step(`reading ${file} (${index} of ${count})`);
  };
}

function openData(data: string, progress: Progress): LoadedData {
  if (data === SIMULATED) return simulatedData();
  return readDirectory(data, readingSteps(progress));
}

function simulatedData(): LoadedData {
  const history = simulateMarket(DEFAULT_SIMULATION);
  const coins = history.providers.flatMap((provider) => provider.coins);
  const rows = coins.reduce((sum, coin) => sum + coin.priceUsd.filter((price) => !Number.isNaN(price)).length, 0);
  const gaps = history.providers.flatMap(findGaps);
  const span = { from: DEFAULT_SIMULATION.from, to: addDays(DEFAULT_SIMULATION.to, -1) };
  const about = { file: SIMULATED, format: "simulated", rows, coins: coins.length } as const;
  return { history, files: [{ ...about, missingDays: missingDays(gaps), gaps: gaps.length, ...span }] };
}

/** The decision in force at `--as-of`; without it, on the day after the last row. */
export function decisionFor(options: MarketOptions): AskedDecision {
  const progress = startProgress();
  try {
    const history = openHistory(options.data, progress);
    const asOf = options.asOf ?? spanOf(history, DEFAULT_PARAMETERS).last;
    const report = (monday: IsoDate, last: IsoDate): void => {
      progress.step(`deciding ${monday} of ${last}`);
    };
    const decision = decisionAt(history, { date: asOf, progress: report }, DEFAULT_PARAMETERS);
    return { asOf, decision };
  } finally {
    progress.done();
  }
}

/** Why the regime is what it is, in words, by what holds it. */
const HOLD_WORDS: Readonly<Record<HoldReason, string>> = {
  "warm-up": "kept, because the votes lack history",
  "missing-prices": "kept, because too many prices are missing",
  dwell: "kept, because the last change is too recent",
  flips: "kept, because it has returned to bull too often lately",
};

/** Whether the votes alone gave the regime, or what kept it, in words. */
export function holdWords(heldBy: HoldReason | null): string {
  return heldBy === null ? "decided by the votes alone" : HOLD_WORDS[heldBy];
}

/** What restricts a decision, a line each: its notices, and the limits of CoinGecko's file. */
export function noteLines({ notices, provider }: Pick<Decision, "notices" | "provider">): string[] {
  const limits =
    provider === "coingecko"
      ? ["CoinGecko's file holds coins that still existed when it was downloaded; the past looks better than it was."]
      : [];
  return [...notices, ...limits].map((note) => `note: ${note}`);
}

/** One line that says which decision is shown. */
export function headline({ asOf, decision }: AskedDecision): string {
  const inForce = asOf === decision.date ? "" : `, in force on ${asOf} (decisions are weekly)`;
  return `Decision of Monday ${decision.date} 00:30 UTC${inForce}, from closes up to ${decision.close} (${decision.provider}).`;
}
