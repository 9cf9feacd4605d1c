// Turns the lines of one queue into what each account waits for and can claim, by the arithmetic of the contract.
import type { UnixSeconds } from "../core/units.ts";
import { LedgerContradictionError, requireEqual } from "./contradiction.ts";
import { integerOf, textOf } from "./line-values.ts";
import type { LedgerLine, LineEvent } from "./lines.ts";

/** What an account gave up to an epoch and waits for. */
export type Part = { readonly epoch: number; readonly amount: bigint };

/** What an account has in a queue: coins of deposits for shares, or shares of redemptions for coins. */
export type QueueAccount = {
  /** Given up to the last epoch but the newest, and not struck. */
  readonly older: Part;
  /** Given in the newest epoch, and not struck. */
  readonly newer: Part;
  readonly given: bigint; // struck, not claimed
  readonly receivable: bigint; // for `given`
  /** Of the newest strike behind `given`. */
  readonly struckAt: UnixSeconds | undefined;
};

/** What one strike gave one account for what. */
export type Settlement = {
  /** Number of the strike's line. */
  readonly sequence: number;
  readonly time: UnixSeconds;
  readonly account: string;
  readonly given: bigint;
  readonly received: bigint;
  /** What each of its parts had before the strike, the older first; by this it gets units. */
  readonly before: readonly bigint[];
};

/** What a strike took of what was due. */
export type Strike = {
  readonly sequence: number;
  readonly epoch: number;
  readonly due: bigint; // before the strike
  readonly struck: bigint;
  readonly received: bigint;
};

/** A queue after some lines. */
export type QueueState = {
  /** By address in lower case; accounts that have nothing left stay. */
  readonly accounts: ReadonlyMap<string, QueueAccount>;
  readonly settlements: readonly Settlement[];
  readonly strikes: readonly Strike[];
};

/** The lines of a queue, and how its amounts are named. */
type QueueLines = {
  readonly requested: LineEvent;
  readonly cancelled: LineEvent;
  readonly struck: LineEvent;
  readonly claimed: LineEvent;
  readonly given: "assets" | "shares";
  readonly received: "assets" | "shares";
};

/** The lines of both queues. */
export const QUEUES = {
  deposits: {
    requested: "DepositRequested",
    cancelled: "DepositCancelled",
    struck: "DepositsStruck",
    claimed: "DepositClaimed",
    given: "assets",
    received: "shares",
  },
  redemptions: {
    requested: "RedemptionRequested",
    cancelled: "RedemptionCancelled",
    struck: "RedemptionsStruck",
    claimed: "RedemptionClaimed",
    given: "shares",
    received: "assets",
  },
} as const satisfies Readonly<Record<string, QueueLines>>;

const NOTHING: Part = { epoch: 0, amount: 0n };
const NEW_ACCOUNT: QueueAccount = { older: NOTHING, newer: NOTHING, given: 0n, receivable: 0n, struckAt: undefined };

/** A queue while its lines are followed. */
type Working = {
  readonly names: QueueLines;
  readonly accounts: Map<string, QueueAccount>;
  /** What was given in each epoch, less what was taken back and what was struck. */
  readonly outstanding: Map<number, bigint>;
  readonly settlements: Settlement[];
  readonly strikes: Strike[];
};

/**
 * The queue after all lines.
 *
 * @throws LedgerContradictionError when a line takes, strikes or claims what is not there.
 * @see RequestQueue.sol, of which this repeats the arithmetic.
 */
export function queueAfter(lines: readonly LedgerLine[], names: QueueLines): QueueState {
  const queue: Working = { names, accounts: new Map(), outstanding: new Map(), settlements: [], strikes: [] };
  for (const line of lines) {
    if (line.event === names.requested) request(queue, line);
    else if (line.event === names.cancelled) cancel(queue, line);
    else if (line.event === names.struck) strike(queue, line);
    else if (line.event === names.claimed) claim(queue, line);
  }
  return queue;
}

/** A request joins its epoch; what was asked for in an earlier one becomes the older part. */
function request(queue: Working, { args, sequence }: LedgerLine): void {
  const { account, epoch, amount } = requestOf(queue, args);
  const kept = queue.accounts.get(account) ?? NEW_ACCOUNT;
  if (epoch < kept.newer.epoch) {
    throw new LedgerContradictionError(sequence, "epoch", { expected: `${kept.newer.epoch} or later`, found: epoch });
  }
  const isNext = kept.newer.amount !== 0n && kept.newer.epoch !== epoch;
  const older = isNext ? { epoch: kept.newer.epoch, amount: kept.older.amount + kept.newer.amount } : kept.older;
  const newer = { epoch, amount: (isNext ? 0n : kept.newer.amount) + amount };
  queue.accounts.set(account, { ...kept, older, newer });
  add(queue.outstanding, epoch, amount);
}

/** Everything of an epoch is taken back; what is older than the last but one request goes with that one. */
function cancel(queue: Working, { args, sequence }: LedgerLine): void {
  const { account, epoch, amount } = requestOf(queue, args);
  const kept = queue.accounts.get(account) ?? NEW_ACCOUNT;
  const [isNewer, isOlder] = [kept.newer.epoch === epoch, kept.older.epoch === epoch];
  const expected = (isNewer ? kept.newer.amount : 0n) + (isOlder ? kept.older.amount : 0n);
  requireEqual(sequence, "request", { expected, found: amount });
  queue.accounts.set(account, {
    ...kept,
    newer: isNewer ? { epoch, amount: 0n } : kept.newer,
    older: isOlder ? { epoch, amount: 0n } : kept.older,
  });
  add(queue.outstanding, epoch, -amount);
}

function requestOf({ names }: Working, args: LedgerLine["args"]) {
  const account = textOf(args, "controller");
  return { account, epoch: Number(args["epoch"]), amount: integerOf(args, names.given) };
}

/** Every account's due parts are priced in the same proportion. */
function strike(queue: Working, line: LedgerLine): void {
  const { names, outstanding } = queue;
  const epoch = Number(line.args["epoch"]);
  const [struck, received] = [integerOf(line.args, names.given), integerOf(line.args, names.received)];
  const epochs = [...outstanding].filter(([one]) => one <= epoch);
  const due = epochs.reduce((sum, [, amount]) => sum + amount, 0n);
  if (struck > due) {
    throw new LedgerContradictionError(line.sequence, "request", { expected: `${due} at most`, found: struck });
  }
  for (const [one] of epochs) outstanding.delete(one);
  outstanding.set(epoch, due - struck);
  const priced = { sequence: line.sequence, epoch, due, struck, received };
  queue.strikes.push(priced);
  if (due === 0n) return;
  for (const [account, kept] of queue.accounts) settle(queue, { account, kept, priced, time: line.time });
}

function settle(
  queue: Working,
  at: {
    readonly account: string;
    readonly kept: QueueAccount;
    readonly priced: Strike;
    readonly time: UnixSeconds;
  },
): void {
  const { account, kept, priced, time } = at;
  const [older, newer] = [applied(kept.older, priced), applied(kept.newer, priced)];
  const before = [older, newer].filter(({ isTouched }) => isTouched).map((part) => part.before);
  if (before.length === 0) return;
  const [given, received] = [older.given + newer.given, older.received + newer.received];
  queue.accounts.set(account, {
    older: older.part,
    newer: newer.part,
    given: kept.given + given,
    receivable: kept.receivable + received,
    struckAt: time,
  });
  queue.settlements.push({ sequence: priced.sequence, time, account, given, received, before });
}

/** What is used up is rounded up, what is received is rounded down. */
function applied(part: Part, { due, struck, received, epoch }: Strike) {
  const before = part.amount;
  if (before === 0n || part.epoch > epoch) return { part, before, given: 0n, received: 0n, isTouched: false };
  const left = (before * (due - struck)) / due;
  return {
    part: { ...part, amount: left },
    before,
    given: before - left,
    received: (before * received) / due,
    isTouched: true,
  };
}

/** A claim names what was given, and gets its part rounded down; or what is received, and uses up rounded up. */
function claim(queue: Working, { args, sequence }: LedgerLine): void {
  const { names } = queue;
  const account = textOf(args, "controller");
  const kept = queue.accounts.get(account) ?? NEW_ACCOUNT;
  const [given, received] = [integerOf(args, names.given), integerOf(args, names.received)];
  if (given > kept.given || received > kept.receivable) {
    const expected = `${kept.receivable} for ${kept.given} at most`;
    throw new LedgerContradictionError(sequence, "claim", { expected, found: `${received} for ${given}` });
  }
  const isByGiven = kept.given > 0n && (given * kept.receivable) / kept.given === received;
  const isByReceived = kept.receivable > 0n && ceilDiv(received * kept.given, kept.receivable) === given;
  if (!isByGiven && !isByReceived && given + received > 0n) {
    const expected = `a part of ${kept.receivable} for ${kept.given}`;
    throw new LedgerContradictionError(sequence, "claim", { expected, found: `${received} for ${given}` });
  }
  queue.accounts.set(account, { ...kept, given: kept.given - given, receivable: kept.receivable - received });
}

function ceilDiv(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

function add(amounts: Map<number, bigint>, key: number, change: bigint): void {
  amounts.set(key, (amounts.get(key) ?? 0n) + change);
}
