// Turns books and targets into what trading without a plan does: one market order an asset, at once or in equal slices.
import { PPM, type Ppm } from "../core/units.ts";
import { CASH, ETHER, type PlanAsset, assetAt, unitsWorth, valueOf } from "../plan/holdings.ts";
import { type PoolState, swapExactIn } from "../plan/pool.ts";
import type { PaperMarket } from "./paper-market.ts";

/** {tok} by asset index. */
export type Books = ReadonlyMap<number, bigint>;

/** {gas} of SwapRouter02 for an order on one pool, and through WETH on two; each in a transaction of its own. */
export type RouterGas = { readonly single: number; readonly double: number };

/** What was done: the books afterwards, and the gas. */
export type Traded = { readonly books: Books; readonly gas: number };

/** What is to be traded, and where to. */
export type Task = {
  readonly market: PaperMarket;
  readonly books: Books;
  /** {ppm} by asset index. */
  readonly weights: ReadonlyMap<number, Ppm>;
  readonly routerGas: RouterGas;
};

type State = { readonly books: Map<number, bigint>; readonly pools: Map<string, PoolState>; gas: number };

/**
 * One market order an asset that is off its target, on its pool, against the deposit coin and where needed through WETH,
 * without a minimum: sales first, then purchases in proportion to what the sales brought. What SwapRouter02 brings is
 * what the pools on its path bring one after the other.
 */
export function marketOrders(task: Task): Traded {
  return orders(task, 1n);
}

/** The same in `count` equal parts, each on pools that have recovered wholly from the part before. */
export function equalSlices(task: Task, count: number): Traded {
  const goal = valuesOf(task);
  let [books, gas] = [task.books, 0];
  for (let left = count; left > 0; left--) {
    const traded = orders({ ...task, books }, BigInt(left), goal);
    books = traded.books;
    gas += traded.gas;
  }
  return { books, gas };
}

/** D18{USD} by asset index: where an asset should come to. */
function valuesOf({ market, books, weights }: Task): ReadonlyMap<number, bigint> {
  const nav = bookValue(market.assets, books);
  return new Map(market.assets.map(({ index }) => [index, (nav * BigInt(weights.get(index) ?? 0)) / BigInt(PPM)]));
}

/** D18{USD} of everything in the books. */
export function bookValue(assets: readonly PlanAsset[], books: Books): bigint {
  return assets.reduce((sum, asset) => sum + valueOf(asset, books.get(asset.index) ?? 0n), 0n);
}

/** @param part One over this of each gap is traded. */
function orders(task: Task, part: bigint, goal = valuesOf(task)): Traded {
  const { market } = task;
  const state: State = {
    books: new Map(task.books),
    pools: new Map(market.pools.map((pool) => [pool.address, pool])),
    gas: 0,
  };
  const gaps = market.assets
    .filter(({ index }) => index !== CASH)
    .map((asset) => ({
      asset,
      gap: ((goal.get(asset.index) ?? 0n) - valueOf(asset, task.books.get(asset.index) ?? 0n)) / part,
    }));
  for (const { asset, gap } of gaps.filter((one) => one.gap < 0n)) {
    const held = state.books.get(asset.index) ?? 0n;
    const isAll = part === 1n && goal.get(asset.index) === 0n;
    swapAlong(task, state, {
      from: asset,
      amount: isAll ? held : smaller(held, unitsWorth(asset, -gap)),
      isSale: true,
    });
  }
  const purchases = gaps.filter(({ gap }) => gap > 0n);
  const wanted = purchases.reduce((sum, { gap }) => sum + gap, 0n);
  const cash = assetAt(market.assets, CASH);
  const free = cash === undefined ? 0n : valueOf(cash, state.books.get(CASH) ?? 0n) - (goal.get(CASH) ?? 0n);
  for (const { asset, gap } of purchases) {
    const value = free < wanted ? (gap * (free > 0n ? free : 0n)) / wanted : gap;
    const amount = cash === undefined ? 0n : unitsWorth(cash, value);
    swapAlong(task, state, { from: asset, amount, isSale: false });
  }
  return { books: state.books, gas: state.gas };
}

/** Sells an asset for the deposit coin, or buys it with it, on one pool or two. */
function swapAlong(
  { market, routerGas }: Task,
  state: State,
  { from: asset, amount, isSale }: { readonly from: PlanAsset; readonly amount: bigint; readonly isSale: boolean },
): void {
  const [cash, ether] = [assetAt(market.assets, CASH), assetAt(market.assets, ETHER)];
  if (cash === undefined || ether === undefined || amount === 0n) return;
  const direct = poolOf(state, asset, cash);
  const path = direct === undefined ? [asset, ether, cash] : [asset, cash];
  const way = isSale ? path : path.toReversed();
  const output = way.slice(1).reduce((paid, token, i) => swapOn(state, [way[i] ?? token, token], paid), amount);
  const [sold, bought] = isSale ? [asset.index, CASH] : [CASH, asset.index];
  state.books.set(sold, (state.books.get(sold) ?? 0n) - amount);
  state.books.set(bought, (state.books.get(bought) ?? 0n) + output);
  state.gas += direct === undefined ? routerGas.double : routerGas.single;
}

function swapOn(state: State, [sold, bought]: readonly [PlanAsset, PlanAsset], amount: bigint): bigint {
  const pool = poolOf(state, sold, bought);
  const swap = pool === undefined ? undefined : swapExactIn(pool, sold.token, amount);
  if (pool === undefined || swap === undefined)
    throw new TypeError(`no pool takes ${sold.symbol} for ${bought.symbol}`);
  state.pools.set(pool.address, swap.after);
  return swap.amountOut;
}

function poolOf({ pools }: State, a: PlanAsset, b: PlanAsset): PoolState | undefined {
  return [...pools.values()].find(
    ({ token0, token1 }) => (token0 === a.token && token1 === b.token) || (token0 === b.token && token1 === a.token),
  );
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
