// Turns an order into a leg with its exact output and cost, on books and pools as the earlier legs leave them.
import { type Address, zeroAddress } from "viem";

import { type Bps, type TokenUnits, WAD, tokenUnits } from "../core/units.ts";
import {
  type Aim,
  CASH,
  ETHER,
  type PlanAsset,
  TRANSIT,
  assetAt,
  bpsOf,
  divideUp,
  fairOutput,
  unitsWorth,
  valueOf,
} from "./holdings.ts";
import { type GasModel, ORDINARY_LIMIT, type PlanLimits, exitLimit } from "./limits.ts";
import { type PoolState, spotOutput, swapExactIn } from "./pool.ts";

/** What a leg costs, all D18{USD}; negative where the pool is better than the oracle. */
export type LegCost = {
  /** What the pool keeps. */
  readonly fee: bigint;
  /** What the size of the trade moves the price against it. */
  readonly impact: bigint;
  /** How much worse the pool's price stands than the oracle's. */
  readonly drift: bigint;
  readonly gas: bigint;
  readonly total: bigint;
};

/** One trade of a plan, in the order of execution. */
export type PlannedLeg = {
  readonly sold: number;
  readonly bought: number;
  readonly soldSymbol: string;
  readonly boughtSymbol: string;
  readonly pool: Address;
  readonly poolFee: number; // {1e-6}
  readonly amount: TokenUnits; // of the asset sold
  /** Of the asset bought, exact for the pools that the plan was made on; zero for a leg that only marks a skip. */
  readonly expected: TokenUnits;
  readonly minimum: TokenUnits; // of the asset bought
  readonly fair: TokenUnits; // of the asset bought, at the oracle's prices
  readonly value: bigint; // D18{USD} of what is sold
  readonly cost: LegCost;
  readonly costBps: number; // {bps} of the value sold
  readonly impactBps: number; // {bps} of the value sold
  readonly gas: number; // {gas}
  readonly reason: string;
  /** "skip": the chain must refuse it, so that the record says why the asset is off its target. */
  readonly outcome: "trade" | "skip";
};

/** An order that is not, or not wholly, in the plan. */
export type LeftOut = {
  readonly asset: number;
  readonly symbol: string;
  readonly value: bigint; // D18{USD} left out
  readonly reason: string;
};

/** D18{USD} What a leg sells that only marks a skip. */
const MARK = WAD;

/** What stays the same while a plan is made. */
export type Desk = {
  readonly regime: "bear" | "bull";
  readonly elapsed: number; // {s} since the start
  readonly assets: readonly PlanAsset[];
  readonly aim: Aim;
  readonly limits: PlanLimits;
  readonly gas: GasModel;
};

/** Books and pools after the legs so far. */
export type Work = {
  readonly balances: ReadonlyMap<number, bigint>; // {tok} by asset index
  readonly pools: ReadonlyMap<Address, PoolState>;
  readonly legs: readonly PlannedLeg[];
  readonly leftOut: readonly LeftOut[];
};

/** Sell `amount` {tok} of one asset for another. */
export type Order = {
  readonly sold: number;
  readonly bought: number;
  readonly amount: bigint;
  readonly reason: string;
};

/** What an order would do on the best pool of the pair. */
export type Quote = {
  readonly pool: PoolState;
  readonly amountOut: TokenUnits;
  readonly spot: TokenUnits;
  readonly after: PoolState;
};

/** {tok} on the books of an index. */
export function balanceOf(work: Work, index: number): bigint {
  return work.balances.get(index) ?? 0n;
}

/** {tok} of an index that can be sold: a sale leaves one unit. */
export function sellable(work: Work, index: number): bigint {
  const balance = balanceOf(work, index);
  return balance > 1n ? balance - 1n : 0n;
}

/** The best pool for an order; undefined when no pool of the two tokens takes it in full. */
export function quote(desk: Desk, work: Work, order: Pick<Order, "sold" | "bought" | "amount">): Quote | undefined {
  const { sold, bought } = tokensOf(desk, order);
  let best: Quote | undefined;
  for (const pool of work.pools.values()) {
    if (!isPair(pool, sold.token, bought.token)) continue;
    const swap = swapExactIn(pool, sold.token, order.amount);
    if (swap === undefined || (best !== undefined && best.amountOut >= swap.amountOut)) continue;
    best = { pool, ...swap, spot: spotOutput(pool, sold.token, order.amount) };
  }
  return best;
}

/** A pool of two assets; undefined when there is none. */
export function poolBetween(desk: Desk, work: Work, [a, b]: readonly [number, number]): PoolState | undefined {
  const { sold, bought } = tokensOf(desk, { sold: a, bought: b });
  return [...work.pools.values()].find((pool) => isPair(pool, sold.token, bought.token));
}

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

/** The work with a note on an order that is not in the plan. */
export function leaveOut(desk: Desk, work: Work, note: Omit<LeftOut, "symbol">): Work {
  const symbol = assetAt(desk.assets, note.asset)?.symbol ?? "";
  return { ...work, leftOut: [...work.leftOut, { ...note, symbol }] };
}

/** D18{USD} that an amount of gas costs. */
export function gasCost({ gas, assets }: Desk, units: number): bigint {
  return etherValue(assets, BigInt(units) * gas.price);
}

/** D18{USD} of an amount {wei} of ether. */
function etherValue(assets: readonly PlanAsset[], amount: bigint): bigint {
  const ether = assetAt(assets, ETHER);
  return ether === undefined ? 0n : (amount * ether.price) / WAD;
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
  const gas = legGas(desk, work, order);
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

/**
 * The contracts' limit on an order's loss and move: that of what is bought, or of what is sold for the deposit coin or for
 * ether in transit. @see LegLimits.subjectOf
 */
export function contractLimit(
  { regime, elapsed, assets }: Desk,
  { sold, bought }: Pick<Order, "sold" | "bought">,
): Bps {
  const subject = assetAt(assets, bought === CASH || bought === TRANSIT ? sold : bought);
  const limit = subject?.priceLimit ?? ORDINARY_LIMIT;
  return regime === "bear" ? exitLimit(limit, elapsed) : limit;
}

/** The two assets of an order. */
export function tokensOf(desk: Desk, order: Pick<Order, "sold" | "bought">): { sold: PlanAsset; bought: PlanAsset } {
  const sold = assetAt(desk.assets, order.sold);
  const bought = assetAt(desk.assets, order.bought);
  if (sold === undefined || bought === undefined)
    throw new TypeError("an order names an asset that is not in the plan");
  return { sold, bought };
}

function namesOf(
  desk: Desk,
  order: Pick<Order, "sold" | "bought">,
): Pick<PlannedLeg, "sold" | "bought" | "soldSymbol" | "boughtSymbol"> {
  const { sold, bought } = tokensOf(desk, order);
  return { sold: order.sold, bought: order.bought, soldSymbol: sold.symbol, boughtSymbol: bought.symbol };
}

function isPair(pool: PoolState, a: Address, b: Address): boolean {
  return a !== b && isOf(pool, { token: a }) && isOf(pool, { token: b });
}

function isOf(pool: PoolState, { token }: { readonly token: Address }): boolean {
  const wanted = token.toLowerCase();
  return pool.token0.toLowerCase() === wanted || pool.token1.toLowerCase() === wanted;
}

/** {tok} of the deposit coin that an amount {D18 USD} takes. */
export function cashFor(desk: Desk, value: bigint): bigint {
  const cash = assetAt(desk.assets, CASH);
  return cash === undefined ? 0n : unitsWorth(cash, value);
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
