// Turns a rehearsal's chain at its end into what was done on it, to be held against a run that nobody disturbed.
import type { Chain, PublicClient, Transport } from "viem";

import type { Deployment } from "../../execute/deployment.ts";
import { fetchLedger } from "../../record/ledger.ts";
import type { LineEvent } from "../../record/lines.ts";

/** What was done. Two accounts with the same head tell of the same lines, the moment of each included. */
export type Account = {
  /** Since the market stood: each has one transaction, or none when it was mined for its time alone. */
  readonly blocks: number;
  readonly transactions: number;
  /** Of the ledger, and how many there are of each event. */
  readonly lines: number;
  readonly head: string;
  readonly events: Readonly<Partial<Record<LineEvent, number>>>;
};

/** Reads it. @param since The last block before the rehearsal. */
export async function accountOf(
  client: PublicClient<Transport, Chain>,
  deployment: Deployment,
  since: number,
): Promise<Account> {
  const blocks = Number(await client.getBlockNumber({ cacheTime: 0 })) - since;
  const numbers = Array.from({ length: blocks }, (_, i) => BigInt(since + 1 + i));
  const counts = await Promise.all(numbers.map((blockNumber) => client.getBlockTransactionCount({ blockNumber })));
  const { chainId, addresses, block: fromBlock } = deployment;
  const { lines, end } = await fetchLedger({ client, chainId, vault: addresses.vault, fromBlock: BigInt(fromBlock) });
  const events: Partial<Record<LineEvent, number>> = {};
  for (const { event } of lines) events[event] = (events[event] ?? 0) + 1;
  const transactions = counts.reduce((sum, count) => sum + count, 0);
  return { blocks, transactions, lines: lines.length, head: end.head, events };
}
