// Turns a call into a mined transaction: simulated first, sent, waited for, and its refusal put into words.
import {
  type Abi,
  type Address,
  type Hash,
  type PublicClient,
  type ReplacementReason,
  type TransactionReceipt,
  WaitForTransactionReceiptTimeoutError,
} from "viem";

import { AppError } from "../core/errors.ts";
import type { Wallet } from "./contracts.ts";
import { chainError } from "./errors.ts";

/** {gas} EIP-7825: no transaction may use more. */
export const TRANSACTION_GAS_CAP = 16_777_216n;

/** How much haste is worth: the way to stablecoins, a trade, or what can wait. */
export type Urgency = "exit" | "trade" | "routine";

/** A call that changes state. */
export type Call = {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
  /** {gas} Limit; estimated when left out. */
  readonly gas?: bigint;
  /** What the call does, after "Expected to", for the words of an error. */
  readonly action: string;
  /** What it is for, the same after a restart; the action when left out. */
  readonly task?: string;
  /** `routine` when left out. */
  readonly urgency?: Urgency;
};

/** Takes over from the wallet: carries a call to its receipt with a journal, replacements and finality. */
export interface Carrier {
  run(task: string, call: Call, urgency: Urgency): Promise<TransactionReceipt>;
}

/** Who asks and who signs; with a transactor, that one signs and sends, with the same key. */
export type Sender = { readonly client: PublicClient; readonly wallet: Wallet; readonly transactor?: Carrier };

/** A transaction passed its simulation and failed when mined. */
export class TransactionFailedError extends AppError {
  readonly code = "TRANSACTION_FAILED";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(action: string, receipt: Pick<TransactionReceipt, "transactionHash" | "blockNumber">) {
    super(
      `Expected to ${action}, but transaction ${receipt.transactionHash} failed in block ${receipt.blockNumber}: ` +
        "the state changed after it was simulated. Try again.",
    );
  }
}

/** The wallet sent something else under the same number: what was asked for will never happen. */
export class TransactionReplacedError extends AppError {
  readonly code = "TRANSACTION_REPLACED";
  readonly kind = "chain";
  readonly reason: ReplacementReason;

  constructor(action: string, hash: Hash, reason: ReplacementReason) {
    super(
      `Expected to ${action}, but transaction ${hash} was ${reason === "cancelled" ? "cancelled" : "replaced by another"} ` +
        "in the wallet. Nothing of it happened; do it again if it is still wanted.",
    );
    this.reason = reason;
  }
}

/** A transaction was sent, and no block holds it yet. It may still come: the same again would do it twice. */
export class TransactionPendingError extends AppError {
  readonly code = "TRANSACTION_PENDING";
  readonly kind = "chain";

  constructor(action: string, hash: Hash, cause: unknown) {
    super(
      `Expected to ${action}, and sent transaction ${hash}, but no block holds it yet. It may still come: look for it ` +
        "in the wallet, and speed it up or cancel it there, before doing the same again.",
      { cause },
    );
  }
}

/** What the call would return, without sending it. @throws AppError that says why the contract refuses it. */
export async function simulate({ client, wallet }: Sender, call: Call): Promise<unknown> {
  try {
    const simulated = await client.simulateContract({ ...parametersOf(call), account: wallet.account });
    return simulated.result;
  } catch (error) {
    throw chainError(call.action, error);
  }
}

/** Simulates, sends and waits. @throws AppError that says what went wrong; nothing was sent if it was refused before. */
export async function send(sender: Sender, call: Call): Promise<TransactionReceipt> {
  if (sender.transactor === undefined) await simulate(sender, call); // a transactor simulates by itself
  return sendSimulated(sender, call);
}

/** Sends and waits, after the caller has simulated. */
export async function sendSimulated(sender: Sender, call: Call): Promise<TransactionReceipt> {
  const { client, wallet, transactor } = sender;
  if (transactor !== undefined) return transactor.run(call.task ?? call.action, call, call.urgency ?? "routine");
  let receipt: TransactionReceipt;
  try {
    const hash = await wallet.writeContract({ ...parametersOf(call), account: wallet.account, chain: wallet.chain });
    receipt = await receiptOf(client, hash, call.action);
  } catch (error) {
    throw error instanceof AppError ? error : chainError(call.action, error);
  }
  if (receipt.status !== "success") throw new TransactionFailedError(call.action, receipt);
  return receipt;
}

/** The receipt of this very transaction, or of the same at another price. */
async function receiptOf(client: PublicClient, hash: Hash, action: string): Promise<TransactionReceipt> {
  const found: { reason?: ReplacementReason } = {};
  const receipt = await client
    .waitForTransactionReceipt({
      hash,
      onReplaced: ({ reason }) => {
        found.reason = reason;
      },
    })
    .catch((error: unknown) => {
      throw error instanceof WaitForTransactionReceiptTimeoutError
        ? new TransactionPendingError(action, hash, error)
        : error;
    });
  if (found.reason !== undefined && found.reason !== "repriced") {
    throw new TransactionReplacedError(action, hash, found.reason);
  }
  return receipt;
}

function parametersOf({ address, abi, functionName, args, gas }: Call): Omit<Call, "action" | "task" | "urgency"> {
  return { address, abi, functionName, args, ...(gas === undefined ? {} : { gas }) };
}
