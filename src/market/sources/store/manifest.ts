// Turns the manifest of a history store into what its files hold, and into an error where a file was changed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../core/errors.ts";
import { isoDate } from "../../../core/time.ts";
import { UnreadableFileError } from "../csv-file.ts";
import { TABLE_NAMES } from "./tables.ts";

/** A file of a data folder is not the one that was written. */
export class ManifestMismatchError extends AppError {
  readonly code = "MANIFEST_MISMATCH";
  readonly kind = "data";

  constructor(file: string, expected: string, found: string) {
    super(`${file} was changed after the import: expected sha-256 ${expected}, found ${found}. Import the data again.`);
  }
}

/** A data folder was written by another version of this program. */
export class OtherStoreError extends AppError {
  readonly code = "OTHER_STORE";
  readonly kind = "data";

  constructor(path: string, found: string) {
    super(
      `${path}: expected the manifest of a history store, version 2, found ${found}. Import the files into a new folder.`,
    );
  }
}

const sha = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.string().transform((text) => isoDate(text));
const sourceSchema = z.strictObject({
  file: z.string(),
  format: z.string(),
  rows: z.int(),
  coins: z.int(),
  missingDays: z.int().exactOptional(),
  gaps: z.int().exactOptional(),
  from: day.exactOptional(),
  to: day.exactOptional(),
  /** Of the file's text, before compression. */
  sha256: sha,
});
const manifestSchema = z.strictObject({
  version: z.literal(2),
  files: z.array(z.strictObject({ file: z.string(), table: z.enum(TABLE_NAMES), rows: z.int(), sha256: sha })),
  sources: z.array(sourceSchema),
});

/** What a history store holds, and the files that it was made from. */
export type Manifest = z.infer<typeof manifestSchema>;
/** A file that rows of the store came from. */
export type StoreSource = z.infer<typeof sourceSchema>;

/** Name of the manifest in a store's folder. */
export const MANIFEST = "manifest.json";

/** The manifest of a folder; `undefined` for a folder without one. @throws OtherStoreError when it cannot be read. */
export function readManifest(directory: string): Manifest | undefined {
  const path = join(directory, MANIFEST);
  if (!existsSync(path)) return undefined;
  const parsed = manifestSchema.safeParse(parseJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new OtherStoreError(path, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

/**
 * Compares a folder's files with its manifest.
 *
 * @returns `undefined` for a folder without a manifest, which nothing can be compared with.
 * @throws ManifestMismatchError at the first file that differs.
 */
export function verifyStore(directory: string): Manifest | undefined {
  const manifest = readManifest(directory);
  for (const { file, sha256: expected } of manifest?.files ?? []) {
    const found = sha256(readBytes(join(directory, file)));
    if (found !== expected) throw new ManifestMismatchError(join(directory, file), expected, found);
  }
  return manifest;
}

/** In hexadecimal. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UnreadableFileError(path, cause);
  }
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new OtherStoreError(path, cause instanceof Error ? cause.message : String(cause));
  }
}
