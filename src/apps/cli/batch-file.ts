// Turns a batch of calls into the file that a multisig's people load.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import type { SafeBatch } from "../../execute/safe-batch.ts";

/** Writes a batch into a folder, which is made if it is not there. @returns The file. */
export async function writeBatch(folder: string, name: string, batch: SafeBatch): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  await writeFile(file, `${JSON.stringify(batch, null, 2)}\n`);
  return file;
}
