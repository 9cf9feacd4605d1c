// Turns a signed transaction into an answer of the node or relay: taken, offered too little, or unknown what became of it.
import type { Hex } from "viem";

import { AppError } from "../core/errors.ts";

/** `unknown`: the answer was lost, or says that the nonce is used. Then only the chain can tell what became of it. */
export type Submission = "accepted" | "underpriced" | "unknown";

/** Takes signed transactions: the public endpoints, or a private relay. */
export type Outlet = (raw: Hex) => Promise<unknown>;

/** No node will ever take the transaction as it is. */
export class TransactionRefusedError extends AppError {
  readonly code = "TRANSACTION_REFUSED";
  readonly kind = "chain";

  constructor(action: string, answer: string, cause: unknown) {
    super(
      `Expected a node to take the transaction to ${action}, but it refuses it for good: ${answer} ` +
        "Mend that (for example fund the key's account) and start again.",
      { cause },
    );
  }
}

/** The words of geth, Nethermind, Erigon, Reth, Besu, Hardhat and relays. */
const KNOWN = /already known|already imported|known transaction|already exists|alreadyknown/i;
const UNDERPRICED =
  /underpriced|fee ?too ?low|less than block base fee|too low for the next block|fee cap.*(low|below)/i;
const NEVER =
  /insufficient (funds|balance)|enough funds|intrinsic gas|exceeds? (the )?(block |transaction )?gas (limit|cap)|invalid (sender|chain ?id|signature)|type not supported|oversized/i;

/**
 * Offers a transaction.
 *
 * @param action What it does, after "Expected to", for the words of an error.
 * @throws TransactionRefusedError when it can never be taken.
 */
export async function submit(outlet: Outlet, raw: Hex, action: string): Promise<Submission> {
  try {
    await outlet(raw);
    return "accepted";
  } catch (error) {
    const words = wordsIn(error);
    if (KNOWN.test(words)) return "accepted";
    if (UNDERPRICED.test(words)) return "underpriced";
    if (NEVER.test(words)) throw new TransactionRefusedError(action, firstLineOf(words), error);
    return "unknown";
  }
}

/** All that an error and its causes say. */
function wordsIn(error: unknown): string {
  const parts: string[] = [];
  for (let current = error; current instanceof Error; current = current.cause) {
    const details: unknown = "details" in current ? current.details : undefined;
    parts.unshift(typeof details === "string" ? details : "", current.message);
  }
  return parts.filter((part) => part !== "").join("\n");
}

function firstLineOf(words: string): string {
  const [line = ""] = words.split("\n");
  return line.endsWith(".") ? line : `${line}.`;
}
