// Turns calls into the JSON that a multisig's people load into Safe's transaction builder.
import type { Address, Hex } from "viem";

/** One call of a batch. */
export type SafeCall = { readonly to: Address; readonly data: Hex };

/** The format of Safe's transaction builder. Amounts are decimal strings. */
export type SafeBatch = {
  readonly version: "1.0";
  readonly chainId: string;
  /** {ms} Since 1970. */
  readonly createdAt: number;
  readonly meta: { readonly name: string; readonly description: string; readonly createdFromSafeAddress: Address };
  readonly transactions: readonly {
    readonly to: Address;
    readonly value: string; // {wei}
    readonly data: Hex;
    readonly contractMethod: null;
    readonly contractInputsValues: null;
  }[];
};

/** What a batch is about. */
export type BatchTitle = {
  readonly chainId: number;
  readonly safe: Address;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number; // {ms}
};

/** A batch that calls one after the other, all or none. */
export function safeBatch(
  { chainId, safe, name, description, createdAt }: BatchTitle,
  calls: readonly SafeCall[],
): SafeBatch {
  return {
    version: "1.0",
    chainId: String(chainId),
    createdAt,
    meta: { name, description, createdFromSafeAddress: safe },
    transactions: calls.map(({ to, data }) => ({
      to,
      value: "0",
      data,
      contractMethod: null,
      contractInputsValues: null,
    })),
  };
}
