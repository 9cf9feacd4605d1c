// Turns the blocks of a round into what the keeper's key paid in them.
import { type Hex, isAddressEqual } from "viem";

import type { LocalChain } from "../local-chain.ts";

/** Transactions of the keeper that are on chain, and what they cost. */
export type Spending = {
  readonly hashes: readonly Hex[];
  readonly gas: number; // {gas}
  readonly fee: bigint; // {wei}
  readonly dearest: bigint; // {wei/gas}
};

/** Reads the blocks after `from`. @param foreign Transactions with the same key that are not the keeper's. */
export async function spendingOnChain(
  { publicClient, accounts }: LocalChain,
  from: bigint,
  foreign: ReadonlySet<Hex>,
): Promise<Spending> {
  const head = await publicClient.getBlockNumber({ cacheTime: 0 });
  const hashes: Hex[] = [];
  let [gas, fee, dearest] = [0, 0n, 0n];
  for (let blockNumber = from + 1n; blockNumber <= head; blockNumber++) {
    const { transactions } = await publicClient.getBlock({ blockNumber, includeTransactions: true });
    for (const { hash, from: sender } of transactions) {
      if (!isAddressEqual(sender, accounts.keeper.address) || foreign.has(hash)) continue;
      const { gasUsed, effectiveGasPrice } = await publicClient.getTransactionReceipt({ hash });
      hashes.push(hash);
      gas += Number(gasUsed);
      fee += gasUsed * effectiveGasPrice;
      if (effectiveGasPrice > dearest) dearest = effectiveGasPrice;
    }
  }
  return { hashes, gas, fee, dearest };
}
