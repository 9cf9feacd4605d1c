// Turns lines of the ledger into a table: what every line has, and a column for each argument that occurs.
import type { Cell } from "../core/csv.ts";
import { weekOf } from "../core/time.ts";
import type { LedgerLine, LineValue } from "./lines.ts";

/** A column: whole numbers, moments {s}, or text. Amounts are text, because no number of a file holds 256 bits. */
export type LedgerColumn = { readonly name: string; readonly type: "integer" | "time" | "text" };

/** A table, a row a line. */
export type LedgerTable = { readonly columns: readonly LedgerColumn[]; readonly rows: readonly (readonly Cell[])[] };

const BEFORE: readonly LedgerColumn[] = [
  { name: "sequence", type: "integer" },
  { name: "time", type: "time" },
  { name: "week", type: "integer" },
  { name: "event", type: "text" },
  { name: "words", type: "text" },
];
const AFTER: readonly LedgerColumn[] = [
  { name: "block", type: "integer" },
  { name: "transaction", type: "text" },
  { name: "head", type: "text" },
];

/**
 * The table of lines. Arguments stand in columns of their own, in the order in which they first occur; the members of a
 * list are parted by spaces, and an argument that a line does not have is nothing.
 *
 * @param wordsOf What a line says, in words.
 */
export function ledgerTable(lines: readonly LedgerLine[], wordsOf: (line: LedgerLine) => string): LedgerTable {
  const names = [...new Set(lines.flatMap(({ args }) => Object.keys(args)))];
  const columns = [...BEFORE, ...names.map((name): LedgerColumn => ({ name, type: "text" })), ...AFTER];
  const rows = lines.map((line) => [
    line.sequence,
    line.time,
    weekOf(line.time),
    line.event,
    wordsOf(line),
    ...names.map((name) => cellOf(line.args[name])),
    line.block,
    line.transaction,
    line.head,
  ]);
  return { columns, rows };
}

function cellOf(value: LineValue | undefined): Cell {
  if (value === undefined) return null;
  return Array.isArray(value) ? value.join(" ") : String(value);
}
