// Turns rows of plain values into CSV text.

/** A cell: nothing is an empty one. */
export type Cell = string | number | boolean | null;

/**
 * The header and a line a row, each ended by a line feed; cells with a comma, a quote or a line break are quoted.
 *
 * @see RFC 4180
 */
export function csvText(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [header, ...rows].map((row) => `${row.map(csvCell).join(",")}\n`);
  return lines.join("");
}

function csvCell(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
