// Turns a header line into the format of the file, or refuses it.
import { AppError } from "../../core/errors.ts";
import { CMC_CLOSE_COLUMNS, CMC_COLUMNS } from "./cmc-csv.ts";
import { COINGECKO_COLUMNS, SUPPLEMENT_COLUMNS } from "./coingecko-csv.ts";
import { LABEL_COLUMNS } from "./labels-csv.ts";
import { SwappedColumnsError } from "./plausibility.ts";

/** What a CSV file holds; `other` is a file that this program does not read. */
export type FileFormat = "coingecko-daily" | "supplement-daily" | "cmc-daily" | "cmc-close-daily" | "coins" | "other";

/** A file holds daily prices or was named for import, but its header is of no known format. */
export class UnknownFormatError extends AppError {
  readonly code = "UNKNOWN_FORMAT";
  readonly kind = "data";
  readonly file: string;

  constructor(file: string, header: string) {
    super(
      `${file}: the header '${header.slice(0, 120)}' is of no known format. Expected '${COINGECKO_COLUMNS}', ` +
        `'${SUPPLEMENT_COLUMNS}', '${CMC_COLUMNS}' or a list of coins with ${LABEL_COLUMNS.join(", ")}.`,
    );
    this.file = file;
  }
}

const DAILY: readonly (readonly [FileFormat, string])[] = [
  ["coingecko-daily", COINGECKO_COLUMNS],
  ["supplement-daily", SUPPLEMENT_COLUMNS],
  ["cmc-daily", CMC_COLUMNS],
  ["cmc-close-daily", CMC_CLOSE_COLUMNS],
];

/**
 * The format of a file by its header line.
 *
 * @throws UnknownFormatError when it looks like daily prices without the header of a daily format.
 * @throws SwappedColumnsError when the names are those of a daily format in another order.
 */
export function formatOf(file: string, header: string): FileFormat {
  for (const [format, columns] of DAILY) {
    if (header === columns) return format;
    if (sorted(header) === sorted(columns)) {
      throw new SwappedColumnsError({ file, line: 1 }, `the header is '${header}' instead of '${columns}'`);
    }
  }
  const names = header.split(",");
  if (/^(date,(coin_id|slug)|\d{4}-\d{2}-\d{2}),/.test(header)) throw new UnknownFormatError(file, header);
  return LABEL_COLUMNS.every((name) => names.includes(name)) ? "coins" : "other";
}

function sorted(header: string): string {
  return header.split(",").sort().join();
}
