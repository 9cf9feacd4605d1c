// Turns results and failures into what a person or a program reads on the terminal.
import { AppError, type FailureKind, assertNever } from "../../core/errors.ts";
import type { Json } from "../../core/canonical-json.ts";

/** A JSON document whose top is an object. */
export type JsonObject = { readonly [key: string]: Json };

/** One column of a table: its header with the unit, and where its cells stand. */
export type Column = { readonly header: string; readonly align: "left" | "right" };

/** Cells in aligned columns under their headers, a line a row, two spaces apart. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) =>
    Math.max(column.header.length, ...rows.map((row) => (row[i] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => {
        const cell = cells[i] ?? "";
        return column.align === "left" ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(columns.map((column) => column.header)), rule, ...rows.map(line)].join("\n");
}

/** Parts per million as a percentage with four decimals. */
export function formatPpm(weight: number): string {
  return (weight / 10_000).toFixed(4);
}

/** Writes one JSON document to standard output. */
export function printJson(document: Json): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}

/** Writes lines to standard output. */
export function printText(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line beside the result to standard error. */
export function printNote(text: string): void {
  process.stderr.write(`note: ${text}\n`);
}

/** Writes a failure to standard error as `error CODE: message`. */
export function printFailure(failure: unknown): void {
  if (failure instanceof AppError) process.stderr.write(`error ${failure.code}: ${failure.message}\n`);
  else
    process.stderr.write(
      `error UNEXPECTED: ${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}\n`,
    );
}

/** The process's exit code for a failure: 2 usage, 3 data, 4 risk guard, 5 chain, 1 for a defect of this program. */
export function exitCodeOf(failure: unknown): number {
  return failure instanceof AppError ? exitCodeOfKind(failure.kind) : 1;
}

function exitCodeOfKind(kind: FailureKind): number {
  switch (kind) {
    case "usage":
      return 2;
    case "data":
      return 3;
    case "risk":
      return 4;
    case "chain":
      return 5;
    default:
      return assertNever(kind);
  }
}
