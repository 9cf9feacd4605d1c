// Turns books and targets into what trading without a plan does: one market order an asset, at once or in equal slices.
import { PPM, type Ppm } from "../core/units.ts";
import { CASH, ETHER, type PlanAsset, assetAt, unitsWorth, valueOf } from "../plan/holdings.ts";
import { type PoolState, type Swap, swapExactIn } from "../plan/pool.ts";
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

type State = { readonly books: Books; readonly pools: ReadonlyMap<string, PoolState>; readonly gas: number };
/** D18{USD} What an asset lacks, or has too much when negative. */
type Gap = { readonly asset: PlanAsset; readonly gap: bigint };

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
  const { assets, pools } = task.market;
  const start: State = { books: task.books, pools: new Map(pools.map((pool) => [pool.address, pool])), gas: 0 };
  const gaps = assets
    .filter(({ index }) => index !== CASH)
    .map((asset): Gap => {
      const whole = (goal.get(asset.index) ?? 0n) - valueOf(asset, task.books.get(asset.index) ?? 0n);
      return { asset, gap: whole / part };
    });
  const sold = gaps
    .filter(({ gap }) => gap < 0n)
    .reduce((state, { asset, gap }) => {
      const held = state.books.get(asset.index) ?? 0n;
      const isAll = part === 1n && goal.get(asset.index) === 0n;
      const amount = isAll ? held : smaller(held, unitsWorth(asset, -gap));
      return swapAlong(task, state, { asset, amount, isSale: true });
    }, start);
  const purchases = gaps.filter(({ gap }) => gap > 0n);
  return purchase(task, sold, { purchases, kept: goal.get(CASH) ?? 0n });
}

/** @param kept D18{USD} of the deposit coin that is none to spend. */
function purchase(
  task: Task,
  start: State,
  { purchases, kept }: { readonly purchases: readonly Gap[]; readonly kept: bigint },
): Traded {
  const cash = assetAt(task.market.assets, CASH);
  if (cash === undefined) return start;
  const wanted = purchases.reduce((sum, { gap }) => sum + gap, 0n);
  const rest = valueOf(cash, start.books.get(CASH) ?? 0n) - kept;
  const free = rest > 0n ? rest : 0n;
  return purchases.reduce((state, { asset, gap }) => {
    const amount = unitsWorth(cash, free < wanted ? (gap * free) / wanted : gap);
    return swapAlong(task, state, { asset, amount, isSale: false });
  }, start);
}

/** Sells an asset for the deposit coin, or buys it with it, on one pool or two. */
function swapAlong(
  { market, routerGas }: Task,
  state: State,
  { asset, amount, isSale }: { readonly asset: PlanAsset; readonly amount: bigint; readonly isSale: boolean },
): State {
  const [cash, ether] = [assetAt(market.assets, CASH), assetAt(market.assets, ETHER)];
  if (cash === undefined || ether === undefined || amount === 0n) return state;
  const isDirect = poolOf(state.pools, asset, cash) !== undefined;
  const path = isDirect ? [asset, cash] : [asset, ether, cash];
  const way = isSale ? path : path.toReversed();
  const pools = new Map(state.pools);
  let output = amount;
  for (const [i, bought] of way.slice(1).entries()) {
    const swap = swapOn(pools, [way[i] ?? bought, bought], output);
    pools.set(swap.after.address, swap.after);
    output = swap.amountOut;
  }
  const [sold, bought] = isSale ? [asset.index, CASH] : [CASH, asset.index];
  const books = new Map(state.books)
    .set(sold, (state.books.get(sold) ?? 0n) - amount)
    .set(bought, (state.books.get(bought) ?? 0n) + output);
  return { books, pools, gas: state.gas + (isDirect ? routerGas.single : routerGas.double) };
}

function swapOn(pools: State["pools"], [sold, bought]: readonly [PlanAsset, PlanAsset], amount: bigint): Swap {
  const pool = poolOf(pools, sold, bought);
  const swap = pool === undefined ? undefined : swapExactIn(pool, sold.token, amount);
  if (swap === undefined) throw new TypeError(`no pool takes ${sold.symbol} for ${bought.symbol}`);
  return swap;
}

function poolOf(pools: State["pools"], a: PlanAsset, b: PlanAsset): PoolState | undefined {
  return [...pools.values()].find(
    ({ token0, token1 }) => (token0 === a.token && token1 === b.token) || (token0 === b.token && token1 === a.token),
  );
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
