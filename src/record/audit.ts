// Turns a ledger whose heads hold into a proof that its lines can all be true: each against what those before it say.
import { zeroHash } from "viem";

import { BPS, PPM, WAD } from "../core/units.ts";
import { weekOf, weekOfTarget } from "../core/time.ts";
import { LedgerContradictionError, type LedgerProblem, requireEqual } from "./contradiction.ts";
import { integerOf, listOf, textOf, unitsOf } from "./line-values.ts";
import type { LedgerLine, LineEvent } from "./lines.ts";
import { QUEUES, queueAfter } from "./queue.ts";
import { type Books, EMPTY_BOOKS, booksAfterLine } from "./rebuild.ts";
import { creditableAfter } from "./redeemed-units.ts";
import { DUST_SUPPLY } from "../plan/holdings.ts";

type Args = LedgerLine["args"];

/** A rebalance that is under way, as far as its lines said. */
type Running = { readonly args: Args; readonly legs: number; readonly skips: number };

/** What is known before a line. */
type Known = {
  readonly books: Books;
  /** The last publication of each target by its id. */
  readonly targets: ReadonlyMap<string, Args>;
  readonly running: Running | undefined;
  readonly before: LedgerLine | undefined;
  /** D18{USD} Of one unit of the deposit coin at a dollar. */
  readonly perUnit: bigint;
};

/** Under this id the ledger keeps an exit that anyone carries out without a target. */
const ABANDONED_EXIT = "1";
/** What the start of such an exit states. */
const NO_TARGET: Args = { regime: "bear", decisionHash: zeroHash, membershipRoot: zeroHash };
const TRANSIT = 255;
const ETHER = 1;

/**
 * Looks at every line. A forger who can compute heads still has to write lines that agree with each other: amounts with
 * the books, claims with the queues, counts with the legs.
 *
 * @throws LedgerContradictionError that names the first line found to contradict, and in what.
 */
export function auditLedger(lines: readonly LedgerLine[]): void {
  let known: Known = { books: EMPTY_BOOKS, targets: new Map(), running: undefined, before: undefined, perUnit: 0n };
  for (const line of lines) {
    requireOrder(line, known);
    CHECKS[line.event]?.(line, known);
    known = knownAfter(known, line);
    requireSolvent(line, known.books);
  }
  queueAfter(lines, QUEUES.deposits);
  creditableAfter(lines, queueAfter(lines, QUEUES.redemptions));
}

function knownAfter({ books, targets, running, perUnit }: Known, line: LedgerLine): Known {
  const { event, args } = line;
  const isCoin = event === "AssetListed" && args["asset"] === "0";
  return {
    perUnit: isCoin ? WAD / 10n ** integerOf(args, "decimals") : perUnit,
    books: booksAfterLine(books, line),
    targets: event === "TargetPublished" ? new Map(targets).set(textOf(args, "id"), args) : targets,
    running: runningAfter(running, line),
    before: line,
  };
}

function runningAfter(running: Running | undefined, { event, args }: LedgerLine): Running | undefined {
  if (event === "RebalanceStarted") return { args, legs: 0, skips: 0 };
  if (event === "RebalanceFinished" || event === "RebalanceClosed") return undefined;
  if (running === undefined || running.args["id"] !== args["id"]) return running;
  if (event === "LegExecuted") return { ...running, legs: running.legs + 1 };
  return event === "LegSkipped" && !isLeftAtEnd(args) ? { ...running, skips: running.skips + 1 } : running;
}

/** At a finish, what has no fresh price is recorded as left out: of no leg, and so of one asset alone. */
function isLeftAtEnd(args: Args): boolean {
  return args["sold"] === args["bought"];
}

function requireOrder({ sequence, block, time }: LedgerLine, { before }: Known): void {
  if (before === undefined) return;
  if (block < before.block || time < before.time) {
    throw new LedgerContradictionError(sequence, "time", {
      expected: `block ${before.block} and second ${before.time} or later`,
      found: `block ${block} and second ${time}`,
    });
  }
}

/** What each event must agree with. */
const CHECKS: Readonly<Partial<Record<LineEvent, (line: LedgerLine, known: Known) => void>>> = {
  TargetPublished: checkTarget,
  LevelPublished: ({ sequence, time, args }) => {
    requireEqual(sequence, "epoch", { expected: weekOf(time), found: Number(args["week"]) });
  },
  RebalanceStarted: (line, known) => {
    const target = line.args["id"] === ABANDONED_EXIT ? NO_TARGET : targetFor(line, known);
    same(line, "regime", { name: "regime", of: target });
    same(line, "decision", { name: "decisionHash", of: target });
    same(line, "members", { name: "membershipRoot", of: target });
    checkSupply(line, known);
  },
  LegExecuted: (line, known) => {
    checkLeg(line, known);
    checkAsset(line, known.books, { index: "soldAsset", token: "sold" });
    checkAsset(line, known.books, { index: "boughtAsset", token: "bought" });
    const [bought, minimum] = [integerOf(line.args, "amountBought"), integerOf(line.args, "minimum")];
    if (bought < minimum) contradict(line, "minimum", { expected: `${minimum} or more`, found: bought });
  },
  LegSkipped: (line, known) => {
    if (!isLeftAtEnd(line.args)) checkLeg(line, known);
  },
  RebalanceFinished: (line, known) => {
    const { running } = known;
    same(line, "order", { name: "id", of: running?.args });
    same(line, "regime", { name: "regime", of: running?.args });
    same(line, "twin", { name: "twinLevel", of: targetFor(line, known) });
    requireEqual(line.sequence, "counts", { expected: String(running?.legs), found: line.args["legs"] });
    requireEqual(line.sequence, "counts", { expected: String(running?.skips), found: line.args["skips"] });
    checkSupply(line, known);
  },
  RebalanceClosed: (line, { running }) => {
    same(line, "order", { name: "id", of: running?.args });
  },
  DepositsStruck: (line, known) => {
    checkSupply(line, known);
    checkDepositPrice(line, known);
  },
  RedemptionsStruck: (line, known) => {
    checkSupply(line, known);
    checkRedemptionPrice(line, known);
  },
  FeeAccrued: checkSupply,
  RedeemedInKind: checkExit,
  AssetDelisted: (line, { books }) => {
    const expected = books.balances.get(Number(line.args["asset"])) ?? 0n;
    requireEqual(line.sequence, "amount", { expected, found: integerOf(line.args, "left") });
  },
  BooksWrittenDown: (line, { books }) => {
    const expected = books.balances.get(Number(line.args["asset"])) ?? 0n;
    requireEqual(line.sequence, "amount", { expected, found: integerOf(line.args, "booked") });
  },
};

/** Weights are of listed assets and sum to the whole; the week is that of the publication. */
function checkTarget(line: LedgerLine, { books }: Known): void {
  const { args, sequence, time } = line;
  const [assets, parts] = [listOf(args, "assets"), listOf(args, "partsPerMillion")];
  const sum = parts.reduce((total, part) => total + Number(part), 0);
  requireEqual(sequence, "weights", { expected: PPM, found: sum });
  requireEqual(sequence, "weights", { expected: assets.length, found: parts.length });
  const stranger = assets.find((asset) => !books.tokens.has(Number(asset)));
  if (stranger !== undefined) contradict(line, "weights", { expected: "listed assets", found: stranger });
  requireEqual(sequence, "epoch", { expected: weekOf(time), found: weekOfTarget(Number(args["id"])) });
}

/** Legs stand in their order, one after the other, within their rebalance. */
function checkLeg(line: LedgerLine, { running }: Known): void {
  same(line, "order", { name: "id", of: running?.args });
  const expected = String((running?.legs ?? 0) + (running?.skips ?? 0));
  requireEqual(line.sequence, "position", { expected, found: line.args["position"] });
}

function checkAsset(
  { sequence, args }: LedgerLine,
  { tokens }: Books,
  { index, token }: { readonly index: string; readonly token: string },
): void {
  const asset = Number(args[index]);
  const expected = tokens.get(asset === TRANSIT ? ETHER : asset);
  requireEqual(sequence, "asset", { expected, found: args[token] });
}

/** Before the line; a finish states the supply after the redemptions, whose lines stand before it. */
function checkSupply({ sequence, args }: LedgerLine, { books }: Known): void {
  requireEqual(sequence, "supply", { expected: books.supply, found: integerOf(args, "supply") });
}

/** D18{USD/wholeTok} The deposit coin is within its band when deposits are struck, and counts as a dollar at most. */
const COIN_BAND = { low: 985n, of: 1000n } as const;

/** Shares are what the coins are worth at the stated NAV, less the swing, with the coin inside its band. */
function checkDepositPrice(line: LedgerLine, { perUnit }: Known): void {
  const { assets, shares, nav, supply, kept } = strikeOf(line.args);
  if (supply >= DUST_SUPPLY && nav === 0n) contradict(line, "price", { expected: "a NAV", found: nav });
  // {share} = {tok} * D18{USD/tok} * {bps} * {share} / (D18{USD} * {bps})
  const most = supply < DUST_SUPPLY ? assets * perUnit : (assets * perUnit * kept * supply) / (nav * BigInt(BPS));
  const least = (most * COIN_BAND.low) / COIN_BAND.of - 1n;
  if (shares < least || shares > most) contradict(line, "price", { expected: `${least} to ${most}`, found: shares });
}

/** Coins are no more than the shares are worth at the stated NAV, less the swing: the coin counts a dollar at least. */
function checkRedemptionPrice(line: LedgerLine, { perUnit }: Known): void {
  const { assets, shares, nav, supply, kept } = strikeOf(line.args);
  if (supply === 0n) contradict(line, "supply", { expected: "shares", found: supply });
  // D18{USD} = {share} * {bps} * D18{USD} / ({share} * {bps})
  const most = (shares * kept * nav) / (supply * BigInt(BPS));
  if (assets * perUnit > most) contradict(line, "price", { expected: `${most / perUnit} or less`, found: assets });
}

function strikeOf(args: Args) {
  const amount = (name: string): bigint => integerOf(args, name);
  return {
    assets: amount("assets"),
    shares: amount("shares"),
    nav: amount("nav"),
    supply: amount("supply"),
    kept: BigInt(BPS) - amount("swing"),
  };
}

/** Every amount is the shares' part of the holding, rounded down. */
function checkExit(line: LedgerLine, { books }: Known): void {
  const shares = integerOf(line.args, "shares");
  for (const { asset, amount } of unitsOf(line.args)) {
    // {tok} = {tok} * {share} / {share}
    const expected = ((books.balances.get(asset) ?? 0n) * shares) / books.supply;
    requireEqual(line.sequence, "amount", { expected, found: amount });
  }
}

/** Nothing is negative. */
function requireSolvent(line: LedgerLine, books: Books): void {
  const amounts = [books.supply, books.depositsPending, books.redemptionsPending, books.setAside];
  const all = [...amounts, ...books.balances.values(), ...books.undelivered.values(), ...books.uncredited.values()];
  const lacking = all.find((amount) => amount < 0n);
  if (lacking !== undefined) contradict(line, "amount", { expected: "enough of it before", found: lacking });
}

function targetFor(line: LedgerLine, { targets }: Known): Args {
  const found = targets.get(textOf(line.args, "id"));
  if (found === undefined) contradict(line, "order", { expected: "a published target", found: line.args["id"] });
  return found;
}

function same(
  { sequence, args }: LedgerLine,
  problem: LedgerProblem,
  { name, of }: { readonly name: string; readonly of: Args | undefined },
): void {
  requireEqual(sequence, problem, { expected: of?.[name], found: args[name] });
}

function contradict(
  { sequence }: LedgerLine,
  problem: LedgerProblem,
  found: { readonly expected: unknown; readonly found: unknown },
): never {
  throw new LedgerContradictionError(sequence, problem, found);
}
