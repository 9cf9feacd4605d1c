// Turns a ledger into the fund's own lots of every asset: what each leg cost and brought, in dollars.
import { integerOf, textOf, unitsOf } from "./line-values.ts";
import type { LedgerLine, LineEvent } from "./lines.ts";
import { LotBooks } from "./lot-books.ts";
import type { LotMethod } from "./lots.ts";
import { coinUnit } from "./strike-price.ts";

/** Index of the deposit coin, in which all is counted. */
const CASH = "0";
/** Index of wrapped ether in transit between two tokens, of which no lots are kept. */
const TRANSIT = "255";
const ETHER = "1";

/** A ratio of values: D18{USD} for so much of a token. */
export type Rate = { readonly usd: bigint; readonly units: bigint };

/** Lots by token in lower case, and the rate of each token's last leg. */
export type FundLots = { readonly books: LotBooks; readonly rates: ReadonlyMap<string, Rate> };

type Working = {
  readonly books: LotBooks;
  readonly perUnit: bigint;
  readonly rates: Map<string, Rate>;
  /** Of ether, by the line of a leg. */
  readonly etherRates: ReadonlyMap<number, Rate>;
};

/**
 * The fund's lots. The deposit coin counts a dollar: a leg's line states no price of it. A leg against it costs or brings
 * what was paid. A leg between two tokens, or with ether in transit, counts by ether's mean rate against the deposit coin in
 * the same rebalance, or else by the last one before. So every switch to stablecoins disposes of what is sold, and one to
 * another stablecoin as well. What leaves in kind leaves at its cost; what is written down is a loss, and what is swept in
 * cost nothing.
 */
export function fundLots(lines: readonly LedgerLine[], method: LotMethod): FundLots {
  const working: Working = {
    books: new LotBooks(method),
    perUnit: coinUnit(lines),
    rates: new Map(),
    etherRates: etherRatesIn(lines),
  };
  for (const line of lines) EFFECTS[line.event]?.(working, line);
  return { books: working.books, rates: working.rates };
}

const EFFECTS: Readonly<Partial<Record<LineEvent, (working: Working, line: LedgerLine) => void>>> = {
  LegExecuted: followLeg,
  RewardPaid: (working, line) => {
    lose(working, line, integerOf(line.args, "amount"));
  },
  AssetDelisted: (working, line) => {
    lose(working, line, integerOf(line.args, "left"));
  },
  BooksWrittenDown: (working, line) => {
    lose(working, line, integerOf(line.args, "booked") - integerOf(line.args, "left"));
  },
  SurplusSwept: ({ books }, { args, time }) => {
    if (!isKept(textOf(args, "asset"))) return;
    books.acquire(textOf(args, "token"), { acquired: time, quantity: integerOf(args, "amount"), cost: 0n });
  },
  RedeemedInKind: handOn,
  RedeemedUnitsSetAside: handOn,
};

function followLeg(working: Working, { args, time, sequence }: LedgerLine): void {
  const { books, rates } = working;
  const [soldAsset, boughtAsset] = [textOf(args, "soldAsset"), textOf(args, "boughtAsset")];
  const [amountSold, amountBought] = [integerOf(args, "amountSold"), integerOf(args, "amountBought")];
  const usd = valueOfLeg(working, { sequence, soldAsset, boughtAsset, amountSold, amountBought });
  if (isKept(soldAsset)) {
    const asset = textOf(args, "sold");
    books.dispose(asset, { time, sequence, asset, kind: "sale", quantity: amountSold, proceeds: usd });
    rates.set(asset, { usd, units: amountSold });
  }
  if (isKept(boughtAsset)) {
    const asset = textOf(args, "bought");
    books.acquire(asset, { acquired: time, quantity: amountBought, cost: usd });
    rates.set(asset, { usd, units: amountBought });
  }
}

/** Lots are kept of all but what is money here. */
function isKept(asset: string): boolean {
  return asset !== CASH && asset !== TRANSIT;
}

type LegAmounts = {
  readonly sequence: number;
  readonly soldAsset: string;
  readonly boughtAsset: string;
  readonly amountSold: bigint;
  readonly amountBought: bigint;
};

/** D18{USD} */
function valueOfLeg({ perUnit, etherRates }: Working, leg: LegAmounts): bigint {
  if (leg.soldAsset === CASH) return leg.amountSold * perUnit;
  if (leg.boughtAsset === CASH) return leg.amountBought * perUnit;
  const amount = isEther(leg.boughtAsset) ? leg.amountBought : leg.amountSold;
  const { usd, units } = etherRates.get(leg.sequence) ?? NO_RATE;
  // D18{USD} = {tok} * D18{USD} / {tok}
  return (amount * usd) / units;
}

function isEther(asset: string): boolean {
  return asset === ETHER || asset === TRANSIT;
}

/** Before any ether was traded against the deposit coin. */
const NO_RATE: Rate = { usd: 0n, units: 1n };

/**
 * By line of a leg: what all legs of its rebalance between ether and the deposit coin paid, for all ether in them; without
 * such legs, what those of the last rebalance that has any paid.
 */
function etherRatesIn(lines: readonly LedgerLine[]): ReadonlyMap<number, Rate> {
  const perUnit = coinUnit(lines);
  const legs = lines.filter(({ event }) => event === "LegExecuted");
  const byRebalance = Map.groupBy(legs, ({ args }) => textOf(args, "id"));
  const rates = new Map<number, Rate>();
  let last = NO_RATE;
  for (const own of byRebalance.values()) {
    const paid = own.map((leg) => etherLeg(leg, perUnit));
    const units = paid.reduce((sum, rate) => sum + rate.units, 0n);
    if (units > 0n) last = { usd: paid.reduce((sum, rate) => sum + rate.usd, 0n), units };
    for (const { sequence } of own) rates.set(sequence, last);
  }
  return rates;
}

/** What a leg between ether and the deposit coin paid for how much ether; nothing of any other leg. */
function etherLeg({ args }: LedgerLine, perUnit: bigint): Rate {
  const [sold, bought] = [textOf(args, "soldAsset"), textOf(args, "boughtAsset")];
  const [amountSold, amountBought] = [integerOf(args, "amountSold"), integerOf(args, "amountBought")];
  if (isEther(sold) && bought === CASH) return { usd: amountBought * perUnit, units: amountSold };
  if (sold === CASH && isEther(bought)) return { usd: amountSold * perUnit, units: amountBought };
  return { usd: 0n, units: 0n };
}

function lose({ books }: Working, { args, time, sequence }: LedgerLine, quantity: bigint): void {
  if (!isKept(textOf(args, "asset"))) return;
  const asset = textOf(args, "token");
  books.dispose(asset, { time, sequence, asset, kind: "loss", quantity, proceeds: 0n });
}

function handOn({ books }: Working, { args, time, sequence }: LedgerLine): void {
  for (const { asset: index, token: asset, amount: quantity } of unitsOf(args)) {
    if (!isKept(String(index))) continue;
    books.dispose(asset, { time, sequence, asset, kind: "in kind", quantity, proceeds: undefined });
  }
}
