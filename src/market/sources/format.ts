// Turns a header line into the format of the file, or refuses it.
import { AppError } from "../../core/errors.ts";
import { CMC_COLUMNS } from "./cmc-csv.ts";
import { COINGECKO_COLUMNS, SUPPLEMENT_COLUMNS } from "./coingecko-csv.ts";
import { LABEL_COLUMNS } from "./labels-csv.ts";
import { SwappedColumnsError } from "./plausibility.ts";
import { TABLE_FORMATS, type TableFormat, headerOf } from "./table-formats.ts";

/** A format with a row a coin and day. */
export type DailyFormat = "coingecko-daily" | "supplement-daily" | "cmc-daily";

/** What a file holds; `other` is a file that this program does not read. */
export type FileFormat =
  | { readonly kind: "daily"; readonly format: DailyFormat }
  | { readonly kind: "coins" }
  | { readonly kind: "table"; readonly format: TableFormat }
  | { readonly kind: "pool-states" }
  | { readonly kind: "other" };

/** A file holds daily prices or was named for import, but its header is of no known format. */
export class UnknownFormatError extends AppError {
  readonly code = "UNKNOWN_FORMAT";
  readonly kind = "data";
  readonly file: string;

  constructor(file: string, header: string) {
    super(
      `${file}, line 1: the header '${header.slice(0, 120)}' is of no known format. Expected '${COINGECKO_COLUMNS}', ` +
        `'${SUPPLEMENT_COLUMNS}', '${CMC_COLUMNS}', a list of coins with ${LABEL_COLUMNS.join(", ")}, ` +
        "or one of the other formats of docs/data.md.",
    );
    this.file = file;
  }
}

const BY_HEADER: readonly (readonly [string, FileFormat])[] = [
  [COINGECKO_COLUMNS, { kind: "daily", format: "coingecko-daily" }],
  [SUPPLEMENT_COLUMNS, { kind: "daily", format: "supplement-daily" }],
  [CMC_COLUMNS, { kind: "daily", format: "cmc-daily" }],
  ...TABLE_FORMATS.map((format) => [headerOf(format), { kind: "table", format }] as const),
];

/**
 * The format of a file by its header line.
 *
 * @throws UnknownFormatError when it looks like daily prices without the header of a daily format.
 * @throws SwappedColumnsError when the names are those of a format in another order.
 */
export function formatOf(file: string, header: string): FileFormat {
  for (const [columns, format] of BY_HEADER) {
    if (header === columns) return format;
    if (sorted(header) === sorted(columns)) {
      throw new SwappedColumnsError({ file, line: 1 }, `the header is '${header}' instead of '${columns}'`);
    }
  }
  const names = header.split(",");
  if (/^(date,(coin_id|slug)|\d{4}-\d{2}-\d{2}),/.test(header)) throw new UnknownFormatError(file, header);
  return LABEL_COLUMNS.every((name) => names.includes(name)) ? { kind: "coins" } : { kind: "other" };
}

/** The format's name in reports. */
export function formatName(format: FileFormat): string {
  return format.kind === "daily" ? format.format : format.kind === "table" ? format.format.format : format.kind;
}

function sorted(header: string): string {
  return header.split(",").sort().join();
}
