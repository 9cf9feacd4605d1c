// Turns looks at the chain's head into the answer whether this keeper can see the chain at all.
import type { Fund } from "../execute/contracts.ts";

/** Whether a keeper sees the chain. */
export interface Eyes {
  /** Asks for the newest block. */
  look(): Promise<void>;
  /** Words after two looks in a row without an answer; a look that still waits has none. */
  trouble(): string | undefined;
}

const MOST_FAILED = 2;
const BLIND = "the nodes of this keeper do not answer; it leaves the lease to others";

/** Eyes on the chain of a fund, through the nodes of this keeper. */
export function eyesOn({ client }: Pick<Fund, "client">): Eyes {
  let failed = 0;
  return {
    look: async () => {
      failed += 1;
      try {
        await client.getBlockNumber({ cacheTime: 0 });
        failed = 0;
      } catch {
        // It counts already; the cycle that needs the chain says what is wrong.
      }
    },
    trouble: () => (failed >= MOST_FAILED ? BLIND : undefined),
  };
}
