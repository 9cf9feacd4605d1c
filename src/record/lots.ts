// Turns purchases and a sale into the lots that the sale uses up, by one of four methods, to the last unit.
import { assertNever } from "../core/errors.ts";
import type { UnixSeconds } from "../core/units.ts";

/** Which lots a sale uses up: the oldest, the newest, the dearest a unit, or a part of all at their average. */
export type LotMethod = "fifo" | "lifo" | "hifo" | "average";

/** All methods, as a person names them. */
export const LOT_METHODS = ["fifo", "lifo", "hifo", "average"] as const satisfies readonly LotMethod[];

/** Something that was acquired at once, as far as it is still there. */
export type Lot = {
  /** `undefined` for what was pooled at its average. */
  readonly acquired: UnixSeconds | undefined;
  readonly quantity: bigint; // {tok} above zero
  readonly cost: bigint; // D18{USD} of all of it
};

/** What a sale used up, what is left, and what was sold of which nobody knows the purchase. */
export type Taken = {
  readonly taken: readonly Lot[];
  readonly left: readonly Lot[];
  readonly missing: bigint; // {tok}
};

/**
 * Takes a quantity out of lots. What is taken of a lot costs its part rounded down, and the rest keeps the rest: no unit
 * of cost is lost or made.
 *
 * @param lots In the order in which they were acquired.
 */
export function takeLots(lots: readonly Lot[], quantity: bigint, method: LotMethod): Taken {
  const pool = method === "average" ? pooled(lots) : lots;
  const left = new Map(pool.map((lot, i) => [i, lot]));
  const taken: Lot[] = [];
  let missing = quantity;
  for (const place of inOrder(pool, method)) {
    if (missing === 0n) break;
    const lot = pool[place] as Lot;
    const part = partOf(lot, missing < lot.quantity ? missing : lot.quantity);
    taken.push(part);
    missing -= part.quantity;
    const rest = { ...lot, quantity: lot.quantity - part.quantity, cost: lot.cost - part.cost };
    if (rest.quantity === 0n) left.delete(place);
    else left.set(place, rest);
  }
  return { taken, left: [...left.values()], missing };
}

/** Quantity and cost of lots together. */
export function totalOf(lots: readonly Lot[]): { readonly quantity: bigint; readonly cost: bigint } {
  return {
    quantity: lots.reduce((sum, { quantity }) => sum + quantity, 0n),
    cost: lots.reduce((sum, { cost }) => sum + cost, 0n),
  };
}

function partOf(lot: Lot, quantity: bigint): Lot {
  // D18{USD} = D18{USD} * {tok} / {tok}
  return { ...lot, quantity, cost: (lot.cost * quantity) / lot.quantity };
}

function pooled(lots: readonly Lot[]): readonly Lot[] {
  const { quantity, cost } = totalOf(lots);
  return quantity === 0n ? [] : [{ acquired: undefined, quantity, cost }];
}

/** Places of the lots in the order in which they are used up. */
function inOrder(lots: readonly Lot[], method: LotMethod): readonly number[] {
  const places = lots.map((_, i) => i);
  switch (method) {
    case "fifo":
    case "average":
      return places;
    case "lifo":
      return places.reverse();
    case "hifo":
      return places.sort((left, right) => byUnitCost(lots[right] as Lot, lots[left] as Lot) || left - right);
    default:
      return assertNever(method);
  }
}

/** Negative when the left one cost less a unit. */
function byUnitCost(left: Lot, right: Lot): number {
  const difference = left.cost * right.quantity - right.cost * left.quantity;
  return difference < 0n ? -1 : Number(difference > 0n);
}
