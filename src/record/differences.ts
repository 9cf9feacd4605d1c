// Turns a reconstruction and what the chain says into every difference between them, each by its name.
import { NO_POSITION, type Reconstruction } from "./reconstruct.ts";
import type { Part } from "./queue.ts";
import type { ChainBooks } from "./verify.ts";

/** What the vault itself says of an account. */
export type ChainPosition = {
  readonly shares: bigint; // {share}
  /** {tok} of the deposit coin by epoch. */
  readonly depositsPending: ReadonlyMap<number, bigint>;
  /** {share} by epoch. */
  readonly redemptionsPending: ReadonlyMap<number, bigint>;
  readonly depositsGiven: bigint; // {tok} struck, not claimed
  readonly depositsReceivable: bigint; // {share} for that
  readonly redemptionsGiven: bigint; // {share} struck, not claimed
  readonly redemptionsReceivable: bigint; // {tok} for that
  /** {tok} by token that can be taken now. */
  readonly owed: ReadonlyMap<string, bigint>;
};

/** What the vault itself says, accounts included. */
export type ChainState = {
  readonly books: ChainBooks;
  /** By address in lower case. */
  readonly positions: ReadonlyMap<string, ChainPosition>;
};

/** One figure on which lines and chain do not agree. */
export type Difference = { readonly what: string; readonly rebuilt: bigint; readonly chain: bigint };

type Pair = readonly [what: string, rebuilt: bigint, chain: bigint];

/** Every difference; none when all agree to the last unit. Accounts that the chain was not asked about are left out. */
export function differencesBetween(rebuilt: Reconstruction, chain: ChainState): Difference[] {
  const positions = [...chain.positions].flatMap(([account, position]) => accountPairs(account, rebuilt, position));
  return [...bookPairs(rebuilt, chain.books), ...positions]
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([what, ours, theirs]) => ({ what, rebuilt: ours, chain: theirs }));
}

function bookPairs({ books }: Reconstruction, chain: ChainBooks): Pair[] {
  return [
    ...mapPairs("balance of asset", books.balances, chain.balances),
    ["supply", books.supply, chain.supply],
    ["pending deposits", books.depositsPending, chain.depositsPending],
    ["money set aside", books.setAside, chain.setAside],
  ];
}

function accountPairs(account: string, { positions }: Reconstruction, chain: ChainPosition): Pair[] {
  const { shares, deposits, redemptions, owed } = positions.get(account) ?? NO_POSITION;
  const pairs: Pair[] = [
    ["shares", shares, chain.shares],
    ...mapPairs("pending deposit of epoch", byEpoch(deposits.pending), chain.depositsPending),
    ...mapPairs("pending redemption of epoch", byEpoch(redemptions.pending), chain.redemptionsPending),
    ["struck deposits", deposits.given, chain.depositsGiven],
    ["claimable shares", deposits.receivable, chain.depositsReceivable],
    ["struck redemptions", redemptions.given, chain.redemptionsGiven],
    ["claimable money", redemptions.receivable, chain.redemptionsReceivable],
    ...mapPairs("units owed of", owed, chain.owed),
  ];
  return pairs.map(([what, ours, theirs]) => [`${what} (${account})`, ours, theirs]);
}

function byEpoch(parts: readonly Part[]): Map<number, bigint> {
  const amounts = new Map<number, bigint>();
  for (const { epoch, amount } of parts) amounts.set(epoch, (amounts.get(epoch) ?? 0n) + amount);
  return amounts;
}

function mapPairs<Key extends string | number>(
  what: string,
  ours: ReadonlyMap<Key, bigint>,
  theirs: ReadonlyMap<Key, bigint>,
): Pair[] {
  const keys = new Set([...ours.keys(), ...theirs.keys()]);
  return [...keys].map((key) => [`${what} ${key}`, ours.get(key) ?? 0n, theirs.get(key) ?? 0n]);
}
