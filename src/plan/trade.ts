// Turns an order into a leg with its exact output and cost, on books and pools as the earlier legs leave them.
import { zeroAddress } from "viem";

import { WAD, tokenUnits } from "../core/units.ts";
import {
  type Desk,
  type LegCost,
  type Order,
  type PlannedLeg,
  type Work,
  balanceOf,
  contractLimit,
  gasCost,
  sellable,
  tokensOf,
} from "./desk.ts";
import { CASH, TRANSIT, bpsOf, divideUp, fairOutput, unitsWorth, valueOf } from "./holdings.ts";
import { type Quote, crossingGas, poolBetween, quote } from "./quote.ts";

/** D18{USD} What a leg sells that only marks a skip. */
const MARK = WAD;

/** The work with the order as its next leg. An order that no pool takes changes nothing. */
export function trade(desk: Desk, work: Work, order: Order): Work {
  const found = order.amount > 0n ? quote(desk, work, order) : undefined;
  if (found === undefined) return work;
  const balances = new Map(work.balances)
    .set(order.sold, balanceOf(work, order.sold) - order.amount)
    .set(order.bought, balanceOf(work, order.bought) + found.amountOut);
  const pools = new Map(work.pools).set(found.pool.address, found.after);
  return { ...work, balances, pools, legs: [...work.legs, legOf(desk, work, { order, found })] };
}

/**
 * The work with a leg that the chain cannot carry out and records: the asset has no price, or its token does not move.
 * It asks for no minimum, and is so small that no other rule of the chain refuses it first: a leg that fails by its own
 * fault would excuse nothing.
 */
export function markSkip(desk: Desk, work: Work, order: Omit<Order, "amount">): Work {
  const { sold, bought } = tokensOf(desk, order);
  const amount = smaller(unitsWorth(sold, MARK) + 1n, sellable(work, order.sold));
  const fair = fairOutput(sold, bought, amount);
  const gas = legGas(desk, work, order);
  const gasValue = gasCost(desk, gas);
  const pool = poolBetween(desk, work, [order.sold, order.bought]);
  const leg: PlannedLeg = {
    ...namesOf(desk, order),
    pool: pool?.address ?? zeroAddress,
    poolFee: pool?.fee ?? 0,
    amount: tokenUnits(amount),
    expected: tokenUnits(0n),
    minimum: tokenUnits(0n),
    fair: tokenUnits(fair),
    value: valueOf(sold, amount),
    cost: { fee: 0n, impact: 0n, drift: 0n, gas: gasValue, total: gasValue },
    costBps: 0,
    impactBps: 0,
    gas,
    reason: order.reason,
    outcome: "skip",
  };
  return { ...work, legs: [...work.legs, leg] };
}

/** {gas} that a leg takes on the books as they are before it. */
function legGas({ gas }: Desk, work: Work, { bought }: Pick<Order, "bought">): number {
  if (bought === CASH || bought === TRANSIT) return gas.perSale;
  return balanceOf(work, bought) === 0n ? gas.perNewHolding : gas.perPurchase;
}

function legOf(desk: Desk, work: Work, { order, found }: { readonly order: Order; readonly found: Quote }): PlannedLeg {
  const { sold, bought } = tokensOf(desk, order);
  const { slippage } = desk.limits;
  const fair = fairOutput(sold, bought, order.amount);
  // {tok} = {tok} * {bps} / {bps}
  const patient = (found.amountOut * BigInt(10_000 - slippage)) / 10_000n;
  const floor = divideUp(fair * BigInt(10_000 - contractLimit(desk, order)), 10_000n);
  const gas = legGas(desk, work, order) + crossingGas(desk, found);
  const cost = costOf(desk, { order, found, gas });
  const value = valueOf(sold, order.amount);
  return {
    ...namesOf(desk, order),
    pool: found.pool.address,
    poolFee: found.pool.fee,
    amount: tokenUnits(order.amount),
    expected: found.amountOut,
    minimum: tokenUnits(larger(patient, floor)),
    fair: tokenUnits(fair),
    value,
    cost,
    costBps: bpsOf(cost.total, value),
    impactBps: bpsOf(cost.impact, value),
    gas,
    reason: order.reason,
    outcome: "trade",
  };
}

function costOf(
  desk: Desk,
  { order, found, gas }: { readonly order: Order; readonly found: Quote; readonly gas: number },
): LegCost {
  const { sold, bought } = tokensOf(desk, order);
  const value = valueOf(sold, order.amount);
  // D18{USD} = D18{USD} * {1e-6} / {1e-6}
  const fee = divideUp(value * BigInt(found.pool.fee), 1_000_000n);
  const impact = valueOf(bought, found.spot - found.amountOut);
  const lost = value - valueOf(bought, found.amountOut);
  const gasValue = gasCost(desk, gas);
  return { fee, impact, drift: lost - fee - impact, gas: gasValue, total: lost + gasValue };
}

function namesOf(
  desk: Desk,
  order: Pick<Order, "sold" | "bought">,
): Pick<PlannedLeg, "sold" | "bought" | "soldSymbol" | "boughtSymbol"> {
  const { sold, bought } = tokensOf(desk, order);
  return { sold: order.sold, bought: order.bought, soldSymbol: sold.symbol, boughtSymbol: bought.symbol };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
