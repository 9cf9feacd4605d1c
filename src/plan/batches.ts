// Turns legs into transactions, as many legs in each as its gas allows.
import type { Desk, PlannedLeg } from "./desk.ts";

/** Legs of one transaction. */
export type Batch = { readonly first: number; readonly legs: readonly PlannedLeg[]; readonly gas: number };

/** {gas} of a transaction before its first leg. */
export function overheadOf({ gas, assets }: Pick<Desk, "gas" | "assets">): number {
  return gas.base + gas.perAsset * assets.length;
}

/** One batch at least, which may be empty. */
export function batchesOf(given: {
  readonly legs: readonly PlannedLeg[];
  readonly overheadGas: number;
  readonly transactionGas: number;
}): Batch[] {
  const empty = { legs: [], gas: given.overheadGas };
  const batches: Batch[] = [];
  let open: Batch = { first: 0, ...empty };
  given.legs.forEach((leg, first) => {
    if (open.legs.length > 0 && open.gas + leg.gas > given.transactionGas) {
      batches.push(open);
      open = { first, ...empty };
    }
    open = { ...open, legs: [...open.legs, leg], gas: open.gas + leg.gas };
  });
  return [...batches, open];
}

/** {gas} of the transaction that the next leg would join. */
export function openGas(desk: Desk, legs: readonly PlannedLeg[]): number {
  const { transactionGas } = desk.limits;
  const overheadGas = overheadOf(desk);
  return batchesOf({ legs, overheadGas, transactionGas }).at(-1)?.gas ?? overheadGas;
}
