// Turns the blocks of a round into what the keeper's key paid in them.
import { type Hex, isAddressEqual } from "viem";

import type { LocalChain } from "../local-chain.ts";

/** A transaction of the keeper that is on chain, and what it cost. */
export type Payment = {
  readonly hash: Hex;
  /** It does nothing but use a nonce. */
  readonly isIdle: boolean;
  readonly gas: number; // {gas}
  readonly price: bigint; // {wei/gas}
  readonly fee: bigint; // {wei}
};

/** Reads the blocks after `from`. @param foreign Transactions with the same key that are not the keeper's. */
export async function paymentsOnChain(
  { publicClient, accounts }: LocalChain,
  from: bigint,
  foreign: ReadonlySet<Hex>,
): Promise<Payment[]> {
  const head = await publicClient.getBlockNumber({ cacheTime: 0 });
  const payments: Payment[] = [];
  for (let blockNumber = from + 1n; blockNumber <= head; blockNumber++) {
    const { transactions } = await publicClient.getBlock({ blockNumber, includeTransactions: true });
    for (const { hash, input, from: sender } of transactions) {
      if (!isAddressEqual(sender, accounts.keeper.address) || foreign.has(hash)) continue;
      const { gasUsed, effectiveGasPrice: price } = await publicClient.getTransactionReceipt({ hash });
      payments.push({ hash, isIdle: input === "0x", gas: Number(gasUsed), price, fee: gasUsed * price });
    }
  }
  return payments;
}

/** {wei} Of all of them. */
export function feeOf(payments: readonly Payment[]): bigint {
  return payments.reduce((sum, { fee }) => sum + fee, 0n);
}
