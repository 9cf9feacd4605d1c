// Turns what must be sold into legs, most value first: into the deposit coin, or into wrapped ether on its way there.
import type { Change } from "./trade-band.ts";
import { largestAcceptable } from "./acceptable.ts";
import { type Desk, type Order, type Work, leaveOut, quote, sellable, trade } from "./desk.ts";
import { CASH, TRANSIT, assetAt, unitsWorth, valueOf } from "./holdings.ts";

/** The work after all sales; what could not be sold is noted in it. */
export function sell(desk: Desk, start: Work, sales: readonly (Change & { readonly reason: string })[]): Work {
  let work = start;
  for (const sale of [...sales].sort(byValue)) {
    const order = saleOrder(desk, work, sale);
    if (order.amount === 0n) continue;
    const amount = largestAcceptable(desk, work, order);
    if (amount > 0n) work = trade(desk, work, { ...order, amount });
    if (amount === order.amount) continue;
    const asset = assetAt(desk.assets, sale.asset);
    const value = asset === undefined ? 0n : valueOf(asset, order.amount - amount);
    work = leaveOut(desk, work, { asset: sale.asset, value, reason: whyUnfilled(desk, work, order) });
  }
  return work;
}

/** Why the pools do not take an order in full. */
export function whyUnfilled(desk: Desk, work: Work, order: Order): string {
  const isPriced = [order.sold, order.bought].every((index) => (assetAt(desk.assets, index)?.price ?? 0n) > 0n);
  if (!isPriced) return "no fresh price";
  if (quote(desk, work, { ...order, amount: 1n }) === undefined) return "no pool";
  return "the pool is too thin for the rest within the limits";
}

function saleOrder(desk: Desk, work: Work, sale: Change & { readonly reason: string }): Order {
  const asset = assetAt(desk.assets, sale.asset);
  const held = sellable(work, sale.asset);
  const wanted = asset === undefined ? 0n : unitsWorth(asset, -sale.amount);
  // Whatever has left the index goes to the last unit.
  const amount = sale.cause === "removed" || wanted > held ? held : wanted;
  return { sold: sale.asset, bought: bestWay(desk, work, sale.asset, amount), amount, reason: sale.reason };
}

/** The deposit coin, unless only a pool against wrapped ether takes the amount, or pays more. */
function bestWay(desk: Desk, ...[work, sold, amount]: readonly [Work, number, bigint]): number {
  const worth = (bought: number): bigint => {
    const asset = assetAt(desk.assets, bought);
    const found = quote(desk, work, { sold, bought, amount });
    return asset === undefined || found === undefined ? 0n : valueOf(asset, found.amountOut);
  };
  return worth(TRANSIT) > worth(CASH) ? TRANSIT : CASH;
}

function byValue(a: Change, b: Change): number {
  if (a.amount === b.amount) return a.asset - b.asset;
  return a.amount < b.amount ? -1 : 1;
}
