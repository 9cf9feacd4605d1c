// Turns a call with nonce and fees into a signed transaction, and checks that the signer signed just that.
import {
  type Address,
  type Hex,
  type LocalAccount,
  type TransactionSerializedEIP1559,
  isAddressEqual,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
} from "viem";

import { AppError } from "../core/errors.ts";
import type { Fees } from "./fees.ts";

/** All that is signed. */
export type Draft = {
  readonly chainId: number;
  readonly nonce: number;
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
  readonly fees: Fees;
};

/** A signed transaction and what it says. */
export type Signed = { readonly hash: Hex; readonly raw: Hex; readonly draft: Draft };

/** What came back from the signer is not what it was asked to sign. */
export class SignatureMismatchError extends AppError {
  readonly code = "SIGNATURE_MISMATCH";
  readonly kind = "chain";

  constructor(address: Address, found: string) {
    super(
      `Expected the signer to sign the transaction as it was given, with the key of ${address}, but ${found}. ` +
        "Nothing was sent. Check the signer and its settings.",
    );
  }
}

/**
 * Signs a draft.
 *
 * @throws SignatureMismatchError when the signer changed anything or used another key.
 */
export async function signDraft(account: LocalAccount, draft: Draft): Promise<Signed> {
  const { fees, ...rest } = draft;
  const raw = await account.signTransaction({
    type: "eip1559",
    ...rest,
    maxFeePerGas: fees.maximum,
    maxPriorityFeePerGas: fees.tip,
  });
  const signed = readSigned(raw);
  const different = differenceOf(draft, signed.draft);
  if (different !== undefined) throw new SignatureMismatchError(account.address, `it changed ${different}`);
  const signer = await signerOf(raw);
  if (!isAddressEqual(signer, account.address)) {
    throw new SignatureMismatchError(account.address, `it used the key of ${signer}`);
  }
  return signed;
}

/** What a signed transaction says. */
export function readSigned(raw: Hex): Signed {
  const { chainId, nonce, to, data, gas, ...fees } = parseTransaction(raw as TransactionSerializedEIP1559);
  const draft = {
    chainId,
    nonce: nonce ?? 0,
    to: to ?? "0x",
    data: data ?? "0x",
    gas: gas ?? 0n,
    fees: { maximum: fees.maxFeePerGas ?? 0n, tip: fees.maxPriorityFeePerGas ?? 0n },
  } as const;
  return { hash: keccak256(raw), raw, draft };
}

/** Whose key signed it. */
export function signerOf(raw: Hex): Promise<Address> {
  return recoverTransactionAddress({ serializedTransaction: raw as TransactionSerializedEIP1559 });
}

/** The first field in which two drafts differ. */
function differenceOf(asked: Draft, found: Draft): string | undefined {
  const pairs: readonly (readonly [string, string | bigint | number, string | bigint | number])[] = [
    ["the chain", asked.chainId, found.chainId],
    ["the nonce", asked.nonce, found.nonce],
    ["the receiver", asked.to.toLowerCase(), found.to.toLowerCase()],
    ["the data", asked.data.toLowerCase(), found.data.toLowerCase()],
    ["the gas limit", asked.gas, found.gas],
    ["the most it pays for gas", asked.fees.maximum, found.fees.maximum],
    ["the tip", asked.fees.tip, found.fees.tip],
  ];
  return pairs.find(([, a, b]) => a !== b)?.[0];
}
