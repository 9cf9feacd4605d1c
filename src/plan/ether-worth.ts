// Turns what a rebalance buys and sells into what ether in transit is worth to it in the deposit coin.
import { type Desk, type Work, cashFor, sellable } from "./desk.ts";
import { CASH, ETHER, TRANSIT, assetAt, unitsWorth, valueOf } from "./holdings.ts";
import { quote } from "./quote.ts";
import type { Change } from "./trade-band.ts";

/** {1e-6} The whole of ether's price. */
export const PAR = 1_000_000n;

/**
 * {1e-6} of its price. What assets sell for ether is used by those that are bought with ether; only the difference goes
 * through the pool of ether itself. Where ether is short, one more in transit saves its purchase there; where it is
 * left over, it is worth what its sale there brings.
 *
 * @param desk With ether at par, at which the way of each asset is guessed.
 */
export function etherWorth(desk: Desk, work: Work, changes: readonly Change[]): bigint {
  const ether = assetAt(desk.assets, ETHER);
  if (ether === undefined || ether.price === 0n) return PAR;
  const onTheWay: bigint = valueOf(ether, sellable(work, TRANSIT));
  const net = changes.reduce(
    (sum, change) => sum + (goesThroughEther(desk, work, change) ? change.amount : 0n),
    -onTheWay,
  );
  return net > 0n ? worthWhenShort(desk, work, net) : worthWhenLeft(desk, work, -net);
}

/** @param value D18{USD} of ether that must be bought. */
function worthWhenShort(desk: Desk, work: Work, value: bigint): bigint {
  const ether = assetAt(desk.assets, ETHER);
  const found = quote(desk, work, { sold: CASH, bought: TRANSIT, amount: cashFor(desk, value) });
  if (ether === undefined || found === undefined || found.amountOut === 0n) return PAR;
  return (value * PAR) / valueOf(ether, found.amountOut);
}

/** @param value D18{USD} of ether that must be sold. */
function worthWhenLeft(desk: Desk, work: Work, value: bigint): bigint {
  const [cash, ether] = [assetAt(desk.assets, CASH), assetAt(desk.assets, ETHER)];
  if (cash === undefined || ether === undefined || value === 0n) return PAR;
  const found = quote(desk, work, { sold: TRANSIT, bought: CASH, amount: unitsWorth(ether, value) });
  return found === undefined ? PAR : (valueOf(cash, found.amountOut) * PAR) / value;
}

function goesThroughEther(desk: Desk, work: Work, { asset, amount }: Change): boolean {
  const size = amount < 0n ? -amount : amount;
  const worth = (through: number): bigint => {
    const [sold, bought] = amount < 0n ? [asset, through] : [through, asset];
    const [paid, got] = [assetAt(desk.assets, sold), assetAt(desk.assets, bought)];
    if (paid === undefined || got === undefined) return 0n;
    const found = quote(desk, work, { sold, bought, amount: unitsWorth(paid, size) });
    return found === undefined ? 0n : valueOf(got, found.amountOut);
  };
  return worth(TRANSIT) > worth(CASH);
}
