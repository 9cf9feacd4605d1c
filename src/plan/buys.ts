// Turns what must be bought into legs that the money on hand pays: wrapped ether first, then every asset with its share.
import { largestAcceptable } from "./acceptable.ts";
import { type Desk, type Order, type Work, balanceOf, cashFor, leaveOut, sellable } from "./desk.ts";
import { CASH, ETHER, TRANSIT, assetAt, unitsWorth, valueOf } from "./holdings.ts";
import { quote } from "./quote.ts";
import { isDust, waysOf, whyUnfilled } from "./sells.ts";
import { isWorthSweeping, sweep } from "./sweep.ts";
import { trade } from "./trade.ts";
import type { Change } from "./trade-band.ts";

/** An asset to buy, the way it is bought, and what it may cost. */
type Want = {
  readonly asset: number;
  readonly from: number; // CASH or TRANSIT
  readonly spend: bigint; // D18{USD} at the oracle's prices
  readonly reason: string;
};

/** How the wrapped ether for the assets that are bought with it comes together. */
type Funding = {
  readonly surplus: bigint; // {tok} of transit that nobody needs: sold
  readonly topUp: bigint; // {tok} of the deposit coin that is turned into transit
};

/** What the pools of wrapped ether take at most before the purchases. */
type Reach = {
  readonly sweep: bigint; // {tok} of transit
  readonly topUp: bigint; // {tok} of the deposit coin
};

type Funded = { readonly wants: readonly Want[]; readonly reach: Reach };

/** What buying may spend. */
export type Budget = {
  /** D18{USD} of the deposit coin that stays for redemptions. */
  readonly owed: bigint;
  /** D18{USD} of the deposit coin that the target itself holds. */
  readonly kept: bigint;
  /** D18{USD} of the deposit coin that stays whatever the purchases are scaled to. */
  readonly least: bigint;
};

/** {1e-6} Parts in which all purchases are scaled down when the money does not reach. */
const SCALE = 1_000_000n;

/**
 * Buys in proportion to what is wanted, as far as the deposit coin reaches after all sales; wrapped ether in transit is
 * used before more is bought, and what nobody needs is sold. At the end one unit is in transit.
 */
export function buy(
  desk: Desk,
  start: Work,
  { purchases, budget }: { readonly purchases: readonly Purchase[]; readonly budget: Budget },
): Work {
  const { wants, work: noted } = feasible(desk, start, purchases);
  const reach = reachOf(desk, noted);
  const scale = largestScale(desk, noted, { wants, budget, reach });
  const scaled = wants.map((want) => ({ ...want, spend: (want.spend * scale) / SCALE }));
  const funded = fund(desk, noted, { wants: scaled, reach });
  return spendAll(desk, funded, scaled);
}

/** Cuts every purchase to what its pools take within the limits: the best pool first, then the others. */
function feasible(
  desk: Desk,
  start: Work,
  purchases: readonly Purchase[],
): { readonly wants: readonly Want[]; readonly work: Work } {
  let work = start;
  const wants: Want[] = [];
  for (const purchase of [...purchases].sort(byValue)) {
    const { parts, left, reason } = partsOf(desk, start, purchase);
    wants.push(...parts);
    if (left > 0n) work = leaveOut(desk, work, { asset: purchase.asset, value: left, reason });
  }
  return { wants, work };
}

type Purchase = Change & { readonly reason: string };

/** One purchase on one pool or several, and what {D18 USD} none of them takes. */
function partsOf(
  desk: Desk,
  start: Work,
  purchase: Purchase,
): { readonly parts: readonly Want[]; readonly left: bigint; readonly reason: string } {
  const parts: Want[] = [];
  let [left, work] = [purchase.amount, start];
  for (let tries = waysOf(desk, start, purchase.asset); tries > 0 && left > 0n; tries--) {
    const order = purchaseOrder(desk, work, { ...purchase, amount: left });
    const cut = largestAcceptable(desk, work, order);
    if (cut === 0n || (parts.length > 0 && isDust(desk, order.sold, cut))) break;
    // D18{USD} = D18{USD} * {tok} / {tok}
    const spend = (left * cut) / order.amount;
    parts.push({ asset: purchase.asset, from: order.sold, spend, reason: purchase.reason });
    left = cut === order.amount ? 0n : left - spend;
    // Only its pools matter: what is bought here is bought once all wants are known.
    work = trade(desk, work, { ...order, amount: cut });
  }
  return { parts, left, reason: left === 0n ? "" : whyUnfilled(desk, start, purchaseOrder(desk, start, purchase)) };
}

/** With the deposit coin, or with ether where that buys more for what it is worth in the deposit coin. */
function purchaseOrder(desk: Desk, work: Work, purchase: Purchase): Order {
  const ways = [CASH, TRANSIT].map((sold) => {
    const paid = assetAt(desk.assets, sold);
    const amount = paid === undefined ? 0n : unitsWorth(paid, purchase.amount);
    const order = { sold, bought: purchase.asset, amount, reason: purchase.reason };
    return { order, amountOut: quote(desk, work, order)?.amountOut ?? 0n };
  });
  const [direct, throughEther] = ways;
  if (direct === undefined || throughEther === undefined) throw new TypeError("there are two ways to buy");
  const isMore = throughEther.amountOut * 1_000_000n > direct.amountOut * desk.etherWorth;
  return isMore ? throughEther.order : direct.order;
}

function reachOf(desk: Desk, work: Work): Reach {
  const most = (sold: number, bought: number): bigint =>
    largestAcceptable(desk, work, { sold, bought, amount: sellable(work, sold), reason: "" });
  return { sweep: most(TRANSIT, CASH), topUp: most(CASH, TRANSIT) };
}

/** {1e-6} The largest part of all purchases that leaves enough of the deposit coin. */
function largestScale(
  desk: Desk,
  work: Work,
  { wants, budget, reach }: { readonly wants: readonly Want[]; readonly budget: Budget; readonly reach: Reach },
): bigint {
  const isPaid = (scale: bigint): boolean => {
    const scaled = wants.map((want) => ({ ...want, spend: (want.spend * scale) / SCALE }));
    const kept = budget.owed + (budget.kept * scale) / SCALE;
    return cashAfter(desk, work, { wants: scaled, reach }) > cashFor(desk, kept > budget.least ? kept : budget.least);
  };
  if (isPaid(SCALE)) return SCALE;
  let [good, bad] = [0n, SCALE];
  while (bad - good > 1n) {
    const middle = (good + bad) / 2n;
    if (isPaid(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** {tok} of the deposit coin after all purchases; may be negative. */
function cashAfter(desk: Desk, work: Work, { wants, reach }: Funded): bigint {
  const { surplus, topUp } = fundingOf(desk, work, { wants, reach });
  const direct = wants.reduce((sum, { from, spend }) => sum + (from === CASH ? cashFor(desk, spend) : 0n), 0n);
  const swept =
    quote(desk, work, { sold: TRANSIT, bought: CASH, amount: smaller(surplus, reach.sweep) })?.amountOut ?? 0n;
  return balanceOf(work, CASH) - 1n + swept - topUp - direct;
}

function fundingOf(desk: Desk, work: Work, { wants, reach }: Funded): Funding {
  const ether = assetAt(desk.assets, ETHER);
  const needed = wants.reduce((sum, { from, spend }) => sum + (from === TRANSIT ? spend : 0n), 0n);
  const amount = ether === undefined ? 0n : unitsWorth(ether, needed);
  const onTheWay = sellable(work, TRANSIT);
  if (onTheWay > amount) return { surplus: onTheWay - amount, topUp: 0n };
  const missing = ether === undefined ? 0n : valueOf(ether, amount - onTheWay);
  const topUp = isWorthSweeping(missing) ? smaller(cashFor(desk, missing), reach.topUp) : 0n;
  // Where the pool is cheaper than the oracle, less buys as much.
  const brought = quote(desk, work, { sold: CASH, bought: TRANSIT, amount: topUp })?.amountOut ?? 0n;
  return { surplus: 0n, topUp: brought > amount - onTheWay ? (topUp * (amount - onTheWay)) / brought : topUp };
}

function fund(desk: Desk, work: Work, { wants, reach }: Funded): Work {
  const { surplus, topUp } = fundingOf(desk, work, { wants, reach });
  const needsEther = wants.some(({ from, spend }) => from === TRANSIT && spend > 0n);
  // With purchases to come, a surplus too small to sell goes into them.
  if (surplus > 0n) return sweep(desk, work, { amount: surplus, isLast: !needsEther });
  if (topUp === 0n) return work;
  return trade(desk, work, { sold: CASH, bought: TRANSIT, amount: topUp, reason: "ether for purchases" });
}

/** Every purchase in turn; those with wrapped ether share what is there, and the last one takes the rest. */
function spendAll(desk: Desk, funded: Work, wants: readonly Want[]): Work {
  const throughEther = wants.filter(({ from, spend }) => from === TRANSIT && spend > 0n);
  const total = throughEther.reduce((sum, { spend }) => sum + spend, 0n);
  const shared = sellable(funded, TRANSIT);
  const last = throughEther.at(-1);
  let work = funded;
  for (const want of wants) {
    // {tok} = {tok} * D18{USD} / D18{USD}
    const share = want.from === TRANSIT && total > 0n ? (shared * want.spend) / total : cashFor(desk, want.spend);
    const amount = want === last ? sellable(work, TRANSIT) : share;
    work = buyAcceptable(desk, work, { sold: want.from, bought: want.asset, amount, reason: want.reason });
  }
  return work;
}

/** As much of an order as the pool takes where the legs before have left it; the rest is noted. */
function buyAcceptable(desk: Desk, work: Work, order: Order): Work {
  const amount = largestAcceptable(desk, work, order);
  const done = trade(desk, work, { ...order, amount });
  if (amount === order.amount) return done;
  const paid = assetAt(desk.assets, order.sold);
  const value = paid === undefined ? 0n : valueOf(paid, order.amount - amount);
  return leaveOut(desk, done, { asset: order.bought, value, reason: whyUnfilled(desk, work, order) });
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function byValue(a: Change, b: Change): number {
  if (a.amount === b.amount) return a.asset - b.asset;
  return a.amount > b.amount ? -1 : 1;
}
