// Turns tokens that a holder has, prices and pools into sales for the deposit coin, each with the least that it must bring.
import type { Address } from "viem";

import { type Bps, lessBps } from "../core/units.ts";
import { type PlanAsset, fairOutput, valueOf } from "./holdings.ts";
import { type PoolState, swapExactIn } from "./pool.ts";

/** What a holder's sales are planned with. */
export type SaleGround = {
  /** The deposit coin, with its price. */
  readonly cash: PlanAsset;
  readonly ether: Address;
  /** All pools that may be used, in any order. */
  readonly pools: readonly PoolState[];
  /** {bps} A sale may bring this much less than the oracle's prices say. */
  readonly slippage: Bps;
};

/** One swap of a sale. */
export type Hop = { readonly pool: Address; readonly fee: number; readonly bought: Address }; // fee {1e-6}

/** Some or all of what is held of an asset, sold for the deposit coin over one pool or two. */
export type HolderSale = {
  readonly asset: PlanAsset;
  readonly amount: bigint; // {tok} of the asset
  readonly hops: readonly Hop[];
  /** {tok} of the deposit coin, exact for the pools that the sales were planned on, in their order. */
  readonly expected: bigint;
  readonly minimum: bigint; // {tok} of the deposit coin
  readonly value: bigint; // D18{USD} of the amount
};

/** What stays with the holder, and why. */
export type Unsold = {
  readonly asset: PlanAsset;
  readonly amount: bigint; // {tok}
  readonly value: bigint; // D18{USD} zero without a price
  readonly reason: string;
};

/** Sales, most value first, and what is not sold. */
export type HolderSales = { readonly sales: readonly HolderSale[]; readonly unsold: readonly Unsold[] };

/** D18{USD} The rest of a sale is left alone below: no swap for it is worth its gas. */
const DUST = 10n ** 18n;
/** Halvings of the search for the largest part that a route takes. */
const ROUNDS = 20;

type Pools = ReadonlyMap<Address, PoolState>;
type Route = readonly PoolState[];
type Filled = { readonly amount: bigint; readonly expected: bigint; readonly pools: Pools; readonly route: Route };

/**
 * Sells the whole balance of each asset, directly or through ether, on the route that brings most; what one route does
 * not take within the limit goes to the others.
 *
 * @param held What the holder has to sell, as balances of the assets. The deposit coin is left out by the caller.
 */
export function planHolderSales(ground: SaleGround, held: readonly PlanAsset[]): HolderSales {
  let pools: Pools = new Map(ground.pools.map((pool) => [pool.address, pool]));
  const sales: HolderSale[] = [];
  const unsold: Unsold[] = [];
  for (const asset of [...held].sort(byValue)) {
    const fills = asset.price === 0n || ground.cash.price === 0n ? [] : fillsOf(ground, pools, asset);
    pools = fills.at(-1)?.pools ?? pools;
    sales.push(...fills.map((fill) => saleOf(ground, asset, fill)));
    const left = asset.balance - fills.reduce((sum, { amount }) => sum + amount, 0n);
    if (left > 0n) {
      unsold.push({ asset, amount: left, value: valueOf(asset, left), reason: whyLeft(ground, asset, fills.length) });
    }
  }
  return { sales, unsold };
}

/** {tok} of the deposit coin: the least that a sale must bring, rounded down. */
export function leastOutput(ground: Pick<SaleGround, "cash" | "slippage">, asset: PlanAsset, amount: bigint): bigint {
  return lessBps(fairOutput(asset, ground.cash, amount), ground.slippage);
}

function saleOf(ground: SaleGround, asset: PlanAsset, { amount, expected, route }: Filled): HolderSale {
  let sold = asset.token;
  const hops = route.map(({ address, fee, token0, token1 }): Hop => {
    sold = same(sold, token0) ? token1 : token0;
    return { pool: address, fee, bought: sold };
  });
  const minimum = leastOutput(ground, asset, amount);
  return { asset, amount, hops, expected, minimum, value: valueOf(asset, amount) };
}

/** Each route is used once, the best first. */
function fillsOf(ground: SaleGround, start: Pools, asset: PlanAsset): Filled[] {
  const fills: Filled[] = [];
  let left: bigint = asset.balance;
  let pools = start;
  let routes = routesOf(ground, pools, asset.token);
  while (left > 0n && (fills.length === 0 || valueOf(asset, left) >= DUST)) {
    const best = routes
      .map((route) => largestFill({ ground, pools, asset, route }, left))
      .filter((fill) => fill !== undefined)
      .sort(byAmountThenOutput)[0];
    if (best === undefined) break;
    fills.push(best);
    left -= best.amount;
    pools = best.pools;
    const used = new Set(best.route.map(({ address }) => address));
    // The second pool of a route may be that of another one.
    routes = routes
      .filter(([first]) => first !== undefined && !used.has(first.address))
      .map((route) => route.map(({ address }) => pools.get(address)).filter((pool) => pool !== undefined));
  }
  return fills;
}

function routesOf({ cash, ether, pools: all }: SaleGround, pools: Pools, token: Address): Route[] {
  const between = (a: Address, b: Address): PoolState[] =>
    all
      .filter(({ token0, token1 }) => (same(token0, a) && same(token1, b)) || (same(token0, b) && same(token1, a)))
      .flatMap(({ address }) => pools.get(address) ?? []);
  const direct = between(token, cash.token).map((pool) => [pool]);
  if (same(token, ether)) return direct;
  const through = between(ether, cash.token);
  return [...direct, ...between(token, ether).flatMap((first) => through.map((second) => [first, second]))];
}

type Attempt = {
  readonly ground: SaleGround;
  readonly pools: Pools;
  readonly asset: PlanAsset;
  readonly route: Route;
};

/** The most of `left` that a route takes for at least the minimum; undefined when it takes nothing. */
function largestFill(attempt: Attempt, left: bigint): Filled | undefined {
  let best = fill(attempt, left);
  if (best !== undefined) return best;
  let [good, bad] = [0n, left];
  for (let round = 0; round < ROUNDS && bad - good > 1n; round++) {
    const middle = (good + bad) / 2n;
    const found = fill(attempt, middle);
    if (found === undefined) bad = middle;
    else [good, best] = [middle, found];
  }
  return best !== undefined && valueOf(attempt.asset, best.amount) >= DUST ? best : undefined;
}

function fill({ ground, pools, asset, route }: Attempt, amount: bigint): Filled | undefined {
  let [token, out] = [asset.token, amount];
  const after = new Map(pools);
  for (const pool of route) {
    const swap = swapExactIn(pool, token, out);
    if (swap === undefined) return undefined;
    after.set(pool.address, swap.after);
    token = same(token, pool.token0) ? pool.token1 : pool.token0;
    out = swap.amountOut;
  }
  const isEnough = out > 0n && out >= leastOutput(ground, asset, amount);
  return isEnough ? { amount, expected: out, pools: after, route } : undefined;
}

function byValue(a: PlanAsset, b: PlanAsset): number {
  const [one, other] = [valueOf(a, a.balance), valueOf(b, b.balance)];
  if (one === other) return a.index - b.index;
  return one > other ? -1 : 1;
}

function byAmountThenOutput(a: Filled, b: Filled): number {
  if (a.amount !== b.amount) return a.amount > b.amount ? -1 : 1;
  if (a.expected === b.expected) return 0;
  return a.expected > b.expected ? -1 : 1;
}

function whyLeft(ground: SaleGround, asset: PlanAsset, fills: number): string {
  if (asset.price === 0n) return "no fresh price";
  if (ground.cash.price === 0n) return "no fresh price of the deposit coin";
  const pools: Pools = new Map(ground.pools.map((pool) => [pool.address, pool]));
  if (routesOf(ground, pools, asset.token).length === 0) return "no listed pool";
  return fills === 0
    ? `no pool pays the oracle's price less ${ground.slippage} bps`
    : `the pools take no more at the oracle's price less ${ground.slippage} bps`;
}

function same(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
