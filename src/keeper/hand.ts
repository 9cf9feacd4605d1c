// Turns a wallet into one that writes each transaction into the journal before it leaves, and asks the fence.
import {
  type Address,
  type Hex,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  createWalletClient,
  custom,
  keccak256,
  parseTransaction,
} from "viem";

import { AppError } from "../core/errors.ts";
import type { Fund, Wallet } from "../execute/contracts.ts";
import type { Depositor } from "../execute/depositor.ts";
import { chainError } from "../execute/errors.ts";
import type { Journal, JournalEntry } from "../execute/journal.ts";
import type { Fence } from "./fence.ts";

/** What sends for the keeper. */
export interface Hand {
  readonly address: Address;
  /** A sender whose transactions are journaled under the task and pass the fence. */
  senderFor(task: string, fence: Fence): Depositor;
  /** Settles what is open in the journal: found on chain, sent again, or given up because its nonce is used. */
  settle(fence: Fence): Promise<void>;
}

/** A transaction was signed and not sent, and its nonce was used by another: the journal is of another key or chain. */
export class NonceUsedError extends AppError {
  readonly code = "NONCE_USED";
  readonly kind = "chain";

  constructor(address: Address, { nonce, hash, task }: JournalEntry) {
    super(
      `Expected transaction ${hash ?? "?"} of ${task} with nonce ${nonce ?? "?"} of ${address} on chain, found the ` +
        "nonce used by another. Use the keeper's key for nothing else.",
    );
  }
}

/** The keeper's hand: its wallet, the journal of its key, and the fund. */
export function openHand(fund: Fund, wallet: Wallet, journal: Journal): Hand {
  return {
    address: wallet.account.address,
    senderFor: (task, fence) => ({ ...fund, wallet: journaled(wallet, { task, journal, fence }) }),
    settle: async (fence) => {
      for (const entry of await journal.unfinished()) await settleOne({ fund, wallet, journal, fence }, entry);
    },
  };
}

type Watch = { readonly task: string; readonly journal: Journal; readonly fence: Fence };

/** The same wallet on a transport that looks at each raw transaction: nothing gets past it. */
function journaled(wallet: Wallet, watch: Watch): Wallet {
  const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    const pass = (): Promise<unknown> => wallet.request({ method, params } as Parameters<Wallet["request"]>[0]);
    if (method !== "eth_sendRawTransaction") return pass();
    return sendWatched(watch, (params as readonly [Hex])[0], pass);
  };
  return createWalletClient({
    account: wallet.account,
    chain: wallet.chain,
    transport: custom({ request }, { retryCount: 0 }),
  });
}

/** Whatever happens after `signed` is found out by {@link Hand.settle}: the transaction may be on its way. */
async function sendWatched({ task, journal, fence }: Watch, raw: Hex, pass: () => Promise<unknown>): Promise<unknown> {
  const { nonce = 0 } = parseTransaction(raw);
  const line = { task, nonce, hash: keccak256(raw) };
  await journal.append({ ...line, step: "signed", raw });
  try {
    await fence.check();
  } catch (error) {
    await journal.append({ ...line, step: "dropped", note: { reason: error instanceof Error ? error.message : "" } });
    throw error;
  }
  const answer = await pass();
  fence.moved(line.hash);
  await journal.append({ ...line, step: "sent" });
  return answer;
}

type Settling = { readonly fund: Fund; readonly wallet: Wallet; readonly journal: Journal; readonly fence: Fence };

async function settleOne(context: Settling, entry: JournalEntry): Promise<void> {
  const { fund, wallet, journal, fence } = context;
  const { task, nonce, hash } = entry;
  if (nonce === undefined || hash === undefined) return;
  if (await settleMined(context, entry)) return;
  const used = await fund.client.getTransactionCount({ address: wallet.account.address, blockTag: "latest" });
  if (used > nonce) {
    // Mined between the two questions, or never.
    if (await settleMined(context, entry)) return;
    await journal.append({ task, nonce, hash, step: "dropped", note: { reason: "the nonce was used by another" } });
    throw new NonceUsedError(wallet.account.address, entry);
  }
  const raw = await rawOf(journal, entry);
  if (raw === undefined) return;
  await fence.check();
  await sendAgain(fund, raw);
  fence.moved(hash);
  await journal.append({ task, nonce, hash, step: "sent", note: { again: true } });
  await fund.client.waitForTransactionReceipt({ hash });
  await settleMined(context, entry);
}

/** True when the transaction is on chain; then the journal says how it ended. */
async function settleMined({ fund, journal }: Settling, { task, nonce, hash }: JournalEntry): Promise<boolean> {
  if (nonce === undefined || hash === undefined) return false;
  const receipt = await receiptOf(fund, hash);
  if (receipt === undefined) return false;
  const note = { block: Number(receipt.blockNumber), gas: Number(receipt.gasUsed) };
  await journal.append({ task, nonce, hash, step: receipt.status === "success" ? "final" : "failed", note });
  return true;
}

/** Undefined while it is not on chain; a node that does not answer is an error, and no proof of that. */
async function receiptOf({ client }: Fund, hash: Hex): Promise<TransactionReceipt | undefined> {
  try {
    return await client.getTransactionReceipt({ hash });
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return undefined;
    throw chainError("look for a journaled transaction", error);
  }
}

/** A node that has it already says so, which is as good. */
async function sendAgain({ client }: Fund, raw: Hex): Promise<void> {
  try {
    await client.sendRawTransaction({ serializedTransaction: raw });
  } catch (error) {
    if (/already known|known transaction|nonce too low/i.test(String(error))) return;
    throw chainError("send a journaled transaction again", error);
  }
}

async function rawOf(journal: Journal, { task, nonce }: JournalEntry): Promise<Hex | undefined> {
  const lines = await journal.entries({ task });
  return lines.findLast((line) => line.nonce === nonce && line.raw !== undefined)?.raw;
}
