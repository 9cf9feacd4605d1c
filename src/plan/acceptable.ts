// Turns an order into the largest part of it that the limits on loss, price move and drift let through.
import { type Desk, type Order, type Work, contractLimit, tokensOf } from "./desk.ts";
import { fairOutput } from "./holdings.ts";
import { ORDINARY_LIMIT } from "./limits.ts";
import { type Quote, quote } from "./quote.ts";

/** {tok} The largest part of an order that stays within the limits on loss and impact; zero when none does. */
export function largestAcceptable(desk: Desk, work: Work, order: Order): bigint {
  if (order.amount <= 0n) return 0n;
  if (isAcceptable(desk, work, order)) return order.amount;
  let [good, bad] = [0n, order.amount];
  for (let round = 0; round < 16 && bad - good > 1n; round++) {
    const middle = (good + bad) / 2n;
    if (isAcceptable(desk, work, { ...order, amount: middle })) good = middle;
    else bad = middle;
  }
  return good;
}

function isAcceptable(desk: Desk, work: Work, order: Order): boolean {
  const found = quote(desk, work, order);
  if (found === undefined || found.amountOut === 0n) return false;
  const { sold, bought } = tokensOf(desk, order);
  const { maxDrift } = desk.limits;
  const inProportion = (limit: number): number => Math.floor((limit * contractLimit(desk, order)) / ORDINARY_LIMIT);
  const [maxLegLoss, maxMove] = [inProportion(desk.limits.maxLegLoss), inProportion(desk.limits.maxMove)];
  const fair = fairOutput(sold, bought, order.amount);
  const maxImpact = inProportion(desk.limits.maxImpact);
  if ((found.spot - found.amountOut) * 10_000n > fair * BigInt(maxImpact)) return false;
  if (found.amountOut * 10_000n < fair * BigInt(10_000 - maxLegLoss)) return false;
  // An exit is not held up by where a pool stands.
  const { fee } = found.pool;
  const isNear = found.spot * 10_000n * 1_000_000n >= fair * BigInt(10_000 - maxDrift) * BigInt(1_000_000 - fee);
  return (desk.regime === "bear" || isNear) && isWithinMove(found, maxMove);
}

/** The contract stops a swap at half of its limit on the root of the price; see PoolMove.sol. */
function isWithinMove({ pool, after }: Quote, maxMove: number): boolean {
  const [low, high] = [pool.sqrtPriceX96, after.sqrtPriceX96].toSorted((a, b) => (a < b ? -1 : 1));
  return (low ?? 0n) * 20_000n >= (high ?? 0n) * BigInt(20_000 - maxMove);
}
