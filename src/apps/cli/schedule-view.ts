// Turns the later legs of a plan into lines and plain data, with what is assumed of the pools meanwhile.
import { decimalString } from "../../core/units.ts";
import type { PlannedState } from "../../execute/rebalance.ts";
import type { PlannedLeg } from "../../plan/desk.ts";
import { assetAt } from "../../plan/holdings.ts";
import type { Tranche } from "../../plan/schedule.ts";
import { formatAmount, formatUsd, usdString } from "../../site/amounts.ts";
import { type JsonObject, formatTable } from "./output.ts";

/** {s} */
const MINUTE = 60;

/** The schedule as plain data; without tranches when everything fits at once. */
export function scheduleJson({ plan, state }: PlannedState): JsonObject {
  const { tranches, unfilled } = plan.schedule;
  return {
    tranches: tranches.map((tranche) => ({
      afterSeconds: tranche.after,
      recovery: { seconds: tranche.recovery.seconds, basis: tranche.recovery.basis },
      gasUnits: tranche.gas,
      costUsd: usdString(tranche.cost),
      legs: tranche.legs.map((leg) => ({
        sell: leg.soldSymbol,
        buy: leg.boughtSymbol,
        amount: decimalString(leg.amount, decimalsOf(state, leg.sold)),
        expected: decimalString(leg.expected, decimalsOf(state, leg.bought)),
        pool: leg.pool,
        impactBps: leg.impactBps,
        costBps: leg.costBps,
        reason: leg.reason,
      })),
    })),
    unfilledUsd: usdString(unfilled),
  };
}

/** What is split over time, and on which assumption; no lines when nothing is. */
export function scheduleLines({ plan, state }: PlannedState): string[] {
  const { tranches, unfilled } = plan.schedule;
  if (tranches.length === 0) return [];
  const columns = ["later", "sell", "amount [sell]", "buy", "expected [buy]", "impact [bps]", "reason"];
  const rows = tranches.flatMap((tranche) => tranche.legs.map((leg) => legRow(state, tranche, leg)));
  const cost = tranches.reduce((sum, tranche) => sum + tranche.cost, 0n);
  const left = unfilled > 0n ? [`${formatUsd(unfilled)} USD find no place within 24 hours.`] : [];
  return [
    "",
    formatTable(
      columns.map((header) => ({ header, align: header.includes("[") || header === "later" ? "right" : "left" })),
      rows,
    ),
    `Split over time: ${tranches.length} more ${tranches.length === 1 ? "round" : "rounds"} for ${formatUsd(cost)} USD with gas, beside the costs below.`,
    `Assumed, not known: ${assumption(tranches)}`,
    ...left,
  ];
}

function assumption(tranches: readonly Tranche[]): string {
  const slowest = tranches.map(({ recovery }) => recovery).toSorted((a, b) => b.seconds - a.seconds)[0];
  const minutes = Math.ceil((slowest?.seconds ?? 0) / MINUTE);
  const basis =
    slowest?.basis === "history"
      ? "ten times the mean time between the trades that the slowest of them keeps"
      : "for a pool that keeps no history of trades";
  return `prices stay, and a pool is back where it stood after ${minutes} minutes (${basis}).`;
}

function legRow(state: PlannedState["state"], { after }: Tranche, leg: PlannedLeg): string[] {
  const amount = formatAmount(leg.amount, decimalsOf(state, leg.sold));
  const expected = formatAmount(leg.expected, decimalsOf(state, leg.bought));
  const time = `+${Math.ceil(after / MINUTE)} min`;
  return [time, leg.soldSymbol, amount, leg.boughtSymbol, expected, String(leg.impactBps), leg.reason];
}

function decimalsOf({ holdings }: PlannedState["state"], index: number): number {
  return assetAt(holdings.assets, index)?.decimals ?? 0;
}
