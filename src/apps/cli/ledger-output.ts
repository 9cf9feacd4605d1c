// Turns a ledger into a file that is there whole or not at all.
import { renameSync, writeFileSync } from "node:fs";

import { UsageError } from "../../core/errors.ts";
import { type Ledger, ledgerText } from "../../record/ledger-file.ts";

/** Writes beside the file and moves. @throws UsageError when the folder is missing or cannot be written. */
export function writeLedger(path: string, ledger: Ledger): void {
  try {
    writeFileSync(`${path}.new`, ledgerText(ledger));
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new UsageError(
      `Expected to write the ledger to ${path}, but its folder is missing or closed. Name another.`,
      {
        cause,
      },
    );
  }
}
