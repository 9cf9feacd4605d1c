// Turns rows of plain values into CSV that a spreadsheet shows as it is, and never runs.

import { visibleText } from "../../core/visible-text.ts";

/** A cell; null is empty. */
export type Cell = string | number | boolean | null;

/** What a spreadsheet would take for a formula, wide signs and spaces before it too. Negative numbers are none. */
const FORMULA = /^[\s\ufffd]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** One line, with its end. @see RFC 4180 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

function cellText(cell: Cell): string {
  const text = cell === null ? "" : visibleText(String(cell));
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of one shape, a column a field, in the order of `fields`. */
export function* csvOf<Field extends string>(
  fields: readonly Field[],
  pages: Iterable<Iterable<{ readonly [Name in Field]: unknown }>>,
): Generator<string, void, void> {
  yield csvLine(fields);
  for (const rows of pages) {
    let text = "";
    for (const row of rows) text += csvLine(fields.map((field) => cellOf(row[field])));
    yield text;
  }
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : JSON.stringify(value);
}
