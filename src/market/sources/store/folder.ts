// Turns finished files into a folder that replaces the one before, all or nothing.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../../../core/errors.ts";
import { MANIFEST, readManifest } from "./manifest.ts";

/** The target folder holds files that this program did not write, and would lose them. */
export class ForeignFilesError extends AppError {
  readonly code = "FOREIGN_FILES";
  readonly kind = "data";

  constructor(directory: string, files: readonly string[]) {
    super(
      `${directory} holds files that 'data import' did not write: ${files.join(", ")}. Choose another folder or move them away.`,
    );
  }
}

/** The target folder cannot be written. */
export class TargetNotWritableError extends AppError {
  readonly code = "TARGET_NOT_WRITABLE";
  readonly kind = "usage";
  readonly directory: string;

  constructor(directory: string, found: string, options?: ErrorOptions) {
    super(
      `Expected a folder that can be written at ${directory}, found ${found}. Name another with --data, or mend its permissions.`,
      options,
    );
    this.directory = directory;
  }
}

/**
 * Fills a new folder by `fill` and puts it in the place of `directory` in one step; a failure leaves the old one as it was.
 *
 * @throws ForeignFilesError when the folder holds anything else, TargetNotWritableError when it cannot be written.
 */
export async function replaceFolder<T>(directory: string, fill: (fresh: string) => Promise<T>): Promise<T> {
  requireWritable(directory);
  const target = resolve(directory);
  const fresh = `${target}.new-${process.pid}`;
  const old = `${target}.old-${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  try {
    mkdirSync(fresh);
    const result = await fill(fresh);
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
    return result;
  } finally {
    if (!existsSync(target) && existsSync(old)) renameSync(old, target);
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/**
 * Checks before any work that {@link replaceFolder} can replace the folder; leaves nothing behind.
 *
 * @throws TargetNotWritableError when it cannot, ForeignFilesError when the folder holds anything else.
 */
export function requireWritable(directory: string): void {
  const target = resolve(directory);
  if (existsSync(target) && !statSync(target).isDirectory()) throw new TargetNotWritableError(directory, "a file");
  const parent = dirname(target);
  try {
    // The folder is replaced as a whole, so that its nearest existing ancestor must take a new folder.
    rmSync(mkdtempSync(join(nearestFolder(parent), ".tm100-")), { recursive: true });
    refuseForeignFiles(directory);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new TargetNotWritableError(directory, `one that cannot be (${found})`, { cause });
  }
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

function refuseForeignFiles(directory: string): void {
  if (!existsSync(directory)) return;
  const own = readManifest(directory)?.files.map(({ file }) => file) ?? [];
  const foreign = readdirSync(directory).filter((file) => file !== MANIFEST && !own.includes(file));
  if (foreign.length > 0) throw new ForeignFilesError(directory, foreign.slice(0, 5));
}
