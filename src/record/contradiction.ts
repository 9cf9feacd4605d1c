// The error for a ledger whose lines cannot all be true, though its heads hold.
import { AppError } from "../core/errors.ts";

/** In what a line contradicts those before it. */
export type LedgerProblem =
  | "amount"
  | "asset"
  | "claim"
  | "counts"
  | "decision"
  | "epoch"
  | "members"
  | "minimum"
  | "order"
  | "position"
  | "price"
  | "regime"
  | "request"
  | "supply"
  | "time"
  | "twin"
  | "units"
  | "weights";

/** A line says what cannot be after those before it: somebody wrote it who could compute heads, but not the vault. */
export class LedgerContradictionError extends AppError {
  readonly code = "LEDGER_CONTRADICTS";
  readonly kind = "data";
  /** Number of the line. */
  readonly sequence: number;
  readonly problem: LedgerProblem;

  constructor(sequence: number, problem: LedgerProblem, { expected, found }: Found) {
    super(
      `Line ${sequence} contradicts the lines before it (${problem}): expected ${String(expected)}, found ` +
        `${String(found)}. The vault did not write this ledger: fetch the log again from a node that you trust.`,
    );
    this.sequence = sequence;
    this.problem = problem;
  }
}

/** What the lines before give, and what the line says. */
export type Found = { readonly expected: unknown; readonly found: unknown };

/** @throws LedgerContradictionError unless what is found is what is expected. */
export function requireEqual(sequence: number, problem: LedgerProblem, { expected, found }: Found): void {
  if (expected !== found) throw new LedgerContradictionError(sequence, problem, { expected, found });
}
