// Turns a ledger into a proof: its heads recomputed, the first wrong line named, its books compared with the chain's.
import type { Hex } from "viem";

import { AppError } from "../core/errors.ts";
import { FIRST_HEAD, type LedgerPlace, headAfter } from "./head.ts";
import type { LedgerLine } from "./lines.ts";
import { type Books, booksAfter } from "./rebuild.ts";

/** What can be wrong with a line. */
export type LedgerFault = "missing" | "inserted" | "reordered" | "altered" | "books";

/** The ledger is not the one that the vault wrote. */
export class LedgerBrokenError extends AppError {
  readonly code = "LEDGER_BROKEN";
  readonly kind = "data";
  /** Number of the first wrong line. */
  readonly sequence: number;
  readonly fault: LedgerFault;

  constructor(sequence: number, fault: LedgerFault, explanation: string) {
    super(`Ledger broken at line ${sequence}: ${explanation} Fetch the log again from a node that you trust.`);
    this.sequence = sequence;
    this.fault = fault;
  }
}

/** What the vault itself says, as far as the caller could read it. */
export type ChainBooks = {
  readonly sequence: number;
  readonly head: Hex;
  /** {tok} by asset index, 255 included. */
  readonly balances: ReadonlyMap<number, bigint>;
  readonly supply: bigint; // {share}
  readonly depositsPending: bigint; // {tok} of the deposit coin
  readonly setAside: bigint; // {tok} of the deposit coin
};

/** A ledger that holds. */
export type LedgerProof = {
  readonly lines: number;
  readonly head: Hex;
  readonly books: Books;
  /** True when head and books were compared with those on chain. */
  readonly isComparedWithChain: boolean;
};

/**
 * Proves that the lines are all that the vault has written, unchanged and in their order.
 *
 * @param expected Where the ledger ends: the vault itself, or only the number and head that a file states.
 * @throws LedgerBrokenError that names the first wrong line.
 */
export function verifyLedger(
  lines: readonly LedgerLine[],
  place: LedgerPlace,
  expected?: Pick<ChainBooks, "sequence" | "head"> | ChainBooks,
): LedgerProof {
  let head = FIRST_HEAD;
  lines.forEach((line, i) => {
    requireNext(lines, i);
    const next = headOf(head, line, place);
    if (next !== line.head) {
      const found = `its head is ${line.head}, but its fields and the line before give ${next}.`;
      throw new LedgerBrokenError(line.sequence, "altered", `${line.event} was altered; ${found}`);
    }
    head = next;
  });
  const books = booksAfter(lines);
  if (expected !== undefined) requireEnd(lines.length, head, expected);
  const isComparedWithChain = expected !== undefined && "balances" in expected;
  if (isComparedWithChain) requireBooks(books, lines.length, expected);
  return { lines: lines.length, head, books, isComparedWithChain };
}

function headOf(before: Hex, line: LedgerLine, place: LedgerPlace): Hex {
  try {
    return headAfter(before, line, place);
  } catch {
    throw new LedgerBrokenError(line.sequence, "altered", `${line.event} has fields that the vault cannot write.`);
  }
}

/** The line at a position has the number that follows the line before. */
function requireNext(lines: readonly LedgerLine[], position: number): void {
  const wanted = position + 1;
  const found = lines[position]?.sequence;
  if (found === wanted) return;
  const isLater = lines.slice(position + 1).some(({ sequence }) => sequence === wanted);
  const isEarlier = found !== undefined && found < wanted;
  const place = `in its place stands line ${found ?? "none"}.`;
  if (isEarlier) {
    throw new LedgerBrokenError(wanted, "inserted", `line ${found} stands there a second time.`);
  }
  if (isLater) throw new LedgerBrokenError(wanted, "reordered", `line ${wanted} stands further down; ${place}`);
  throw new LedgerBrokenError(wanted, "missing", `line ${wanted} is missing; ${place}`);
}

function requireEnd(count: number, head: Hex, expected: Pick<ChainBooks, "sequence" | "head">): void {
  if (count < expected.sequence) {
    const range = `the ledger has ${expected.sequence} lines, and those from ${count + 1} on are missing.`;
    throw new LedgerBrokenError(count + 1, "missing", range);
  }
  if (count > expected.sequence) {
    const words = `the ledger has only ${expected.sequence} lines, and line ${expected.sequence + 1} is not one of them.`;
    throw new LedgerBrokenError(expected.sequence + 1, "inserted", words);
  }
  if (head !== expected.head) {
    throw new LedgerBrokenError(count, "altered", `the head after it is ${head}, but the vault's is ${expected.head}.`);
  }
}

function requireBooks(books: Books, sequence: number, chain: ChainBooks): void {
  const indexes = new Set([...books.balances.keys(), ...chain.balances.keys()]);
  const pairs: readonly (readonly [string, bigint, bigint])[] = [
    ...[...indexes].map((index) => {
      const name = `balance of asset ${index}`;
      return [name, books.balances.get(index) ?? 0n, chain.balances.get(index) ?? 0n] as const;
    }),
    ["supply", books.supply, chain.supply],
    ["pending deposits", books.depositsPending, chain.depositsPending],
    ["money set aside", books.setAside, chain.setAside],
  ];
  for (const [name, rebuilt, found] of pairs) {
    if (rebuilt === found) continue;
    const words = `the lines give a ${name} of ${rebuilt}, but the vault's is ${found}.`;
    throw new LedgerBrokenError(sequence, "books", words);
  }
}
