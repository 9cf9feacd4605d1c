// Turns a call into a mined transaction: simulated first, sent, waited for, and its refusal put into words.
import type { Abi, Address, PublicClient, TransactionReceipt } from "viem";

import { AppError } from "../core/errors.ts";
import type { Wallet } from "./contracts.ts";
import { chainError } from "./errors.ts";

/** {gas} EIP-7825: no transaction may use more. */
export const TRANSACTION_GAS_CAP = 16_777_216n;

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
};

/** Who asks and who signs. */
export type Sender = { readonly client: PublicClient; readonly wallet: Wallet };

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
  await simulate(sender, call);
  return sendSimulated(sender, call);
}

/** Sends and waits, after the caller has simulated. */
export async function sendSimulated({ client, wallet }: Sender, call: Call): Promise<TransactionReceipt> {
  let receipt: TransactionReceipt;
  try {
    const hash = await wallet.writeContract({ ...parametersOf(call), account: wallet.account, chain: wallet.chain });
    receipt = await client.waitForTransactionReceipt({ hash });
  } catch (error) {
    throw chainError(call.action, error);
  }
  if (receipt.status !== "success") throw new TransactionFailedError(call.action, receipt);
  return receipt;
}

function parametersOf({ address, abi, functionName, args, gas }: Call): Omit<Call, "action"> {
  return { address, abi, functionName, args, ...(gas === undefined ? {} : { gas }) };
}
