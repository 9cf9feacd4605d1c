// Turns the `--data` option into market history and the decision asked for.
import { DEFAULT_PARAMETERS } from "../../config/schema.ts";
import { type IsoDate, addDays, dayNumber } from "../../core/time.ts";
import { BadWeekError } from "../../engine/bad-week.ts";
import type { Decision } from "../../engine/decision.ts";
import { type DecisionStep, spanOf, stepAt } from "../../engine/run.ts";
import type { HoldReason } from "../../regime/ensemble.ts";
import { missingRows } from "../../market/defects/missing.ts";
import type { History } from "../../market/history.ts";
import { DEFAULT_SIMULATION, simulateMarket } from "../../market/simulate.ts";
import type { LoadedData, ReadProgress } from "../../market/sources/directory.ts";
import { NO_OUTSIDE_SERIES, type OutsideSeries } from "../../market/outside-series.ts";
import { openMarket, openOutsideSeries } from "../../market/sources/open-market.ts";
import { type MarketOptions, SIMULATED } from "./options.ts";
import { type Progress, startProgress } from "./progress.ts";

/** A decision and the date it was asked for, which may be a later day of its week. */
export type AskedDecision = {
  readonly asOf: IsoDate;
  /** All of it, also what is later. */
  readonly history: History;
  readonly decision: Decision;
  /** What the decision was taken from. */
  readonly step: DecisionStep;
  /** Index levels of all Sundays up to the decision's close. */
  readonly levels: readonly number[];
  /** Funding, open interest and sentiment of the same data, for gauges that decide nothing. */
  readonly outside: OutsideSeries;
};

/** The embedded market or a data folder. */
export async function openHistory(data: string, progress: Progress): Promise<History> {
  return (await openData(data, progress)).history;
}

/** The embedded market or a data folder, with what each file holds. */
export async function loadData(data: string): Promise<LoadedData> {
  const progress = startProgress();
  try {
    return await openData(data, progress);
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

/** Funding, open interest and sentiment; the embedded market has none. */
export async function openOutside(data: string, progress: Progress): Promise<OutsideSeries> {
  return data === SIMULATED ? NO_OUTSIDE_SERIES : await openOutsideSeries(data, readingSteps(progress));
}

async function openData(data: string, progress: Progress): Promise<LoadedData> {
  if (data === SIMULATED) return simulatedData();
  return await openMarket(data, readingSteps(progress));
}

function simulatedData(): LoadedData {
  const history = simulateMarket(DEFAULT_SIMULATION);
  const coins = history.providers.flatMap((provider) => provider.coins);
  const rows = coins.reduce((sum, coin) => sum + coin.priceUsd.filter((price) => !Number.isNaN(price)).length, 0);
  const gaps = history.providers.flatMap(missingRows);
  const missingDays = gaps.reduce((sum, { date, to }) => sum + dayNumber(to) - dayNumber(date) + 1, 0);
  const span = { from: DEFAULT_SIMULATION.from, to: addDays(DEFAULT_SIMULATION.to, -1) };
  const about = { file: SIMULATED, format: "simulated", rows, coins: coins.length } as const;
  return { history, files: [{ ...about, missingDays, gaps: gaps.length, ...span }] };
}

/**
 * The decision in force at `--as-of`; without it, on the day after the last row.
 *
 * @param opened The first day of the fund that it is for; without it, that of the index.
 */
export async function decisionFor(options: MarketOptions, opened?: IsoDate): Promise<AskedDecision> {
  const progress = startProgress();
  try {
    const history = await openHistory(options.data, progress);
    const asOf = options.asOf ?? spanOf(history, DEFAULT_PARAMETERS).last;
    const levels: number[] = [];
    const report = ({ date, indexLevel }: Decision, last: IsoDate): void => {
      levels.push(indexLevel);
      progress.step(`deciding ${date} of ${last}`);
    };
    const step = stepAt(history, { date: asOf, opened, progress: report }, DEFAULT_PARAMETERS);
    const outside = await openOutside(options.data, progress);
    return { asOf, history, decision: step.decision, step, levels, outside };
  } finally {
    progress.done();
  }
}

/** @throws BadWeekError when `isStrict` and the week's data are bad. */
export function refuseBadWeek({ decision }: Pick<AskedDecision, "decision">, isStrict: boolean): void {
  if (isStrict && decision.defects.length > 0) throw new BadWeekError(decision);
}

/** Why the regime is what it is, in words, by what holds it. */
const HOLD_WORDS: Readonly<Record<HoldReason, string>> = {
  "warm-up": "kept, because the votes lack history",
  "missing-prices": "kept, because too many prices are missing",
  "late-source": "kept, because the source is late",
  "sources-apart": "kept, because two sources of bitcoin disagree",
  dwell: "kept, because the last change is too recent",
  flips: "kept, because it has returned to bull too often lately",
};

/** Whether the votes alone gave the regime, or what kept it, in words. */
export function holdWords(heldBy: HoldReason | null): string {
  return heldBy === null ? "decided by the votes alone" : HOLD_WORDS[heldBy];
}

/** What is wrong with a decision's data, a line each, and since when. */
export function badWeekLines({ defects, badDataSince, date }: Decision): string[] {
  const lines = defects.map((defect) => `bad week: ${defect}`);
  return badDataSince === null || badDataSince === date ? lines : [...lines, `bad data since ${badDataSince}`];
}

/** What restricts a decision, a line each: its notices, and the limits of CoinGecko's file. */
export function noteLines({ notices, provider }: Pick<Decision, "notices" | "provider">): string[] {
  const survivors =
    provider === "coingecko"
      ? ["CoinGecko's file holds coins that still existed when it was downloaded; the past looks better than it was."]
      : [];
  return [...notices, ...survivors].map((note) => `note: ${note}`);
}

/** One line that says which decision is shown. */
export function headline({ asOf, decision }: AskedDecision): string {
  const inForce = asOf === decision.date ? "" : `, in force on ${asOf} (decisions are weekly)`;
  return `Decision of Monday ${decision.date} 00:30 UTC${inForce}, from closes up to ${decision.close} (${decision.provider}).`;
}
