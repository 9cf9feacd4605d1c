// Turns a plan into one JSON document, or into a table of its legs with what they bring and cost.
import { decimalString, toFloat } from "../../core/units.ts";
import type { PlannedState } from "../../execute/rebalance.ts";
import type { Target } from "../../execute/publish.ts";
import type { PlannedLeg } from "../../plan/desk.ts";
import { TRANSIT, assetAt, bpsOf } from "../../plan/holdings.ts";
import { legPrice } from "../../plan/leg-price.ts";
import { scheduleJson, scheduleLines } from "./schedule-view.ts";
import type { Plan } from "../../plan/plan.ts";
import { formatAmount, formatNumber, formatTime, formatUsd, timeString, usdString } from "../../site/amounts.ts";
import { type Column, type JsonObject, formatTable } from "./output.ts";

/** Decimals of a gas price in gwei, which is counted in wei. */
const GWEI_DECIMALS = 9;

/** A plan, the target it is for, and where that comes from. */
export type PlanView = PlannedState & {
  readonly target: Target;
  readonly chainId: number;
  readonly source: "pending" | "running" | "decision";
  /** {s} The target may be started from then on. */
  readonly executableAt: number;
  /** Coins of the decision that the fund cannot hold. */
  readonly withoutVehicle: readonly string[];
};

/** The plan as plain data: amounts as decimal strings in whole units. */
export function planJson(view: PlanView): JsonObject {
  const { plan, state, target, source, executableAt } = view;
  const { id, regime, decisionHash, validUntil } = target;
  return {
    source,
    target: { id, regime, decisionHash, executableAt: timeString(executableAt), validUntil: timeString(validUntil) },
    block: Number(state.block),
    time: timeString(state.time),
    navUsd: usdString(plan.aim.nav),
    owedUsd: usdString(plan.aim.owed),
    legs: plan.legs.map((leg, position) => legJson(view, leg, position)),
    leftOut: [
      ...plan.leftOut.map(({ symbol, value, reason }) => ({ coin: symbol, valueUsd: usdString(value), reason })),
      ...view.withoutVehicle.map((coin) => ({ coin, valueUsd: "0", reason: NO_VEHICLE })),
    ],
    totals: totalsJson(plan),
    schedule: scheduleJson(view),
    planHash: plan.hash,
  };
}

/** What the whole plan costs, as plain data. */
export function totalsJson(plan: Plan): JsonObject {
  const { totals, batches, legs } = plan;
  const { traded, fee, impact, drift, gasUnits, gas, total, costBps } = totals;
  return {
    tradedUsd: usdString(traded),
    feeUsd: usdString(fee),
    impactUsd: usdString(impact),
    driftUsd: usdString(drift),
    gasUnits,
    gasUsd: usdString(gas),
    totalUsd: usdString(total),
    costBps,
    costBpsWithoutGas: costBpsWithoutGas(plan),
    legs: legs.length,
    transactions: batches.length,
  };
}

/** {bps} of NAV: what the chain records as the cost of a rebalance. */
export function costBpsWithoutGas({ totals, aim }: Plan): number {
  return bpsOf(totals.total - totals.gas, aim.nav);
}

/** The plan in words and tables. */
export function planText(view: PlanView): string {
  const { plan, state } = view;
  const left = leftOutLines(view);
  const legs =
    plan.legs.length === 0
      ? "Nothing to trade: every holding is within its band; one transaction strikes and records."
      : legsTable(view);
  const later = scheduleLines(view);
  return [...planHead(view), "", legs, ...left, ...later, "", ...totalsLines(plan, state.gasPrice)].join("\n");
}

/** Where the plan comes from, and on which state it was made. */
export function planHead({ plan, state, target, source, executableAt }: PlanView): string[] {
  const standing = {
    pending: `pending, may start from ${formatTime(executableAt)}, until ${formatTime(target.validUntil)}`,
    running: "under way",
    decision: "not published: planned as if it were",
  }[source];
  const deposits = state.holdings.depositsDue > 0n ? " with the deposits that it strikes" : "";
  const expired = state.time > target.validUntil ? ["note: the target has expired; the chain will not start it."] : [];
  return [
    `Target ${target.id}, ${target.regime.toUpperCase()} (${standing}).`,
    `Planned on block ${state.block} of ${formatTime(state.time)}; NAV ${formatUsd(plan.aim.nav)} USD${deposits}.`,
    ...expired,
  ];
}

/**
 * The cost of the whole plan, a line each on trade, cost, gas and hash.
 *
 * @param gasPrice {wei} of a unit of gas, at which the plan was made.
 */
export function totalsLines(plan: Plan, gasPrice: bigint): string[] {
  const { totals, batches, legs, hash } = plan;
  const { traded, fee, impact, drift, gasUnits, gas, total, costBps } = totals;
  const count = batches.length;
  const parts = Object.entries({ fee, impact, drift }).map(([name, value]) => `${name} ${formatUsd(value)}`);
  const gwei = formatNumber(toFloat(gasPrice, GWEI_DECIMALS), 2);
  const gasText = `gas ${formatUsd(gas)} (${formatNumber(gasUnits, 0)} units at ${gwei} gwei)`;
  return [
    `Trades ${formatUsd(traded)} USD in ${legs.length} legs and ${count} ${count === 1 ? "transaction" : "transactions"}.`,
    `Costs ${formatUsd(total)} USD, ${costBps} bps of NAV: ${[...parts, gasText].join(", ")}.`,
    `The keeper pays the gas, not the fund, whose cost without it is ${costBpsWithoutGas(plan)} bps of NAV.`,
    `Plan hash ${hash}`,
  ];
}

const NO_VEHICLE = "not listed in the fund; its weight is spread over the others";

function leftOutLines({ plan, withoutVehicle }: PlanView): string[] {
  if (plan.leftOut.length + withoutVehicle.length === 0) return [];
  const rows = [
    ...plan.leftOut.map(({ symbol, value, reason }) => [symbol, formatUsd(value), reason]),
    ...withoutVehicle.map((coin) => [coin, "-", NO_VEHICLE]),
  ];
  return ["", formatTable([leftColumn("left out"), rightColumn("value [USD]"), leftColumn("reason")], rows)];
}

function legsTable(view: PlanView): string {
  return formatTable(
    [
      rightColumn("#"),
      leftColumn("sell"),
      rightColumn("amount [sell]"),
      leftColumn("buy"),
      rightColumn("expected [buy]"),
      rightColumn("minimum [buy]"),
      rightColumn("fee [bps]"),
      rightColumn("impact [bps]"),
      rightColumn("cost with gas [bps]"),
      rightColumn("cost with gas [USD]"),
      leftColumn("reason"),
    ],
    view.plan.legs.map((leg, position) => legRow(view, leg, position)),
  );
}

function legRow(view: PlanView, leg: PlannedLeg, position: number): string[] {
  const [sold, bought] = [decimalsOf(view, leg.sold), decimalsOf(view, leg.bought)];
  const trade = [String(position), leg.soldSymbol, formatAmount(leg.amount, sold), leg.boughtSymbol];
  if (leg.outcome === "skip") return [...trade, "-", "-", "-", "-", "-", "-", `left out: ${leg.reason}`];
  const amounts = [leg.expected, leg.minimum].map((amount) => formatAmount(amount, bought));
  const costs = [feeBps(leg), leg.impactBps, leg.costBps].map((bps) => formatNumber(bps, 0));
  return [...trade, ...amounts, ...costs, formatUsd(leg.cost.total), leg.reason];
}

function legJson(view: PlanView, leg: PlannedLeg, position: number): JsonObject {
  const [sold, bought] = [decimalsOf(view, leg.sold), decimalsOf(view, leg.bought)];
  const { cost } = leg;
  return {
    position,
    route: routeOf(leg),
    sell: leg.soldSymbol,
    buy: leg.boughtSymbol,
    amount: decimalString(leg.amount, sold),
    expected: decimalString(leg.expected, bought),
    minimum: decimalString(leg.minimum, bought),
    fair: decimalString(leg.fair, bought),
    price: legPrice(leg, view.state.holdings.assets, view.chainId),
    valueUsd: usdString(leg.value),
    feeBps: feeBps(leg),
    impactBps: leg.impactBps,
    costBps: leg.costBps,
    gasUnits: leg.gas,
    feeUsd: usdString(cost.fee),
    impactUsd: usdString(cost.impact),
    driftUsd: usdString(cost.drift),
    gasUsd: usdString(cost.gas),
    costUsd: usdString(cost.total),
    pool: leg.pool,
    reason: leg.reason,
    outcome: leg.outcome,
  };
}

/** Whether the leg is the half of a trade that goes through wrapped ether. */
function routeOf({ sold, bought }: PlannedLeg): "direct" | "through WETH" {
  return sold === TRANSIT || bought === TRANSIT ? "through WETH" : "direct";
}

/** {bps} = {1e-6} / 100 */
function feeBps({ poolFee }: PlannedLeg): number {
  return poolFee / 100;
}

function decimalsOf({ state }: PlanView, index: number): number {
  return assetAt(state.holdings.assets, index)?.decimals ?? 0;
}

function leftColumn(header: string): Column {
  return { header, align: "left" };
}

function rightColumn(header: string): Column {
  return { header, align: "right" };
}
