// Turns what was found in data files into tables.
import type { Gap } from "../../market/gaps.ts";
import type { FileReport } from "../../market/sources/directory.ts";
import { formatNumber, formatTable } from "./output.ts";

/** Gaps shown on the terminal. */
const LISTED = 10;

/** One line a file. */
export function filesTable(files: readonly FileReport[]): string {
  return formatTable(
    [
      { header: "file", align: "left" },
      { header: "format", align: "left" },
      { header: "coins", align: "right" },
      { header: "rows", align: "right" },
      { header: "from", align: "left" },
      { header: "to", align: "left" },
      { header: "gaps", align: "right" },
      { header: "missing [day]", align: "right" },
    ],
    files.map((file) => {
      if (file.format === "other") return [file.file, "not read"];
      const counts = [file.coins, file.rows].map((count) => formatNumber(count, 0));
      const missing = [file.gaps, file.missingDays].map((count) => formatNumber(count, 0));
      return [file.file, file.format, ...counts, file.from ?? "-", file.to ?? "-", ...missing];
    }),
  );
}

/** The longest gaps, longest first. */
export function gapsTable(gaps: readonly Gap[]): string {
  const longest = [...gaps].sort((a, b) => b.days - a.days).slice(0, LISTED);
  return formatTable(
    [
      { header: "provider", align: "left" },
      { header: "coin", align: "left" },
      { header: "from", align: "left" },
      { header: "to", align: "left" },
      { header: "length [day]", align: "right" },
    ],
    longest.map((gap) => [gap.provider, gap.coinId, gap.from, gap.to, formatNumber(gap.days, 0)]),
  );
}
