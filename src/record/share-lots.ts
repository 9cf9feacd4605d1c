// Turns a ledger into each depositor's lots of shares: what they cost, when they were struck, what they brought.
import type { Ledger } from "./ledger-file.ts";
import { integerOf, textOf } from "./line-values.ts";
import type { LedgerLine, LineEvent } from "./lines.ts";
import { LotBooks, type Moment } from "./lot-books.ts";
import type { LotMethod } from "./lots.ts";
import { QUEUES, type Settlement, queueAfter } from "./queue.ts";
import { coinUnit, coinsInUsd, strikePrice } from "./strike-price.ts";
import type { ShareTransfer } from "./transfers.ts";

/** The asset of a depositor. */
export const SHARE_ASSET = "TM100";

/** Lots of shares by account in lower case, and what a share was worth last. */
export type ShareLots = {
  readonly books: LotBooks;
  readonly nav: bigint; // D18{USD}
  readonly supply: bigint; // {share}
};

/** Between whom shares go beside a line, by names of arguments. */
const HANDED: Readonly<Partial<Record<LineEvent, readonly [from: string, to: string]>>> = {
  DepositClaimed: ["controller", "receiver"],
  RedemptionRequested: ["owner", "controller"],
  RedemptionCancelled: ["controller", "receiver"],
};

type Working = {
  readonly books: LotBooks;
  readonly gateway: string;
  /** D18{USD} of one unit of the deposit coin at a dollar. */
  readonly perUnit: bigint;
  /** D18{USD/wholeTok} of the deposit coin, by number of a strike's line. */
  readonly prices: ReadonlyMap<number, bigint>;
  /** By gateway: for whom it redeems in the transaction at hand. */
  readonly principals: Map<string, string>;
};

/** What all shares were worth when a line last said so. */
type Worth = Pick<ShareLots, "nav" | "supply">;

/**
 * Every account's lots. A deposit is acquired at its strike, for the coins that were struck; a redemption is disposed of
 * at its strike, for the coins that it brought; coins count what the strike counted them ({@link strikePrice}). An exit in
 * kind counts at the last NAV per share that the ledger states, and so do shares of the management fee when they are
 * minted. Shares that go from one account to another take cost and date along. The gateway acts for whoever calls it.
 *
 * @param gateway The fund's deposit gateway, where known.
 */
export function shareLots(
  { lines, transfers }: Pick<Ledger, "lines" | "transfers">,
  method: LotMethod,
  gateway?: string,
): ShareLots {
  const perUnit = coinUnit(lines);
  const working: Working = {
    books: new LotBooks(method),
    gateway: gateway?.toLowerCase() ?? "",
    perUnit,
    prices: new Map(lines.filter(isStrike).map((line) => [line.sequence, strikePrice(line, perUnit)])),
    principals: new Map(),
  };
  const settled = {
    DepositsStruck: bySequence(queueAfter(lines, QUEUES.deposits).settlements),
    RedemptionsStruck: bySequence(queueAfter(lines, QUEUES.redemptions).settlements),
  };
  const moved = Map.groupBy(transfers, ({ after }) => after);
  let worth: Worth = { nav: 0n, supply: 0n };
  for (const transfer of moved.get(0) ?? []) move(working, transfer);
  for (const line of lines) {
    for (const one of settled.DepositsStruck.get(line.sequence) ?? []) acquireStruck(working, one);
    for (const one of settled.RedemptionsStruck.get(line.sequence) ?? []) disposeStruck(working, one);
    follow(working, line, worth);
    worth = worthAfter(worth, line);
    for (const transfer of moved.get(line.sequence) ?? []) move(working, transfer);
  }
  return { books: working.books, ...worth };
}

function isStrike({ event }: LedgerLine): boolean {
  return event === "DepositsStruck" || event === "RedemptionsStruck";
}

function bySequence(settlements: readonly Settlement[]): ReadonlyMap<number, readonly Settlement[]> {
  return Map.groupBy(settlements, ({ sequence }) => sequence);
}

function acquireStruck({ books, perUnit, prices }: Working, settlement: Settlement): void {
  const { account, time, sequence, given, received } = settlement;
  const cost = coinsInUsd(given, prices.get(sequence) ?? 0n, perUnit);
  books.acquire(account, { acquired: time, quantity: received, cost });
}

function disposeStruck(working: Working, { account, time, sequence, given, received }: Settlement): void {
  const { books, perUnit, prices, gateway, principals } = working;
  const owner = account === gateway ? (principals.get(gateway) ?? account) : account;
  const proceeds = coinsInUsd(received, prices.get(sequence) ?? 0n, perUnit);
  books.dispose(owner, { ...share({ time, sequence }), kind: "redemption", quantity: given, proceeds });
}

function share(moment: Moment): Moment & { readonly asset: string } {
  return { ...moment, asset: SHARE_ASSET };
}

function follow({ books }: Working, { event, args, time, sequence }: LedgerLine, worth: Worth): void {
  const handed = HANDED[event];
  if (handed !== undefined) {
    const [from, to] = handed;
    books.move(textOf(args, from), textOf(args, to), integerOf(args, "shares"));
  }
  if (event === "RedeemedInKind") {
    const quantity = integerOf(args, "shares");
    const proceeds = valueOf(worth, quantity);
    books.dispose(textOf(args, "owner"), { ...share({ time, sequence }), kind: "in kind", quantity, proceeds });
  }
  if (event === "FeeAccrued") {
    const quantity = integerOf(args, "shares");
    books.acquire(textOf(args, "recipient"), { acquired: time, quantity, cost: valueOf(worth, quantity) });
  }
}

function worthAfter(before: Worth, { args }: LedgerLine): Worth {
  if (args["nav"] === undefined || args["supply"] === undefined) return before;
  return { nav: integerOf(args, "nav"), supply: integerOf(args, "supply") };
}

/** D18{USD} of shares at the last NAV; nothing before the first. */
function valueOf({ nav, supply }: Worth, shares: bigint): bigint {
  // D18{USD} = {share} * D18{USD} / {share}
  return supply === 0n ? 0n : (shares * nav) / supply;
}

/** What goes to the gateway is redeemed in the same transaction, for whoever sent it. */
function move(working: Working, { from, to, amount }: ShareTransfer): void {
  if (to === working.gateway) working.principals.set(to, from);
  else working.books.move(from, to, BigInt(amount));
}
