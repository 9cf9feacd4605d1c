// Turns a CSV file, plain or gzipped, into checked lines of fields.
import { isAscii } from "node:buffer";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";
import { AppError } from "../../core/errors.ts";

/** Where a value stands. Lines count from 1, the header included. */
export type Place = { readonly file: string; readonly line: number };

/** The file ends too early: cut in a line, or a gzip stream without its end. */
export class TruncatedFileError extends AppError {
  readonly code = "TRUNCATED_FILE";
  readonly kind = "data";
  readonly file: string;

  constructor(file: string, detail: string, options?: ErrorOptions) {
    super(`${file}: ${detail}. Expected a complete file: fetch or export it again.`, options);
    this.file = file;
  }
}

/** A line is not a row of the format. */
export class MalformedLineError extends AppError {
  readonly code = "MALFORMED_LINE";
  readonly kind = "data";
  readonly place: Place;

  constructor(place: Place, expected: string, found: string) {
    super(
      `${place.file}, line ${place.line}: expected ${expected}, found ${found}. Repair the line or fetch the file again.`,
    );
    this.place = place;
  }
}

/** A file cannot be opened. */
export class UnreadableFileError extends AppError {
  readonly code = "UNREADABLE_FILE";
  readonly kind = "data";

  constructor(file: string, cause: unknown) {
    super(
      `${file} cannot be read (${cause instanceof Error ? cause.message : String(cause)}). Check the path and its permissions.`,
      {
        cause,
      },
    );
  }
}

/** Enough of any file to hold its header line. */
const HEAD_BYTES = 65_536;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** The whole content of a file, unpacked when its name ends in `.gz`. */
export function readCsvBytes(path: string): Buffer {
  const raw = attempt(path, () => readFileSync(path));
  if (!path.endsWith(".gz")) return raw;
  try {
    return gunzipSync(raw);
  } catch (cause) {
    throw new TruncatedFileError(path, "the gzip stream is cut off or damaged", { cause });
  }
}

/** The header line of a `.csv` or `.csv.gz` file; empty for an empty file. */
export function readHeader(path: string): string {
  return firstLine(readHead(path));
}

/** The first bytes of a file, gzipped or not: enough to recognize it. */
export function readHead(path: string): Buffer {
  const head = attempt(path, () => {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const handle = openSync(path, "r");
    try {
      return buffer.subarray(0, readSync(handle, buffer, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(handle);
    }
  });
  if (!path.endsWith(".gz")) return head;
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw new TruncatedFileError(path, "the gzip stream is damaged", { cause });
  }
}

/**
 * Calls `visit` with the fields of every line after the header.
 *
 * These formats never quote, so a quotation mark is refused rather than misread.
 *
 * @returns The number of rows.
 */
export function forEachLine(
  file: { readonly path: string; readonly bytes: Buffer; readonly columns: number },
  visit: (fields: readonly string[], line: number) => void,
): number {
  const { path, bytes, columns } = file;
  if (bytes.length > 0 && bytes[bytes.length - 1] !== NEWLINE) {
    throw new TruncatedFileError(path, "the last line does not end with a line break, so it may be cut off");
  }
  // Looked at once for the whole file; only where it has something to refuse, line by line.
  const isPlain = isAscii(bytes) && !bytes.includes('"');
  const encoding = isPlain ? "latin1" : "utf8";
  let start = bytes.indexOf(NEWLINE) + 1;
  let line = 1;
  while (start < bytes.length) {
    const end = bytes.indexOf(NEWLINE, start);
    line++;
    const text = bytes.toString(encoding, start, bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
    const fields = text.split(",");
    if (fields.length !== columns || (!isPlain && /["\uFFFD]/.test(text))) {
      throw new MalformedLineError(
        { file: path, line },
        `${columns} fields in UTF-8 without quotation marks`,
        describe(text),
      );
    }
    visit(fields, line);
    start = end + 1;
  }
  return line - 1;
}

function describe(text: string): string {
  const shown = text.length > 120 ? `${text.slice(0, 120)}...` : text;
  return `${text.split(",").length} fields in '${shown}'`;
}

function firstLine(bytes: Buffer): string {
  const end = bytes.indexOf(NEWLINE);
  return bytes
    .toString("utf8", 0, end === -1 ? bytes.length : end)
    .replace(/^\uFEFF/, "")
    .replace(/\r$/, "");
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new UnreadableFileError(path, cause);
  }
}
