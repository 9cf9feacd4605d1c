// Turns the ledger of a local fund into a proof, and the proof into words.
import type { PublicClient } from "viem";

import { decimalString } from "../../core/units.ts";
import { fetchChainBooks, fetchLedger } from "../../record/ledger.ts";
import type { Ledger } from "../../record/ledger-file.ts";
import { type LedgerProof, verifyLedger } from "../../record/verify.ts";
import type { World } from "../../world/week.ts";

/** A ledger that was proven against its chain. */
export type ProvenLedger = { readonly ledger: Ledger; readonly proof: LedgerProof };

/**
 * Reads a local fund's ledger and proves it against the vault.
 *
 * @throws LedgerBrokenError when a line or the books do not agree.
 */
export async function proveWorld({ market, fund }: World): Promise<ProvenLedger> {
  const { chainId, block, addresses } = fund.deployment();
  const client = market.chain.publicClient as PublicClient;
  const source = { client, chainId, vault: addresses.vault, fromBlock: BigInt(block) };
  const ledger = await fetchLedger(source);
  const proof = verifyLedger(ledger.lines, { chainId, vault: addresses.vault }, await fetchChainBooks(source));
  return { ledger, proof };
}

/** The proof in one paragraph. */
export function proofText({ proof }: ProvenLedger): string {
  const held = [...proof.books.balances.values()].filter((amount) => amount > 1n).length;
  return [
    `Ledger proven: ${proof.lines} lines, head ${proof.head}.`,
    `Every head was recomputed from the logs; the ${held} holdings, the supply of`,
    `${decimalString(proof.books.supply, 18)} shares, pending deposits and money set aside that the lines give`,
    "equal those of the vault to the last unit.",
  ].join("\n");
}

/** The proof for a program. */
export function proofJson({ proof }: ProvenLedger): {
  readonly lines: number;
  readonly head: string;
  readonly proven: true;
} {
  return { lines: proof.lines, head: proof.head, proven: true };
}
