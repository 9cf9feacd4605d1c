// Turns a ledger into the fund's whole past: holdings and NAV at every end, fees, and each account's position.
import type { Address } from "viem";

import { type UnixSeconds, WAD } from "../core/units.ts";
import type { Ledger } from "./ledger-file.ts";
import { integerOf, textOf } from "./line-values.ts";
import type { LedgerLine, LineEvent } from "./lines.ts";
import { QUEUES, type Part, type QueueAccount, type QueueState, queueAfter } from "./queue.ts";
import { type Books, EMPTY_BOOKS, booksAfterLine } from "./rebuild.ts";
import { creditableAfter } from "./redeemed-units.ts";
import { sharesAfter } from "./shares.ts";

/** The fund's value as a line states it. */
export type NavPoint = {
  readonly sequence: number;
  readonly time: UnixSeconds;
  readonly event: LineEvent;
  /** Of the rebalance; none for a strike in stablecoins. */
  readonly id: string | undefined;
  readonly nav: bigint; // D18{USD}
  readonly supply: bigint; // {share}
  readonly navPerShare: bigint; // D18{USD/wholeShare} rounded down, zero without shares
};

/** Where a rebalance ended: at its target, or closed before. */
export type Ending = {
  readonly sequence: number;
  readonly time: UnixSeconds;
  readonly id: string;
  readonly kind: "finished" | "closed";
  readonly regime: string;
  /** {tok} by asset index, without what is nothing. */
  readonly holdings: ReadonlyMap<number, bigint>;
  readonly supply: bigint; // {share}
  /** {bps} As the vault measured it; none when closed. */
  readonly costBps: number | undefined;
};

/** Shares that were minted for the management. */
export type FeePoint = {
  readonly sequence: number;
  readonly time: UnixSeconds;
  readonly recipient: Address;
  readonly shares: bigint; // {share}
  readonly rate: number; // {bps} a year
  readonly supply: bigint; // {share} before
};

/** What an account waits for in a queue, and can claim. */
export type Waiting = {
  readonly pending: readonly Part[];
  readonly given: bigint; // struck, not claimed
  readonly receivable: bigint; // for that
};

/** Everything that the fund has of an account, or owes it. */
export type Position = {
  readonly shares: bigint; // {share} that it holds
  readonly deposits: Waiting; // {tok} of the deposit coin for {share}
  readonly redemptions: Waiting; // {share} for {tok}
  /** {tok} by token that can be taken now: what exits in kind could not deliver, and units of redemptions. */
  readonly owed: ReadonlyMap<string, bigint>;
  /** {tok} by token that it would be credited when it is next touched. */
  readonly creditable: ReadonlyMap<string, bigint>;
};

const NOTHING_WAITS: Waiting = { pending: [], given: 0n, receivable: 0n };

/** Of an account that no line names. */
export const NO_POSITION: Position = {
  shares: 0n,
  deposits: NOTHING_WAITS,
  redemptions: NOTHING_WAITS,
  owed: new Map(),
  creditable: new Map(),
};

/** What a ledger says, in full. */
export type Reconstruction = {
  readonly books: Books;
  readonly navs: readonly NavPoint[];
  readonly endings: readonly Ending[];
  readonly fees: readonly FeePoint[];
  /** By address in lower case; the vault, which keeps what is handed in or not claimed, is one of them. */
  readonly positions: ReadonlyMap<string, Position>;
};

const NAV_EVENTS: ReadonlySet<LineEvent> = new Set([
  "RebalanceStarted",
  "RebalanceFinished",
  "DepositsStruck",
  "RedemptionsStruck",
]);

/**
 * The fund's past by its ledger alone, to the last unit. Shares go by the ledger's transfers, too.
 *
 * @throws LedgerContradictionError when a line claims or credits what is not there.
 */
export function reconstruct({
  lines,
  transfers,
  place,
}: Pick<Ledger, "lines" | "transfers" | "place">): Reconstruction {
  let books = EMPTY_BOOKS;
  const [navs, endings, fees]: [NavPoint[], Ending[], FeePoint[]] = [[], [], []];
  for (const line of lines) {
    books = booksAfterLine(books, line);
    if (NAV_EVENTS.has(line.event)) navs.push(navPoint(line));
    if (line.event === "RebalanceFinished" || line.event === "RebalanceClosed") endings.push(endingOf(line, books));
    if (line.event === "FeeAccrued") fees.push(feePoint(line));
  }
  const shares = sharesAfter(lines, transfers, place.vault);
  return { books, navs, endings, fees, positions: positionsAfter(lines, books, shares) };
}

/** D18{USD/wholeShare}, rounded down; zero without shares. */
function perShare(nav: bigint, supply: bigint): bigint {
  // D18{USD/wholeShare} = D18{USD} * {share/wholeShare} / {share}
  return supply === 0n ? 0n : (nav * WAD) / supply;
}

function navPoint({ sequence, time, event, args }: LedgerLine): NavPoint {
  const [nav, supply] = [integerOf(args, "nav"), integerOf(args, "supply")];
  const id = args["id"] === undefined ? undefined : textOf(args, "id");
  return { sequence, time, event, id, nav, supply, navPerShare: perShare(nav, supply) };
}

function endingOf({ sequence, time, event, args }: LedgerLine, books: Books): Ending {
  return {
    sequence,
    time,
    id: textOf(args, "id"),
    kind: event === "RebalanceFinished" ? "finished" : "closed",
    regime: books.regime,
    holdings: new Map([...books.balances].filter(([, amount]) => amount !== 0n)),
    supply: books.supply,
    costBps: args["costBps"] === undefined ? undefined : Number(args["costBps"]),
  };
}

function feePoint({ sequence, time, args }: LedgerLine): FeePoint {
  return {
    sequence,
    time,
    recipient: textOf(args, "recipient") as Address,
    shares: integerOf(args, "shares"),
    rate: Number(args["rate"]),
    supply: integerOf(args, "supply"),
  };
}

function positionsAfter(
  lines: readonly LedgerLine[],
  { undelivered }: Books,
  shares: ReadonlyMap<string, bigint>,
): ReadonlyMap<string, Position> {
  const [deposits, redemptions] = [queueAfter(lines, QUEUES.deposits), queueAfter(lines, QUEUES.redemptions)];
  const creditable = creditableAfter(lines, redemptions);
  const owed = owedByAccount(undelivered);
  const accounts = new Set([
    ...[shares, deposits.accounts, redemptions.accounts, owed, creditable].flatMap((map) => [...map.keys()]),
  ]);
  return new Map(
    [...accounts].sort().map((account) => [
      account,
      {
        shares: shares.get(account) ?? 0n,
        deposits: waitingIn(deposits, account),
        redemptions: waitingIn(redemptions, account),
        owed: owed.get(account) ?? new Map<string, bigint>(),
        creditable: creditable.get(account) ?? new Map<string, bigint>(),
      },
    ]),
  );
}

function waitingIn({ accounts }: QueueState, account: string): Waiting {
  const found: QueueAccount | undefined = accounts.get(account);
  if (found === undefined) return NOTHING_WAITS;
  const { older, newer, given, receivable } = found;
  return { pending: [older, newer].filter(({ amount }) => amount > 0n), given, receivable };
}

/** {tok} by account and token, without what is nothing. */
function owedByAccount(undelivered: Books["undelivered"]): Map<string, Map<string, bigint>> {
  const owed = new Map<string, Map<string, bigint>>();
  for (const [key, amount] of undelivered) {
    const [account = "", token = ""] = key.split(":");
    if (amount === 0n) continue;
    const tokens = owed.get(account) ?? new Map<string, bigint>();
    owed.set(account, tokens.set(token, amount));
  }
  return owed;
}
