// Turns a ledger into the text of a JSON-lines file that anyone can verify without a chain, and back.
import { z } from "zod";

import { canonicalJson } from "../core/canonical-json.ts";
import { AppError } from "../core/errors.ts";
import { unixSeconds } from "../core/units.ts";
import { FIRST_HEAD, type LedgerPlace } from "./head.ts";
import { LINE_EVENTS, type LedgerLine } from "./lines.ts";
import type { ShareTransfer } from "./transfers.ts";

/** A ledger with the place it was written at. */
export type Ledger = {
  readonly place: LedgerPlace;
  /** Number of the last line, zero without any, and the head after it. */
  readonly end: { readonly sequence: number; readonly head: `0x${string}` };
  readonly lines: readonly LedgerLine[];
  /** Of shares from one account to another, which no head covers. */
  readonly transfers: readonly ShareTransfer[];
};

/** The text is not a ledger's file. */
export class LedgerFileError extends AppError {
  readonly code = "LEDGER_FILE_MALFORMED";
  readonly kind = "data";
  /** Number of the line in the file, from 1. */
  readonly row: number;

  constructor(row: number, found: string, cause?: unknown) {
    super(`Expected a ledger file as "log --out" writes it, found ${found} in its line ${row}. Write it again.`, {
      cause,
    });
    this.row = row;
  }
}

const hexSchema = z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]*$/)]);
const addressSchema = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{40}$/)]);
const headSchema = z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]{52}$/)]);
const valueSchema = z.union([z.string(), z.boolean()]);

const headerSchema = z.strictObject({
  chainId: z.int().positive(),
  vault: addressSchema,
  sequence: z.int().min(0),
  head: headSchema,
});

const lineSchema = z.strictObject({
  sequence: z.int().positive(),
  head: headSchema,
  event: z.enum(LINE_EVENTS),
  args: z.record(z.string(), z.union([valueSchema, z.array(valueSchema)])),
  block: z.int().min(0),
  transaction: hexSchema,
  time: z.int().min(0).transform(unixSeconds),
});

const transferSchema = z.strictObject({
  after: z.int().min(0),
  from: addressSchema,
  to: addressSchema,
  amount: z.string().regex(/^\d+$/),
  block: z.int().min(0),
  transaction: hexSchema,
  time: z.int().min(0).transform(unixSeconds),
});

/**
 * The file's text: a header with chain, vault, last number and head; then one line of JSON a ledger line, and after
 * those each transfer of shares between accounts.
 */
export function ledgerText(ledger: Ledger): string {
  const header = canonicalJson({ ...ledger.place, ...ledger.end });
  const rows = [...ledger.lines, ...ledger.transfers].map((row) => canonicalJson(row));
  return [header, ...rows, ""].join("\n");
}

/** A ledger from its lines. */
export function ledgerOf(
  place: LedgerPlace,
  lines: readonly LedgerLine[],
  transfers: readonly ShareTransfer[] = [],
): Ledger {
  const last = lines.at(-1);
  return { place, end: { sequence: last?.sequence ?? 0, head: last?.head ?? FIRST_HEAD }, lines, transfers };
}

/** @throws LedgerFileError when a row is not what {@link ledgerText} writes. */
export function parseLedger(text: string): Ledger {
  const rows = text.split("\n");
  if (rows.at(-1) === "") rows.pop();
  const { chainId, vault, ...end } = parseRow(headerSchema, rows[0] ?? "", 1);
  const first = rows.findIndex((row, i) => i > 0 && isTransfer(row));
  const count = first < 0 ? rows.length : first;
  const lines = rows.slice(1, count).map((row, i) => parseRow(lineSchema, row, i + 2));
  const transfers = rows.slice(count).map((row, i) => parseRow(transferSchema, row, count + i + 1));
  return { place: { chainId, vault }, end, lines, transfers };
}

/** Canonical JSON begins with the key that comes first. */
function isTransfer(row: string): boolean {
  return row.startsWith('{"after":');
}

function parseRow<Schema extends z.ZodType>(schema: Schema, row: string, number: number): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch (cause) {
    throw new LedgerFileError(number, "text that is not JSON", cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new LedgerFileError(number, "fields that a ledger does not have", parsed.error);
  return parsed.data;
}
