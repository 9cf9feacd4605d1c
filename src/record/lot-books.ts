// Turns what happens to assets, one thing after the other, into disposals with their gains and lots that are left.
import type { UnixSeconds } from "../core/units.ts";
import { type Lot, type LotMethod, takeLots } from "./lots.ts";

/** When something happened, and in which line of the ledger. */
export type Moment = { readonly time: UnixSeconds; readonly sequence: number };

/** How an asset left. Only a sale has a gain: what is handed on in kind leaves at its cost. */
export type DisposalKind = "sale" | "redemption" | "in kind" | "loss";

/** A lot, or a part of one, that was disposed of. */
export type Disposal = Moment & {
  readonly asset: string;
  readonly kind: DisposalKind;
  /** When it had been acquired; `undefined` when pooled or not known. */
  readonly acquired: UnixSeconds | undefined;
  readonly quantity: bigint; // {tok}
  readonly proceeds: bigint; // D18{USD}
  readonly cost: bigint; // D18{USD}
  /** The ledger does not say what it had cost; it counts as nothing. */
  readonly isCostUnknown: boolean;
};

/** Books of lots, one a key: an account, or an asset of the fund. */
export class LotBooks {
  readonly #method: LotMethod;
  readonly #books = new Map<string, readonly Lot[]>();
  readonly #disposals = new Map<string, Disposal[]>();

  constructor(method: LotMethod) {
    this.#method = method;
  }

  /** Adds a lot; a quantity of nothing adds none. */
  acquire(key: string, lot: Lot): void {
    if (lot.quantity > 0n) this.#books.set(key, [...this.lots(key), lot]);
  }

  /** Hands lots on with their cost and date, by the same method. */
  move(from: string, to: string, quantity: bigint): void {
    if (from === to) return;
    const { taken, left, missing } = takeLots(this.lots(from), quantity, this.#method);
    this.#books.set(from, left);
    for (const lot of taken) this.acquire(to, lot);
    this.acquire(to, { acquired: undefined, quantity: missing, cost: 0n });
  }

  /**
   * Takes lots out. The proceeds are shared by quantity, and the last part gets the rest.
   *
   * @param disposal `proceeds` of all of it; `undefined` hands it on at its cost.
   */
  dispose(
    key: string,
    disposal: Moment & Pick<Disposal, "asset" | "kind" | "quantity"> & { readonly proceeds: bigint | undefined },
  ): void {
    const { quantity, proceeds, ...about } = disposal;
    if (quantity === 0n) return;
    const { taken, left, missing } = takeLots(this.lots(key), quantity, this.#method);
    this.#books.set(key, left);
    const unknown = missing === 0n ? [] : [{ acquired: undefined, quantity: missing, cost: 0n }];
    const parts = [...taken, ...unknown];
    let rest = proceeds ?? 0n;
    parts.forEach((part, i) => {
      // D18{USD} = D18{USD} * {tok} / {tok}
      const share = i === parts.length - 1 ? rest : ((proceeds ?? 0n) * part.quantity) / quantity;
      rest -= share;
      const isCostUnknown = i >= taken.length;
      this.#note(key, { ...about, ...part, proceeds: proceeds === undefined ? part.cost : share, isCostUnknown });
    });
  }

  /** What is left, in the order in which it came. */
  lots(key: string): readonly Lot[] {
    return this.#books.get(key) ?? [];
  }

  /** Every key with lots, in the order in which they first came. */
  keys(): readonly string[] {
    return [...this.#books.keys()];
  }

  disposals(key: string): readonly Disposal[] {
    return this.#disposals.get(key) ?? [];
  }

  /** Of all keys, in the order in which they happened. */
  allDisposals(): readonly Disposal[] {
    return [...this.#disposals.values()].flat().sort((left, right) => left.sequence - right.sequence);
  }

  #note(key: string, disposal: Disposal): void {
    const known = this.#disposals.get(key) ?? [];
    known.push(disposal);
    this.#disposals.set(key, known);
  }
}
