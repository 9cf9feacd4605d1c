// Turns a ledger into a file that is there whole or not at all.
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";

import { UsageError } from "../../core/errors.ts";
import { type Ledger, ledgerText } from "../../record/ledger-file.ts";

/** The ledger cannot be written where it was asked for. */
class LedgerUnwritableError extends UsageError {
  constructor(path: string, cause: unknown) {
    super(`Expected to write the ledger to ${path}, but its folder is missing or closed. Name another.`, { cause });
  }
}

/** Finds out before long work; leaves nothing behind. @throws UsageError when the ledger could not be written there. */
export function requireWritable(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new TypeError(`${path} is a folder`);
    writeFileSync(newBeside(path), "");
    rmSync(newBeside(path));
  } catch (cause) {
    throw new LedgerUnwritableError(path, cause);
  }
}

/** Writes beside the file and moves. @throws UsageError when the folder is missing or cannot be written. */
export function writeLedger(path: string, ledger: Ledger): void {
  writeText(path, ledgerText(ledger));
}

/** As {@link writeLedger}, any text. */
export function writeText(path: string, text: string): void {
  writeBeside(path, (beside) => {
    writeFileSync(beside, text);
  });
}

/** As {@link writeText}, by something that takes a path and writes while one waits. */
export async function writeFileBy(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  requireWritable(path);
  await write(newBeside(path));
  writeBeside(path, () => undefined);
}

function writeBeside(path: string, write: (beside: string) => void): void {
  try {
    write(newBeside(path));
    renameSync(newBeside(path), path);
  } catch (cause) {
    throw new LedgerUnwritableError(path, cause);
  }
}

function newBeside(path: string): string {
  return `${path}.new`;
}
