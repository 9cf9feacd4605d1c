// Turns a signer outside of this process, which keeps the key to itself, into an account.
import {
  type Address,
  type Hex,
  type LocalAccount,
  type TransactionSerializable,
  isHex,
  numberToHex,
  serializeTypedData,
  toHex,
} from "viem";
import { toAccount } from "viem/accounts";

import { AppError } from "../core/errors.ts";
import { Endpoint } from "./endpoint.ts";

/** The signer did not sign. */
export class SignerFailedError extends AppError {
  readonly code = "SIGNER_FAILED";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor(origin: string, found: string, cause: unknown) {
    super(
      `Expected a signature of the signer at ${origin}, found ${found}. Nothing was sent. Check it and try again.`,
      {
        cause,
      },
    );
  }
}

/** Where the signer is, and how long {ms} it may take. */
export type ExternalSigner = { readonly url: string; readonly address: Address; readonly timeoutMs: number };

/**
 * An account whose key the signer has: `eth_signTransaction` and its kin over HTTP, as Web3Signer and Clef serve them in
 * front of a KMS, an HSM or a vault. What it signs is compared with what was asked before anything is sent (signing.ts).
 */
export function externalAccount({ url, address, timeoutMs }: ExternalSigner): LocalAccount {
  const endpoint = new Endpoint(url, { timeoutMs, restMs: 0, now: () => 0 });
  const ask = async (method: string, params: readonly unknown[]): Promise<Hex> => {
    let answer: unknown;
    try {
      answer = await endpoint.ask({ method, params });
    } catch (error) {
      throw new SignerFailedError(endpoint.origin, "a refusal, or no answer", error);
    }
    const raw = typeof answer === "object" && answer !== null && "raw" in answer ? answer.raw : answer;
    if (isHex(raw)) return raw;
    throw new SignerFailedError(endpoint.origin, "an answer of another kind", undefined);
  };
  return toAccount({
    address,
    signTransaction: (transaction) => ask("eth_signTransaction", [requestOf(address, transaction)]),
    signTypedData: (data) => ask("eth_signTypedData", [address, serializeTypedData(data as never)]),
    signMessage: ({ message }) => {
      const raw = typeof message === "string" ? toHex(message) : message.raw;
      return ask("eth_sign", [address, isHex(raw) ? raw : toHex(raw)]);
    },
  });
}

/** A transaction as the method takes it. */
function requestOf(from: Address, transaction: TransactionSerializable) {
  const { to, data, gas, nonce, chainId, maxFeePerGas, maxPriorityFeePerGas, value } = transaction;
  return {
    from,
    to,
    data,
    gas: numberToHex(gas ?? 0n),
    nonce: numberToHex(nonce ?? 0),
    chainId: numberToHex(chainId ?? 0),
    value: numberToHex(value ?? 0n),
    maxFeePerGas: numberToHex(maxFeePerGas ?? 0n),
    maxPriorityFeePerGas: numberToHex(maxPriorityFeePerGas ?? 0n),
  };
}
