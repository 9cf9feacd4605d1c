// Turns a list of coins with flags into what it says about each coin id.
import { parse } from "csv-parse/sync";
import type { CoinFlags } from "../history.ts";
import { MalformedLineError } from "./csv-file.ts";
import { type FieldKind, type FieldValue, parseField } from "./csv-values.ts";
import { type StoreColumn, columnsOf } from "./store/tables.ts";

/** Columns that a list of coins must have; it may have more, in any order. */
export const LABEL_COLUMNS = ["coin_id", "is_stablecoin", "is_wrapped_or_staked", "is_rwa_or_commodity"] as const;

/** A coin of the list. */
export type ListedCoin = {
  readonly coinId: string;
  readonly flags: CoinFlags;
  /** In the order of the columns of the table `coins`. */
  readonly values: readonly FieldValue[];
};

/**
 * The coins of the list.
 *
 * @throws BadValueError when a field is not what its column is for, MalformedLineError when a line is not a row or an
 *   id repeats.
 */
export function parseCoins(path: string, bytes: Buffer): ListedCoin[] {
  const columns = columnsOf("coins");
  const seen = new Set<string>();
  return parseLines(path, bytes).map((row, i) => {
    const place = { file: path, line: i + 2 };
    const values = columns.map(([column, type]) =>
      parseField({ text: row[column] ?? "", column, kind: kindOf(column, type) }, place),
    );
    const [coinId, stable, wrapped, realWorld] = values;
    if (seen.has(String(coinId))) throw new MalformedLineError(place, "each coin once", `${String(coinId)} again`);
    seen.add(String(coinId));
    return {
      coinId: String(coinId),
      flags: { stable: stable === 1, wrapped: wrapped === 1, realWorld: realWorld === 1 },
      values,
    };
  });
}

function kindOf(column: string, type: StoreColumn[1]): FieldKind {
  if (column === "coin_id") return "id";
  if (column.startsWith("is_")) return "flag";
  return type === "integer?" ? "whole?" : type === "day?" ? "day?" : "text?";
}

function parseLines(path: string, bytes: Buffer): Record<string, string>[] {
  try {
    return parse(bytes, { columns: true, bom: true, skip_empty_lines: true });
  } catch (cause) {
    const line = typeof cause === "object" && cause !== null && "lines" in cause ? Number(cause.lines) : 1;
    throw new MalformedLineError(
      { file: path, line },
      "a CSV row",
      cause instanceof Error ? cause.message : String(cause),
    );
  }
}
