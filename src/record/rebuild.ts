// Turns the lines of the ledger alone into what the vault holds and owes, to the last unit.
import type { Address } from "viem";

import type { LedgerLine, LineEvent, LineValue } from "./lines.ts";

/** What the vault's books say, as far as the ledger determines it. */
export type Books = {
  /** {tok} by asset index; 255 is wrapped ether in transit. */
  readonly balances: ReadonlyMap<number, bigint>;
  /** Token by index of every listed asset. */
  readonly tokens: ReadonlyMap<number, Address>;
  readonly supply: bigint; // {share}
  readonly fees: bigint; // {share} minted for the management so far
  readonly depositsPending: bigint; // {tok} of the deposit coin
  readonly redemptionsPending: bigint; // {share} handed in and not struck
  readonly setAside: bigint; // {tok} of the deposit coin
  /** {tok} that in-kind exits could not deliver and units of redemptions, by `owner:token` in lower case. */
  readonly undelivered: ReadonlyMap<string, bigint>;
  /** {tok} of redemptions by token, set aside at a strike that could not price it and not credited to anybody yet. */
  readonly uncredited: ReadonlyMap<string, bigint>;
  readonly regime: string;
};

/** The books before the first line. */
export const EMPTY_BOOKS: Books = {
  balances: new Map(),
  tokens: new Map(),
  supply: 0n,
  fees: 0n,
  depositsPending: 0n,
  redemptionsPending: 0n,
  setAside: 0n,
  undelivered: new Map(),
  uncredited: new Map(),
  regime: "bear",
};

const CASH = 0;

/** The books after all lines, in their order. */
export function booksAfter(lines: readonly LedgerLine[]): Books {
  return lines.reduce(booksAfterLine, EMPTY_BOOKS);
}

/** The books after one more line. */
export function booksAfterLine(books: Books, { event, args }: LedgerLine): Books {
  return EFFECTS[event]?.(books, args) ?? books;
}

type Args = LedgerLine["args"];

/** What each event does to the books; those that are missing change nothing. */
const EFFECTS: Readonly<Partial<Record<LineEvent, (books: Books, args: Args) => Books>>> = {
  AssetListed: (books, args) => ({
    ...books,
    tokens: new Map(books.tokens).set(Number(args["asset"]), args["token"] as Address),
  }),
  AssetDelisted: (books, args) => ({
    ...books,
    tokens: without(books.tokens, Number(args["asset"])),
    balances: added(books.balances, Number(args["asset"]), -integer(args["left"])),
  }),
  RebalanceStarted: (books, args) => ({ ...books, regime: String(args["regime"]) }),
  LegExecuted: afterLeg,
  RewardPaid: (books, args) => ({
    ...books,
    balances: added(books.balances, Number(args["asset"]), -integer(args["amount"])),
  }),
  DepositRequested: (books, args) => ({
    ...books,
    depositsPending: books.depositsPending + integer(args["assets"]),
  }),
  RedemptionRequested: (books, args) => ({
    ...books,
    redemptionsPending: books.redemptionsPending + integer(args["shares"]),
  }),
  DepositCancelled: (books, args) => ({
    ...books,
    depositsPending: books.depositsPending - integer(args["assets"]),
  }),
  RedemptionCancelled: (books, args) => ({
    ...books,
    redemptionsPending: books.redemptionsPending - integer(args["shares"]),
  }),
  DepositsStruck: afterDeposits,
  RedemptionsStruck: afterRedemptions,
  RedeemedUnitsSetAside: afterUnitsSetAside,
  RedeemedUnitsCredited: afterUnitsCredited,
  RedemptionClaimed: (books, args) => ({ ...books, setAside: books.setAside - integer(args["assets"]) }),
  RedeemedInKind: afterExit,
  InKindClaimed: (books, args) => ({
    ...books,
    undelivered: added(books.undelivered, claimKey(args), -integer(args["amount"])),
  }),
  FeeAccrued: (books, args) => ({
    ...books,
    supply: books.supply + integer(args["shares"]),
    fees: books.fees + integer(args["shares"]),
  }),
  BooksWrittenDown: (books, args) => ({
    ...books,
    balances: added(books.balances, Number(args["asset"]), integer(args["left"]) - integer(args["booked"])),
  }),
  SurplusSwept: (books, args) => ({
    ...books,
    balances: added(books.balances, Number(args["asset"]), integer(args["amount"])),
  }),
};

function afterLeg(books: Books, args: Args): Books {
  const sold = added(books.balances, Number(args["soldAsset"]), -integer(args["amountSold"]));
  return { ...books, balances: added(sold, Number(args["boughtAsset"]), integer(args["amountBought"])) };
}

function afterDeposits(books: Books, args: Args): Books {
  const assets = integer(args["assets"]);
  return {
    ...books,
    balances: added(books.balances, CASH, assets),
    depositsPending: books.depositsPending - assets,
    supply: books.supply + integer(args["shares"]),
  };
}

function afterRedemptions(books: Books, args: Args): Books {
  const [assets, shares] = [integer(args["assets"]), integer(args["shares"])];
  return {
    ...books,
    balances: added(books.balances, CASH, -assets),
    redemptionsPending: books.redemptionsPending - shares,
    setAside: books.setAside + assets,
    supply: books.supply - shares,
  };
}

function afterUnitsSetAside(books: Books, args: Args): Books {
  let { balances, uncredited } = books;
  for (const { asset, token, amount } of unitsOf(args)) {
    balances = added(balances, asset, -amount);
    uncredited = added(uncredited, token, amount);
  }
  return { ...books, balances, uncredited };
}

function afterUnitsCredited(books: Books, args: Args): Books {
  let { undelivered, uncredited } = books;
  for (const { token, amount } of unitsOf(args)) {
    uncredited = added(uncredited, token, -amount);
    undelivered = added(undelivered, claimKey({ owner: args["controller"] ?? "", token }), amount);
  }
  return { ...books, undelivered, uncredited };
}

/** The parallel arrays of a line as one list. */
function unitsOf(args: Args): readonly { readonly asset: number; readonly token: string; readonly amount: bigint }[] {
  const [assets = [], tokens, amounts] = ["assets", "tokens", "amounts"].map((name) => args[name] as readonly string[]);
  return assets.map((asset, i) => ({ asset: Number(asset), token: tokens?.[i] ?? "", amount: integer(amounts?.[i]) }));
}

function afterExit(books: Books, args: Args): Books {
  const [assets, tokens, amounts, delivered] = ["assets", "tokens", "amounts", "delivered"].map(
    (name) => args[name] as readonly (string | boolean)[],
  );
  let { balances, undelivered } = books;
  assets?.forEach((asset, i) => {
    const amount = integer(amounts?.[i]);
    balances = added(balances, Number(asset), -amount);
    const key = claimKey({ owner: args["owner"] ?? "", token: tokens?.[i] ?? "" });
    if (delivered?.[i] === false) undelivered = added(undelivered, key, amount);
  });
  return { ...books, balances, undelivered, supply: books.supply - integer(args["shares"]) };
}

function claimKey(args: Args): string {
  return `${String(args["owner"])}:${String(args["token"])}`;
}

function added<Key>(amounts: ReadonlyMap<Key, bigint>, key: Key, change: bigint): ReadonlyMap<Key, bigint> {
  return new Map(amounts).set(key, (amounts.get(key) ?? 0n) + change);
}

function without<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  return new Map([...map].filter(([member]) => member !== key));
}

function integer(value: LineValue | undefined): bigint {
  return BigInt(value as string);
}
