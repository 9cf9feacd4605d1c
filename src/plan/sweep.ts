// Turns wrapped ether in transit into the deposit coin, so that a rebalance can end.
import { WAD } from "../core/units.ts";
import { largestAcceptable } from "./acceptable.ts";
import { type Desk, type Order, type Work, cashFor, leaveOut, sellable } from "./desk.ts";
import { CASH, ETHER, TRANSIT, assetAt, valueOf } from "./holdings.ts";
import { trade } from "./trade.ts";

/** D18{USD} Less than this brings too few units of the deposit coin to pass the contract's floor. */
const SMALLEST_SWEEP = WAD;
/** D18{USD} Bought beforehand when what is in transit is less than {@link SMALLEST_SWEEP}. */
const TOP_UP = 2n * WAD;

/** True when a value {D18 USD} can be sold on its own. */
export function isWorthSweeping(value: bigint): boolean {
  return value >= SMALLEST_SWEEP;
}

/**
 * Sells `amount` {tok} of what is in transit.
 *
 * @param isLast Nothing else will use what is in transit: an amount too small to be sold alone is sold together with
 *   ether bought for this purpose.
 */
export function sweep(
  desk: Desk,
  work: Work,
  { amount, isLast }: { readonly amount: bigint; readonly isLast: boolean },
): Work {
  const ether = assetAt(desk.assets, ETHER);
  const isWorthIt = ether !== undefined && isWorthSweeping(valueOf(ether, amount));
  const order = { sold: TRANSIT, bought: CASH, reason: "transit" };
  if (isWorthIt) return sellAcceptable(desk, work, { ...order, amount: isLast ? sellable(work, TRANSIT) : amount });
  if (!isLast || amount === 0n) return work;
  const raised = trade(desk, work, { sold: CASH, bought: TRANSIT, amount: cashFor(desk, TOP_UP), reason: "transit" });
  return trade(desk, raised, { ...order, amount: sellable(raised, TRANSIT) });
}

/** What the pool does not take now stays in transit, and the rebalance open until it does. */
function sellAcceptable(desk: Desk, work: Work, order: Order): Work {
  const amount = largestAcceptable(desk, work, order);
  const done = trade(desk, work, { ...order, amount });
  const ether = assetAt(desk.assets, ETHER);
  if (amount === order.amount || ether === undefined) return done;
  const value = valueOf(ether, order.amount - amount);
  return leaveOut(desk, done, { asset: TRANSIT, value, reason: "the pool is too thin for the rest within the limits" });
}
