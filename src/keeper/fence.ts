// Turns the lease and the chain's standing into the answer whether this keeper may still send.
import { type Hex, TransactionReceiptNotFoundError } from "viem";

import { AppError } from "../core/errors.ts";
import type { Fund } from "../execute/contracts.ts";
import type { Gate } from "../execute/sending-context.ts";
import { type Standing, readStanding } from "./read-facts.ts";
import type { Lease, LeaseTable } from "./store/store.ts";

/** Another keeper acts, or has acted: nothing was sent. */
export class FencedError extends AppError {
  readonly code = "FENCED";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(found: string) {
    super(`Expected to act alone, but ${found}. Nothing was sent; the next wake looks again.`);
  }
}

/** {ms} A transaction must be on its way so long before the lease ends. */
const SPARE = 5000;

/** Stands before the transactor's ways out. */
export interface Fence extends Gate {
  /** @throws FencedError when another keeper holds the lease or moved the chain. */
  check(): Promise<void>;
}

/**
 * The fence of one cycle: the lease must be in the same hands under the same token, and the chain must stand where the
 * cycle found it, or where its own last transaction left it. The contracts repeat the second half within the
 * transaction: they take each target once, and each leg only at the position that is next.
 */
export function fenceOf(fund: Fund, standing: Standing, { table, lease }: { table: LeaseTable; lease: Lease }): Fence {
  let known = standing;
  let own: readonly Hex[] = []; // since then
  return {
    moved: (hash) => {
      own = [...own, hash];
    },
    // Read now: many nodes keep the state of the last blocks only, and finality may take longer.
    landed: async (block) => {
      known = await readStanding(fund, block);
      own = [];
    },
    check: async () => {
      const head = await fund.client.getBlockNumber({ cacheTime: 0 });
      const found = await readStanding(fund, head);
      const block = await newestBlockOf(fund, own, head);
      const expected = block === undefined ? known : await readStanding(fund, block);
      if (!isSame(expected, found)) {
        throw new FencedError(`the chain went on from ${words(expected)} to ${words(found)}`);
      }
      if (!(await table.isHeld(lease, SPARE))) {
        throw new FencedError(`the lease of ${lease.holder} with token ${lease.token} has ended`);
      }
    },
  };
}

/** The block of the newest transaction that is mined, up to the head; of several versions of one, any may be. */
async function newestBlockOf({ client }: Fund, hashes: readonly Hex[], head: bigint): Promise<bigint | undefined> {
  for (const hash of hashes.toReversed()) {
    try {
      const { blockNumber } = await client.getTransactionReceipt({ hash });
      if (blockNumber <= head) return blockNumber;
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
  }
  return undefined;
}

function isSame(a: Standing, b: Standing): boolean {
  return (
    a.lastId === b.lastId && a.pendingId === b.pendingId && a.runningId === b.runningId && a.position === b.position
  );
}

function words({ lastId, pendingId, runningId, position }: Standing): string {
  return `target ${lastId} (pending ${pendingId}, under way ${runningId} at leg ${position})`;
}
