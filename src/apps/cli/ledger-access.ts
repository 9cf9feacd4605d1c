// Turns a node or a file into the place or the content of a ledger.
import { readFile } from "node:fs/promises";

import { UsageError } from "../../core/errors.ts";
import type { Fund } from "../../execute/contracts.ts";
import type { LedgerSource } from "../../record/ledger.ts";
import { type Ledger, parseLedger } from "../../record/ledger-file.ts";

/** Where the fund's ledger is, up to a block: head, books and lines are then of one state. */
export function ledgerSource({ client, deployment }: Fund, toBlock: bigint): LedgerSource {
  const { chainId, block, addresses } = deployment;
  return { client, chainId, vault: addresses.vault, fromBlock: BigInt(block), toBlock };
}

/**
 * @throws UsageError when there is no such file.
 * @throws LedgerFileError when a line of it is not one of a ledger's file.
 */
export async function readLedger(path: string): Promise<Ledger> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const message = `Expected a ledger file at ${path}, found none that can be read; write one with \`log --out\`.`;
    throw new UsageError(message, { cause });
  }
  return parseLedger(text);
}
