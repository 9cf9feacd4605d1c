// Turns the transactions of rebalances into what they cost their sender.
import type { Hex, PublicClient } from "viem";

import type { Database } from "./database.ts";

/** Asked for at once. */
const AT_ONCE = 20;

/**
 * Reads receipts that the index lacks, newest first.
 *
 * @param most Receipts of one call, so that the newest lines need not wait for the oldest receipts.
 * @returns How many were read; fewer than `most` when none is lacking any more.
 */
export async function readReceipts(client: PublicClient, database: Database, most = 200): Promise<number> {
  const missing = database.all(
    `select hash, max(block) as block from lines
      where event in ('RebalanceStarted', 'LegExecuted', 'LegSkipped', 'RebalanceFinished', 'RebalanceClosed')
        and hash not in (select hash from receipts)
      group by hash order by block desc limit ?`,
    most,
  );
  for (let start = 0; start < missing.length; start += AT_ONCE) {
    const part = missing.slice(start, start + AT_ONCE);
    const receipts = await Promise.all(part.map(({ hash }) => client.getTransactionReceipt({ hash: hash as Hex })));
    database.atomically(() => {
      for (const { transactionHash, blockNumber, gasUsed, effectiveGasPrice } of receipts) {
        database.run(
          "insert or replace into receipts (hash, block, gas, price) values (?, ?, ?, ?)",
          transactionHash,
          Number(blockNumber),
          Number(gasUsed),
          String(effectiveGasPrice),
        );
      }
    });
  }
  return missing.length;
}
