// Turns what the chain knows of a nonce and its signed versions into where a transaction stands.
import {
  type Address,
  type Hex,
  type PublicClient,
  TransactionNotFoundError,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from "viem";

import type { Flight } from "./flight.ts";

/**
 * Where a transaction stands. `depth` counts its own block. `taken`: the nonce is used, and by none of our versions.
 * `absent`: no node that was asked knows any version.
 */
export type Look = { readonly head: bigint } & (
  | { readonly kind: "mined"; readonly receipt: TransactionReceipt; readonly depth: bigint }
  | { readonly kind: "taken" | "pending" | "absent" }
);

/** Looks once. @throws What the client throws. */
export async function lookAt(client: PublicClient, address: Address, flight: Flight): Promise<Look> {
  const head = await client.getBlockNumber({ cacheTime: 0 });
  const found = await receiptOf(client, flight);
  if (found !== undefined) return minedLook(head, found);
  const count = await client.getTransactionCount({ address, blockTag: "latest" });
  if (count > flight.nonce) {
    const late = await receiptOf(client, flight); // it may have been mined between the two questions
    return late === undefined ? { kind: "taken", head } : minedLook(head, late);
  }
  for (const { hash } of flight.attempts) if (await isKnown(client, hash)) return { kind: "pending", head };
  return { kind: "absent", head };
}

function minedLook(head: bigint, receipt: TransactionReceipt): Look {
  const depth = head < receipt.blockNumber ? 1n : head - receipt.blockNumber + 1n;
  return { kind: "mined", head, receipt, depth };
}

/** The receipt of whichever version was mined. */
async function receiptOf(client: PublicClient, { attempts }: Flight): Promise<TransactionReceipt | undefined> {
  for (const { hash } of [...attempts].reverse()) {
    try {
      return await client.getTransactionReceipt({ hash });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
  }
  return undefined;
}

async function isKnown(client: PublicClient, hash: Hex): Promise<boolean> {
  try {
    await client.getTransaction({ hash });
    return true;
  } catch (error) {
    if (error instanceof TransactionNotFoundError) return false;
    throw error;
  }
}
