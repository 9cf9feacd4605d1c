// Turns what must be sold into legs, most value first: into the deposit coin, or into wrapped ether on its way there.
import type { Change } from "./trade-band.ts";
import { largestAcceptable } from "./acceptable.ts";
import { openGas } from "./batches.ts";
import { type Desk, type Order, type Work, leaveOut, sellable } from "./desk.ts";
import { CASH, ETHER, TRANSIT, assetAt, unitsWorth, valueOf } from "./holdings.ts";
import { poolCount, quote } from "./quote.ts";
import { isWorthSweeping, sweep } from "./sweep.ts";
import { trade } from "./trade.ts";

type Sale = Change & { readonly reason: string };

/** The work after all sales; what could not be sold is noted in it. */
export function sell(desk: Desk, start: Work, sales: readonly Sale[]): Work {
  let work = start;
  for (const sale of [...sales].sort(byValue)) work = sellOne(desk, sweepInTime(desk, work), sale);
  return work;
}

/** On the best pool first; what that does not take within the limits, on the others. */
function sellOne(desk: Desk, start: Work, sale: Sale): Work {
  let work = start;
  const whole = saleOrder(desk, work, sale);
  let left = whole.amount;
  for (let tries = waysOf(desk, work, sale.asset); tries > 0 && left > 0n; tries--) {
    const order = { ...whole, amount: left, bought: bestWay(desk, work, { sold: sale.asset, amount: left }) };
    const amount = largestAcceptable(desk, work, order);
    if (amount === 0n || (work !== start && isDust(desk, sale.asset, amount))) break;
    work = trade(desk, work, { ...order, amount });
    left -= amount;
  }
  const asset = assetAt(desk.assets, sale.asset);
  if (left === 0n || asset === undefined) return work;
  return leaveOut(desk, work, {
    asset: sale.asset,
    value: valueOf(asset, left),
    reason: whyUnfilled(desk, start, whole),
  });
}

/** Why the pools do not take an order in full. */
export function whyUnfilled(desk: Desk, work: Work, order: Order): string {
  const isPriced = [order.sold, order.bought].every((index) => (assetAt(desk.assets, index)?.price ?? 0n) > 0n);
  if (!isPriced) return "no fresh price";
  if (quote(desk, work, { ...order, amount: 1n }) === undefined) return "no pool";
  return TOO_THIN;
}

/** Why what is split over time waits. */
export const TOO_THIN = "the pool is too thin for the rest within the limits";

/** True when the rest of an order is not worth a leg of its own. */
export function isDust(desk: Desk, index: number, amount: bigint): boolean {
  const asset = assetAt(desk.assets, index);
  return asset === undefined || valueOf(asset, amount) < desk.limits.dust;
}

/** How many pools an asset can be traded on: each is tried once. */
export function waysOf(desk: Desk, work: Work, asset: number): number {
  return [CASH, TRANSIT].reduce((sum, bought) => sum + poolCount(desk, work, { sold: asset, bought }), 0);
}

/** In an exit of several transactions each makes its ether safe: the next one may come late. */
function sweepInTime(desk: Desk, work: Work): Work {
  const ether = assetAt(desk.assets, ETHER);
  const amount = sellable(work, TRANSIT);
  if (desk.regime === "bull" || ether === undefined || !isWorthSweeping(valueOf(ether, amount))) return work;
  const { perSale } = desk.gas;
  const room = desk.limits.transactionGas - openGas(desk, work.legs);
  const isLastPlace = room >= perSale && room < 2 * perSale;
  if (!isLastPlace) return work;
  return sweep(desk, work, { amount, isLast: false });
}

function saleOrder(desk: Desk, work: Work, sale: Sale): Order {
  const asset = assetAt(desk.assets, sale.asset);
  const held = sellable(work, sale.asset);
  const wanted = asset === undefined ? 0n : unitsWorth(asset, -sale.amount);
  // Whatever has left the index goes to the last unit.
  const amount = sale.cause === "removed" || wanted > held ? held : wanted;
  return {
    sold: sale.asset,
    bought: bestWay(desk, work, { sold: sale.asset, amount }),
    amount,
    reason: sale.reason,
  };
}

/** The deposit coin, unless ether, at what it is worth in the deposit coin, is more, or alone takes the amount. */
function bestWay(desk: Desk, work: Work, { sold, amount }: { readonly sold: number; readonly amount: bigint }): number {
  const worth = (bought: number): bigint => {
    const asset = assetAt(desk.assets, bought);
    const found = quote(desk, work, { sold, bought, amount });
    return asset === undefined || found === undefined ? 0n : valueOf(asset, found.amountOut);
  };
  return (worth(TRANSIT) * desk.etherWorth) / 1_000_000n > worth(CASH) ? TRANSIT : CASH;
}

function byValue(a: Change, b: Change): number {
  if (a.amount === b.amount) return a.asset - b.asset;
  return a.amount < b.amount ? -1 : 1;
}
