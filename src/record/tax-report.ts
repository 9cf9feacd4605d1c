// Turns disposals and lots into a report by calendar year: realized gains, and what the lots that are left would bring.
import type { Disposal, LotBooks } from "./lot-books.ts";
import { totalOf } from "./lots.ts";

/** What was realized in a calendar year, UTC. */
export type TaxYear = {
  readonly year: number;
  readonly disposals: number;
  readonly proceeds: bigint; // D18{USD}
  readonly cost: bigint; // D18{USD}
  readonly gain: bigint; // D18{USD} negative for a loss
};

/** What is left of an asset, and what it would bring. */
export type OpenPosition = {
  readonly asset: string;
  readonly lots: number;
  readonly quantity: bigint; // {tok}
  readonly cost: bigint; // D18{USD}
  readonly value: bigint; // D18{USD}
  readonly gain: bigint; // D18{USD} unrealized
};

/** Everything that a tax return asks for. */
export type TaxReport = {
  readonly disposals: readonly Disposal[];
  readonly years: readonly TaxYear[];
  readonly open: readonly OpenPosition[];
};

/** The calendar year of a moment, UTC. */
export function yearOf(time: number): number {
  return new Date(time * 1000).getUTCFullYear();
}

/** @param disposals In the order in which they happened. */
export function yearsOf(disposals: readonly Disposal[]): TaxYear[] {
  const byYear = Map.groupBy(disposals, ({ time }) => yearOf(time));
  return [...byYear].map(([year, all]) => {
    const proceeds = all.reduce((sum, one) => sum + one.proceeds, 0n);
    const cost = all.reduce((sum, one) => sum + one.cost, 0n);
    return { year, disposals: all.length, proceeds, cost, gain: proceeds - cost };
  });
}

/**
 * What is left under the keys of books.
 *
 * @param keys Of the assets; each is shown under the name that goes with it.
 * @param valueOf D18{USD} of so much {tok} of a key.
 */
export function openPositions(
  books: LotBooks,
  keys: ReadonlyMap<string, string>,
  valueOf: (key: string, quantity: bigint) => bigint,
): OpenPosition[] {
  return [...keys].flatMap(([key, asset]) => {
    const lots = books.lots(key);
    const { quantity, cost } = totalOf(lots);
    if (quantity === 0n) return [];
    const value = valueOf(key, quantity);
    return [{ asset, lots: lots.length, quantity, cost, value, gain: value - cost }];
  });
}
