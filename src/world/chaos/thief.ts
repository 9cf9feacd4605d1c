// Turns the keeper's transactions into those of somebody else who has its key and is faster.
import type { Hex, LocalAccount } from "viem";

import type { RandomStream } from "../../core/random.ts";
import { type Signed, readSigned, signDraft } from "../../execute/signing.ts";
import type { Asked, Fate } from "./proxy.ts";
import type { Scene, Trouble } from "./trouble.ts";

/** {1} */
const OFTEN = 0.6;
/** {wei/gas} More than the keeper may offer. */
const FEES = { maximum: 300n * 10n ** 9n, tip: 100n * 10n ** 9n };
const TRANSFER_GAS = 21_000n;

/**
 * Somebody with the same key sends before the keeper's transaction reaches the node, or right after: something else, or
 * the very same call, with its nonce or the next one, for more than the keeper may offer.
 */
export function thief({ random, miner, account, foreign }: Scene): Trouble {
  return {
    fateOf: async ({ method, params = [] }: Asked): Promise<Fate> => {
      if (method !== "eth_sendRawTransaction" || random.uniform() >= OFTEN) return "pass";
      const own = params[0] as Hex;
      const stolen = await steal(account, readSigned(own), random);
      foreign(stolen.hash);
      miner.saw(stolen.raw);
      if (random.uniform() < 0.5) await miner.offer(own);
      await miner.offer(stolen.raw);
      return "pass";
    },
  };
}

function steal(account: LocalAccount, { draft }: Signed, { uniform }: RandomStream): Promise<Signed> {
  const nonce = draft.nonce + (uniform() < 0.2 ? 1 : 0);
  const isSameCall = uniform() < 0.5;
  const other = { to: account.address, data: "0x", gas: TRANSFER_GAS } as const;
  return signDraft(account, { ...draft, nonce, fees: FEES, ...(isSameCall ? {} : other) });
}
