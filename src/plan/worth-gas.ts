// Turns the changes of a plan into those that are worth their gas, as far as the end of the rebalance allows the rest.
import type { Wad } from "../core/units.ts";
import { finishBand } from "./target-band.ts";
import type { Change, Position } from "./trade-band.ts";

/** What decides which changes may be left out. */
export type GasWorthInput<Kept extends Change> = {
  readonly changes: readonly Kept[];
  readonly positions: readonly Position[];
  readonly nav: Wad;
  /** D18{USD} Of the deposit coin, without what the redemptions take. */
  readonly cashTarget: bigint;
  /** D18{USD} Deposit coin above (below, when negative) its target before the changes. */
  readonly spareCash: bigint;
  /** D18{USD} that the leg of a change costs. */
  readonly gasOf: (change: Change) => bigint;
  /** True for what has to be traded whatever it costs. */
  readonly isBound: (change: Change) => boolean;
};

/**
 * The changes without those that cost more gas than they are worth. One of these stays all the same when it is bound, or
 * when its asset, or the deposit coin that pays for all of them, would be left outside nine tenths of the band in which
 * the contract lets a rebalance end. The smallest are left out first.
 */
export function worthTheirGas<Kept extends Change>(input: GasWorthInput<Kept>): Kept[] {
  const { changes, positions, nav, cashTarget, spareCash, gasOf, isBound } = input;
  const byAsset = new Map(positions.map((position) => [position.asset, position]));
  const isDear = (change: Change): boolean => sizeOf(change) < gasOf(change) && !isBound(change);
  const mayStay = ({ asset }: Change): boolean => {
    const { value, target } = byAsset.get(asset) ?? { value: 0n, target: 0n };
    return isWithin(value - target, target, nav);
  };
  const left = new Set<Change>();
  let cashOff = changes.reduce((rest, { amount }) => rest - amount, spareCash);
  const candidates = changes.filter((change) => isDear(change) && mayStay(change));
  for (const change of candidates.toSorted((a, b) => (sizeOf(a) < sizeOf(b) ? -1 : 1))) {
    if (!isWithin(cashOff + change.amount, cashTarget, nav)) continue;
    cashOff += change.amount;
    left.add(change);
  }
  return changes.filter((change) => !left.has(change));
}

/** True when the chain will let a rebalance end so far off a target, with a tenth of the band to spare. */
function isWithin(distance: bigint, target: bigint, nav: Wad): boolean {
  return magnitude(distance) * 10n <= finishBand(target, nav) * 9n;
}

/** D18{USD} */
function sizeOf({ amount }: Change): bigint {
  return magnitude(amount);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
