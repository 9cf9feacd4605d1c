// Names what a plan is made with: what stays the same meanwhile, and the books and pools as the legs so far leave them.
import type { Address } from "viem";

import { type Bps, type TokenUnits, WAD } from "../core/units.ts";
import { type Aim, CASH, ETHER, type PlanAsset, TRANSIT, assetAt, unitsWorth } from "./holdings.ts";
import { type GasModel, ORDINARY_LIMIT, type PlanLimits, exitLimit } from "./limits.ts";
import type { PoolState } from "./pool.ts";

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

/** What stays the same while a plan is made. */
export type Desk = {
  readonly regime: "bear" | "bull";
  readonly elapsed: number; // {s} since the start
  readonly assets: readonly PlanAsset[];
  readonly aim: Aim;
  readonly limits: PlanLimits;
  readonly gas: GasModel;
  /** Addresses of the pools by the pair of their tokens. @see pairOf */
  readonly pairs: ReadonlyMap<string, readonly Address[]>;
  /** {1e-6} of its price: what ether in transit is worth in the deposit coin, its own pool's fee and impact counted. */
  readonly etherWorth: bigint;
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

/** {tok} on the books of an index. */
export function balanceOf(work: Work, index: number): bigint {
  return work.balances.get(index) ?? 0n;
}

/** {tok} of an index that can be sold: a sale leaves one unit. */
export function sellable(work: Work, index: number): bigint {
  const balance = balanceOf(work, index);
  return balance > 1n ? balance - 1n : 0n;
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

/** {tok} of the deposit coin that an amount {D18 USD} takes. */
export function cashFor(desk: Desk, value: bigint): bigint {
  const cash = assetAt(desk.assets, CASH);
  return cash === undefined ? 0n : unitsWorth(cash, value);
}

/** The pair of two tokens, whichever comes first. */
export function pairOf(a: Address, b: Address): string {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return one < other ? `${one}:${other}` : `${other}:${one}`;
}

/**
 * The pools of each pair of tokens. Outside exits a closed pool is used only where the pair has no open one: the chain
 * then records why its leg was left out.
 */
export function pairsOf(pools: readonly PoolState[], regime: Desk["regime"]): Desk["pairs"] {
  const pairs = new Map<string, PoolState[]>();
  for (const pool of pools) {
    const pair = pairOf(pool.token0, pool.token1);
    pairs.set(pair, [...(pairs.get(pair) ?? []), pool]);
  }
  return new Map([...pairs].map(([pair, found]) => [pair, usable(found, regime).map(({ address }) => address)]));
}

function usable(pools: readonly PoolState[], regime: Desk["regime"]): readonly PoolState[] {
  const open = pools.filter(({ isClosed }) => isClosed !== true);
  return regime === "bear" || open.length === 0 ? pools : open;
}
