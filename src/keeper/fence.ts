// Turns the lease and the chain's standing into the answer whether this keeper may still send.
import type { Hex } from "viem";

import { AppError } from "../core/errors.ts";
import type { Fund } from "../execute/contracts.ts";
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

/** Asked right before each send. */
export interface Fence {
  /** @throws FencedError when another keeper holds the lease or moved the chain. */
  check(): Promise<void>;
  /** To be told of each own transaction, after which the chain stands elsewhere. */
  moved(hash: Hex): void;
}

/**
 * The fence of one cycle: the lease must be in the same hands under the same token, and the chain must stand where the
 * cycle found it, or where its own last transaction left it. The contracts repeat the second half within the
 * transaction: they take each target once, and each leg only at the position that is next.
 */
export function fenceOf(fund: Fund, standing: Standing, { table, lease }: { table: LeaseTable; lease: Lease }): Fence {
  let own: Hex | undefined;
  return {
    moved: (hash) => {
      own = hash;
    },
    check: async () => {
      const expected = own === undefined ? standing : await standingAfter(fund, own);
      const found = await readStanding(fund);
      if (!isSame(expected, found)) {
        throw new FencedError(`the chain went on from ${words(expected)} to ${words(found)}`);
      }
      if (!(await table.isHeld(lease, SPARE))) {
        throw new FencedError(`the lease of ${lease.holder} with token ${lease.token} has ended`);
      }
    },
  };
}

async function standingAfter(fund: Fund, hash: Hex): Promise<Standing> {
  const { blockNumber } = await fund.client.getTransactionReceipt({ hash });
  return readStanding(fund, blockNumber);
}

function isSame(a: Standing, b: Standing): boolean {
  return (
    a.lastId === b.lastId && a.pendingId === b.pendingId && a.runningId === b.runningId && a.position === b.position
  );
}

function words({ lastId, pendingId, runningId, position }: Standing): string {
  return `target ${lastId} (pending ${pendingId}, under way ${runningId} at leg ${position})`;
}
