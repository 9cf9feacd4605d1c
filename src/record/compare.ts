// Turns a file's lines and the chain's into the first line on which they disagree, and in what.
import { canonicalJson } from "../core/canonical-json.ts";
import { AppError } from "../core/errors.ts";
import type { LedgerLine, LineValue } from "./lines.ts";
import type { ShareTransfer } from "./transfers.ts";

/** What a line says that no head covers. */
export const BESIDE_THE_HEAD = ["block", "transaction", "time"] as const;

/** A line of a file is not the chain's line of that number. */
export class LineDiffersError extends AppError {
  readonly code = "LEDGER_DIFFERS";
  readonly kind = "data";
  readonly sequence: number;
  /** The event, an argument of it, the head, or what no head covers. */
  readonly field: string;

  constructor(file: LedgerLine, field: string, values: { readonly chain: string; readonly file: string }) {
    const isBeside = BESIDE_THE_HEAD.some((name) => name === field);
    const advice = isBeside
      ? "The head does not cover it: write the file again from this node."
      : "The file may be of another chain, or of one that was started again: write it again from this node.";
    super(
      `Line ${file.sequence} differs from the chain's. Expected ${field} ${values.chain}, found ${values.file}. ${advice}`,
    );
    this.sequence = file.sequence;
    this.field = field;
  }
}

/** The transfers of shares in a file are not the chain's. */
export class TransferDiffersError extends AppError {
  readonly code = "TRANSFERS_DIFFER";
  readonly kind = "data";
  /** Number of the first transfer that differs, from 1. */
  readonly number: number;

  constructor(number: number, { chain, file }: { readonly chain: string; readonly file: string }) {
    super(
      `Transfer ${number} of shares differs from the chain's. Expected ${chain}, found ${file}. ` +
        "No head covers transfers: write the file again from this node.",
    );
    this.number = number;
  }
}

/**
 * Compares by number: first what the heads cover, because a line that differs there explains everything after it; then
 * what no head covers. Lines that the file lacks are not looked at.
 *
 * @throws LineDiffersError that names the first line that differs, and its first field that does.
 */
export function requireSameLines(file: readonly LedgerLine[], chain: readonly LedgerLine[]): void {
  const bySequence = new Map(chain.map((line) => [line.sequence, line]));
  for (const line of file) requireSame(line, bySequence.get(line.sequence), coveredFields);
  for (const line of file) requireSame(line, bySequence.get(line.sequence), fieldsBeside);
}

/** @throws TransferDiffersError that names the first transfer that differs, is missing, or is too many. */
export function requireSameTransfers(file: readonly ShareTransfer[], chain: readonly ShareTransfer[]): void {
  for (let i = 0; i < Math.max(file.length, chain.length); i++) {
    const [ours, theirs] = [file[i], chain[i]].map((transfer) => (transfer ? canonicalJson(transfer) : "none"));
    if (ours !== theirs) throw new TransferDiffersError(i + 1, { chain: theirs ?? "none", file: ours ?? "none" });
  }
}

type Fields = (line: LedgerLine) => readonly (readonly [name: string, value: LineValue | undefined])[];

function requireSame(file: LedgerLine, chain: LedgerLine | undefined, fields: Fields): void {
  if (chain === undefined) throw new LineDiffersError(file, "head", { chain: "of no line", file: file.head });
  const expected = new Map(fields(chain));
  for (const [name, value] of fields(file)) {
    const values = { chain: wordOf(expected.get(name)), file: wordOf(value) };
    if (values.chain !== values.file) throw new LineDiffersError(file, name, values);
  }
}

function coveredFields({ event, args, head }: LedgerLine): ReturnType<Fields> {
  return [["event", event], ...Object.entries(args), ["head", head]];
}

function fieldsBeside(line: LedgerLine): ReturnType<Fields> {
  return BESIDE_THE_HEAD.map((name) => [name, String(line[name])]);
}

function wordOf(value: LineValue | undefined): string {
  return Array.isArray(value) ? value.join(" ") : String(value ?? "none");
}
