// Turns a fund's limits, next moments and the age of its prices into words, and into plain data.
import { toFloat } from "../../core/units.ts";
import type { Budget, FundLimits, PriceAge } from "../../execute/read-status.ts";
import { formatTime } from "../../site/amounts.ts";

/** {s} */
const HOUR = 3600;
/** Decimals of a part of the whole. */
const PART_DECIMALS = 18;

/** Lines of the fund's table as of a time {s}. */
export function limitRows(limits: FundLimits, now: number): readonly (readonly [string, string])[] {
  const { cutoff, returnFrom, anyoneFrom, extraOpensAt, rebalance, window, exit, prices } = limits;
  const moments = [
    returnFrom <= now ? [] : [["return to bull", `from ${formatTime(returnFrom)} at the earliest`] as const],
    anyoneFrom === undefined ? [] : [["exit open to all", `from ${formatTime(anyoneFrom)}`] as const],
    extraOpensAt === undefined ? [] : [["exit budget", `3 % more from ${formatTime(extraOpensAt)}`] as const],
  ].flat();
  return [
    ["requests", `of this week close on ${formatTime(cutoff)}`],
    ["losses", `rebalance ${budgetText(rebalance)}, 30 days ${budgetText(window)}, exit ${budgetText(exit)}`],
    ...moments,
    ["prices", pricesText(prices)],
  ];
}

function budgetText({ used, limit }: Budget): string {
  return `${percent(used)} of ${percent(limit)} %`;
}

function percent(part: bigint): string {
  return (toFloat(part, PART_DECIMALS) * 100).toFixed(2);
}

function pricesText(prices: readonly PriceAge[]): string {
  const stale = prices.filter(({ isFresh }) => !isFresh).map(({ index }) => `asset ${index}`);
  const oldest = Math.max(0, ...prices.filter(({ kind }) => kind === "feed").map(({ age }) => age));
  const missing = stale.length === 0 ? "" : `, none of ${stale.join(", ")}`;
  return `${prices.length - stale.length} of ${prices.length} fresh${missing}; oldest answer ${(oldest / HOUR).toFixed(1)} h`;
}
