// Turns a week on the chain into one line for a person, and into JSON for a program.
import type { Json } from "../../core/canonical-json.ts";
import { decimalString, toFloat } from "../../core/units.ts";
import type { Holding, WeekRecord } from "../../world/week.ts";
import { badWeekLines } from "./market-data.ts";
import { formatNumber } from "../../site/amounts.ts";

/** Widths of the columns; every week is printed as it ends, before the next one is known. */
const COLUMNS = [
  { header: "monday", width: 10 },
  { header: "regime", width: 6 },
  { header: "score", width: 5 },
  { header: "NAV [USD]", width: 13 },
  { header: "share [USD]", width: 11 },
  { header: "held", width: 4 },
  { header: "legs", width: 4 },
  { header: "skips", width: 5 },
  { header: "gas [M]", width: 7 },
  { header: "cost [bps, without gas]", width: 23 },
] as const;

/** The table's header and its rule. */
export function weekHeader(): string {
  const names = COLUMNS.map(({ header, width }) => header.padStart(width)).join("  ");
  return `${names}\n${COLUMNS.map(({ width }) => "-".repeat(width)).join("  ")}`;
}

/** One line a week, and one for each thing that is wrong with its data. */
export function weekLine(week: WeekRecord): string {
  const { decision, nav, supply } = week;
  const cells = [
    decision.date,
    decision.regime,
    decision.score?.toFixed(2) ?? "none",
    formatNumber(toFloat(nav, 18), 0),
    supply === 0n ? "-" : formatNumber(toFloat(sharePrice(week), 18), 4),
    String(week.holdings.length),
    String(week.legs),
    String(week.skips.length),
    formatNumber(Number(week.gas) / 1e6, 2),
    week.costBps === undefined ? "open" : String(week.costBps),
  ];
  const line = COLUMNS.map(({ width }, i) => (cells[i] ?? "").padStart(width)).join("  ");
  return [line, ...badWeekLines(decision)].join("\n");
}

/** D18{USD/share} */
function sharePrice({ nav, supply }: WeekRecord): bigint {
  return supply === 0n ? 0n : (nav * 10n ** 18n) / supply;
}

/** One week as the replay's JSON states it; amounts are decimal strings in whole units. */
export function weekJson(week: WeekRecord): Json {
  const { decision } = week;
  return {
    date: decision.date,
    regime: decision.regime,
    previousRegime: decision.previousRegime,
    score: decision.score,
    heldBy: decision.heldBy,
    defects: decision.defects,
    votes: decision.votes.map(({ name, level, threshold, yes }) => ({ name, level, threshold, yes })),
    nav: decimalString(week.nav, 18),
    shares: decimalString(week.supply, 18),
    sharePrice: week.supply === 0n ? null : decimalString(sharePrice(week), 18),
    holdings: week.holdings.map(holdingJson),
    transactions: week.transactions.map(({ kind, hash, gas }) => ({ kind, hash, gas: Number(gas) })),
    legs: week.legs,
    skips: week.skips.map(({ position, reason }) => ({ position, reason })),
    gas: Number(week.gas),
    costBps: week.costBps ?? null,
    plannedCostBps: week.plannedCostBps,
    unfinished: week.unfinished ?? null,
    notices: decision.notices,
    decisionHash: week.decisionHash,
  };
}

/** How many names were in the index during these weeks, each counted once. */
export function countNames(weeks: readonly WeekRecord[]): number {
  return new Set(weeks.flatMap(({ decision }) => decision.index.map(({ coinId }) => coinId))).size;
}

function holdingJson({ coinId, symbol, decimals, amount, price, value, weight }: Holding): Json {
  return {
    coinId,
    symbol,
    amount: decimalString(amount, decimals),
    price: decimalString(price, 18),
    value: decimalString(value, 18),
    weightPpm: weight,
  };
}
