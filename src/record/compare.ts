// Turns a file's lines and the chain's into the first line on which they disagree.
import { AppError } from "../core/errors.ts";
import type { LedgerLine } from "./lines.ts";

/** What a line of a file says otherwise than the chain's. */
export type LineDifference = "head" | "block" | "transaction" | "time";

/** A line of the file is not the chain's line of that number. */
export class LineDiffersError extends AppError {
  readonly code = "LEDGER_DIFFERS";
  readonly kind = "data";
  readonly sequence: number;
  readonly field: LineDifference;

  constructor(field: LineDifference, file: LedgerLine, chain: LedgerLine | undefined) {
    const found = `Expected ${field} ${chain?.[field] ?? "of no line"}, found ${file[field]}.`;
    const advice =
      field === "head"
        ? "The file may be of another chain, or of one that was started again: write it again from this node."
        : "The head does not cover it: write the file again from this node.";
    super(`Line ${file.sequence} differs from the chain's. ${found} ${advice}`);
    this.sequence = file.sequence;
    this.field = field;
  }
}

/** What a line says that no head covers. */
export const BESIDE_THE_HEAD = ["block", "transaction", "time"] as const;

/**
 * Compares by number: all heads first, because one that differs explains everything after it; then what no head covers.
 * Lines that the file lacks are not looked at.
 *
 * @throws LineDiffersError that names the first line that differs.
 */
export function requireSameLines(file: readonly LedgerLine[], chain: readonly LedgerLine[]): void {
  const bySequence = new Map(chain.map((line) => [line.sequence, line]));
  const differs = (field: LineDifference, line: LedgerLine): boolean =>
    line[field] !== bySequence.get(line.sequence)?.[field];
  const refuse = (field: LineDifference, line: LedgerLine): never => {
    throw new LineDiffersError(field, line, bySequence.get(line.sequence));
  };
  const strange = file.find((line) => differs("head", line));
  if (strange !== undefined) refuse("head", strange);
  for (const line of file) {
    const field = BESIDE_THE_HEAD.find((one) => differs(one, line));
    if (field !== undefined) refuse(field, line);
  }
}
