// Turns the vault's logs into the proof that they, and they alone, give its holdings.
import { fetchChainBooks, fetchLedger } from "../../../src/record/ledger.ts";
import { type LedgerProof, verifyLedger } from "../../../src/record/verify.ts";
import { type Fixture } from "./fixture.ts";

/** @throws LedgerBrokenError when a line is wrong, or the books that the lines give are not the vault's. */
export async function proveLedger({ market, fund }: Fixture): Promise<LedgerProof> {
  const { chainId, block, addresses } = fund.deployment();
  const client = market.chain.publicClient;
  const source = { client, chainId, vault: addresses.vault, fromBlock: BigInt(block) };
  const { lines, place } = await fetchLedger(source);
  return verifyLedger(lines, place, await fetchChainBooks(source));
}
