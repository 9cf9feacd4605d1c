// Turns what was found in data files into a table.
import type { FileReport } from "../../market/sources/file-report.ts";
import { formatTable } from "./output.ts";
import { formatNumber } from "../../site/amounts.ts";

/** One line a file. */
export function filesTable(files: readonly FileReport[]): string {
  return formatTable(
    [
      { header: "file", align: "left" },
      { header: "format", align: "left" },
      { header: "series", align: "right" },
      { header: "rows", align: "right" },
      { header: "from", align: "left" },
      { header: "to", align: "left" },
      { header: "gaps", align: "right" },
      { header: "missing [day]", align: "right" },
    ],
    files.map((file) => {
      if (file.format === "other") return [file.file, "not read"];
      const counts = [file.coins, file.rows].map((count) => formatNumber(count, 0));
      const missing = [file.gaps, file.missingDays].map((count) =>
        count === undefined ? "-" : formatNumber(count, 0),
      );
      return [file.file, file.format, ...counts, file.from ?? "-", file.to ?? "-", ...missing];
    }),
  );
}
