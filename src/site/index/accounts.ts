// Turns lines and transfers that name an account into its history, and into what it paid and got.
import { decimalString } from "../../core/units.ts";
import type { LedgerLine, LineEvent, LineValue } from "../../record/lines.ts";
import { SHARE, formatAmount, timeString } from "../amounts.ts";
import type { AccountEvent } from "../answers/account.ts";
import { type Coins, wordsOfLine } from "../line-words.ts";
import type { Claims } from "./coin-claims.ts";
import type { Database, Row } from "./database.ts";
import { LINE_COLUMNS, lineOfRow, linesOfTransaction } from "./lines.ts";

/** What is signed: the account's own money and shares. */
type Change = { readonly coins?: bigint; readonly shares?: bigint }; // {tok} of the deposit coin, {share}

/** Coins and shares that an account gave and took, as far as the ledger says. */
export type Flows = {
  readonly paid: bigint; // {tok} of the deposit coin, for shares that were taken
  readonly received: bigint; // {tok} of the deposit coin
  readonly paidUsd: bigint; // D18{USD} of them, at the strikes
  readonly receivedUsd: bigint; // D18{USD}
  /** Shares went another way: transferred, or redeemed in kind. */
  readonly isElsewhere: boolean;
};

/** What histories are read from; addresses in lower case. */
export type History = {
  readonly database: Database;
  readonly coins: Coins;
  readonly vault: string;
  readonly gateway: string;
};

type Moved = { readonly block: number; readonly position: number; readonly event: AccountEvent };

const MOST_EVENTS = 10_000;

/** All that names an account. */
export type Mentions = {
  readonly account: string; // in lower case
  readonly lines: readonly LedgerLine[];
  readonly transfers: readonly Transfer[];
};

/** Lines and transfers that name an account, oldest first. @param account In lower case. */
export function mentionsOf(history: History, account: string): Mentions {
  return { account, lines: linesOf(history.database, account), transfers: transfersOf(history, account) };
}

/** Everything that an account did or that was done to it, oldest first. */
export function historyOf({ account, lines, transfers }: Mentions, coins: Coins): readonly AccountEvent[] {
  const own = lines.map((line): Moved => {
    return { block: line.block, position: line.sequence, event: eventOfLine(line, account, coins) };
  });
  const moved = transfers.map((transfer): Moved => {
    return { block: transfer.block, position: -1, event: eventOfTransfer(transfer, coins) };
  });
  return [...own, ...moved]
    .sort((a, b) => a.block - b.block || a.position - b.position)
    .map(({ event }) => event)
    .slice(-MOST_EVENTS);
}

/** What an account paid and got. */
export function flowsOf({ account, lines, transfers }: Mentions, usd: Claims): Flows {
  const ownClaims = lines.filter(({ args }) => args["receiver"] === account);
  const atOnce = transfers.flatMap(({ claim }) => (claim === undefined ? [] : [claim]));
  const claims = [...ownClaims, ...atOnce];
  const given = claims.filter(({ event }) => event === "DepositClaimed");
  const taken = claims.filter(({ event }) => event === "RedemptionClaimed");
  const coinsOf = (own: readonly LedgerLine[]): bigint =>
    own.reduce((sum, { args }) => sum + integer(args["assets"]), 0n);
  return {
    paid: coinsOf(given),
    received: coinsOf(taken),
    paidUsd: given.reduce((sum, { sequence }) => sum + (usd.deposits.claims.get(sequence) ?? 0n), 0n),
    receivedUsd: taken.reduce((sum, { sequence }) => sum + (usd.redemptions.claims.get(sequence) ?? 0n), 0n),
    isElsewhere:
      transfers.some(({ claim }) => claim === undefined) ||
      lines.some(({ event }) => ["RedeemedInKind", "RedeemedUnitsCredited", "FeeAccrued"].includes(event)),
  };
}

function linesOf(database: Database, account: string): LedgerLine[] {
  return database
    .all(
      `select ${LINE_COLUMNS} from parties join lines on lines.sequence = parties.sequence
        where parties.account = ? order by parties.sequence desc limit ?`,
      account,
      MOST_EVENTS,
    )
    .map(lineOfRow)
    .reverse();
}

function eventOfLine(line: LedgerLine, account: string, coins: Coins): AccountEvent {
  const { coins: paid, shares } = changeOf(line, account);
  const cash = coins.get("")?.decimals ?? 0;
  return {
    sequence: line.sequence,
    time: timeString(line.time),
    block: line.block,
    transaction: line.transaction,
    event: line.event,
    words: wordsOfLine(line, coins),
    coins: paid === undefined ? null : decimalString(paid, cash),
    shares: shares === undefined ? null : decimalString(shares, SHARE.decimals),
  };
}

/** What each event does to whom it names in a part: a deposit is paid when it is asked for. */
const CHANGES: Readonly<Partial<Record<LineEvent, readonly [part: "owner" | "receiver" | "recipient", Effect]>>> = {
  DepositRequested: ["owner", ({ assets }) => ({ coins: -integer(assets) })],
  DepositCancelled: ["receiver", ({ assets }) => ({ coins: integer(assets) })],
  DepositClaimed: ["receiver", ({ shares }) => ({ shares: integer(shares) })],
  RedemptionRequested: ["owner", ({ shares }) => ({ shares: -integer(shares) })],
  RedemptionCancelled: ["receiver", ({ shares }) => ({ shares: integer(shares) })],
  RedemptionClaimed: ["receiver", ({ assets }) => ({ coins: integer(assets) })],
  RedeemedInKind: ["owner", ({ shares }) => ({ shares: -integer(shares) })],
  FeeAccrued: ["recipient", ({ shares }) => ({ shares: integer(shares) })],
};

type Effect = (args: LedgerLine["args"]) => Change;

function changeOf({ event, args }: LedgerLine, account: string): Change {
  const [part, effect] = CHANGES[event] ?? [];
  return part !== undefined && args[part] === account ? (effect?.(args) ?? {}) : {};
}

/** The claim by which the gateway turned coins into shares or back; undefined when it did so twice or never. */
function claimedAtOnce({ database, gateway }: History, hash: string, event: "DepositClaimed" | "RedemptionClaimed") {
  const claims = linesOfTransaction(database, hash).filter((line) => {
    return line.event === event && line.args["receiver"] === gateway;
  });
  return claims.length === 1 ? claims[0] : undefined;
}

/** Shares that came from or went to another account, or through the gateway, which takes or gives coins for them. */
type Transfer = {
  readonly hash: string;
  readonly block: number;
  readonly time: number; // {s}
  readonly other: string;
  readonly shares: bigint; // {share} out of the account below zero
  /** Of the coins that went the other way; undefined when none did. */
  readonly claim: LedgerLine | undefined;
};

function transfersOf(history: History, account: string): readonly Transfer[] {
  const rows = history.database.all(
    `select * from transfers where sender = ?1 union select * from transfers where receiver = ?1
      order by block desc, position desc limit ?2`,
    account,
    MOST_EVENTS,
  );
  return rows.map((row) => transferOf(history, row, account)).filter(({ other }) => other !== history.vault);
}

function transferOf(history: History, row: Row, account: string): Transfer {
  const { sender, receiver, shares, block, hash, time } = row as {
    readonly sender: string;
    readonly receiver: string;
    readonly shares: string;
    readonly block: number;
    readonly hash: string;
    readonly time: number;
  };
  const isOut = sender === account;
  const other = isOut ? receiver : sender;
  const amount = isOut ? -BigInt(shares) : BigInt(shares);
  const claim =
    other === history.gateway
      ? claimedAtOnce(history, hash, isOut ? "RedemptionClaimed" : "DepositClaimed")
      : undefined;
  return { hash, block, time, other, shares: amount, claim };
}

/** {tok} of the deposit coin, out of the account below zero; undefined when none went the other way. */
function coinsOfTransfer({ shares, claim }: Transfer): bigint | undefined {
  if (claim === undefined) return undefined;
  const assets = integer(claim.args["assets"]);
  return shares < 0n ? assets : -assets;
}

function eventOfTransfer(transfer: Transfer, words: Coins): AccountEvent {
  const { hash, block, time, other, shares } = transfer;
  const coins = coinsOfTransfer(transfer);
  const amount = `${formatAmount(shares < 0n ? -shares : shares, SHARE.decimals)} ${SHARE.symbol}`;
  const way = shares < 0n ? "to" : "from";
  return {
    sequence: null,
    time: timeString(time),
    block,
    transaction: hash,
    event: coins === undefined ? "Transfer" : shares < 0n ? "RedeemedAtOnce" : "DepositedAtOnce",
    words:
      coins === undefined ? `${amount} ${way} ${other}` : `${amount} ${shares < 0n ? "redeemed" : "bought"} at once`,
    coins: coins === undefined ? null : decimalString(coins, words.get("")?.decimals ?? 0),
    shares: decimalString(shares, SHARE.decimals),
  };
}

function integer(value: LineValue | undefined): bigint {
  return BigInt(value as string);
}
