// Turns a list of coins with flags into what it says about each coin id.
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { CoinFlags } from "../history.ts";
import { MalformedLineError } from "./csv-file.ts";

/** Columns that a list of coins must have; it may have more, in any order. */
export const LABEL_COLUMNS = ["coin_id", "is_stablecoin", "is_wrapped_or_staked", "is_rwa_or_commodity"] as const;

const flag = z.enum(["0", "1"]).transform((text) => text === "1");
const labelRow = z
  .object({
    coin_id: z.string().regex(/^[a-z0-9][a-z0-9_.-]*$/),
    is_stablecoin: flag,
    is_wrapped_or_staked: flag,
    is_rwa_or_commodity: flag,
  })
  .transform((row): readonly [string, CoinFlags] => [
    row.coin_id,
    { stable: row.is_stablecoin, wrapped: row.is_wrapped_or_staked, realWorld: row.is_rwa_or_commodity },
  ]);

/** The flags by coin id. @throws MalformedLineError when a line is not a row of the format or an id repeats. */
export function parseLabels(path: string, bytes: Buffer): Map<string, CoinFlags> {
  const flags = new Map<string, CoinFlags>();
  parseLines(path, bytes).forEach((row, i) => {
    const place = { file: path, line: i + 2 };
    const parsed = labelRow.safeParse(row);
    if (!parsed.success) {
      throw new MalformedLineError(place, "a coin id and flags of 0 or 1", JSON.stringify(row).slice(0, 120));
    }
    const [coinId, coinFlags] = parsed.data;
    if (flags.has(coinId)) throw new MalformedLineError(place, "each coin once", `${coinId} again`);
    flags.set(coinId, coinFlags);
  });
  return flags;
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
