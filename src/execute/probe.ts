// Turns a plan into the assets whose tokens refuse to move, found by asking each token without sending anything.
import { type Address, encodeFunctionData } from "viem";

import { TRANSIT } from "../plan/holdings.ts";
import type { PlannedLeg } from "../plan/desk.ts";
import { ERC20_ABI, type Fund } from "./contracts.ts";

/**
 * Indexes of the assets whose token would not go from the vault to the pool, when sold, or back, when bought. Wrapped
 * ether and the deposit coin are not asked: without them there is no trade at all.
 */
export async function refusingAssets(fund: Fund, legs: readonly PlannedLeg[]): Promise<ReadonlySet<number>> {
  const { vault } = fund.deployment.addresses;
  const trades = legs.filter(({ outcome }) => outcome === "trade");
  const transfers = trades.flatMap(({ sold, bought, pool, amount, expected }) => [
    { index: sold, from: vault, to: pool, amount },
    { index: bought, from: pool, to: vault, amount: expected },
  ]);
  const asked = transfers.filter(({ index }) => index > 1 && index !== TRANSIT);
  const answers = await Promise.all(asked.map((transfer) => moves(fund, transfer)));
  return new Set(asked.filter((_, i) => answers[i] === false).map(({ index }) => index));
}

async function moves(
  { client, deployment }: Fund,
  transfer: { readonly index: number; readonly from: Address; readonly to: Address; readonly amount: bigint },
): Promise<boolean> {
  const token = deployment.assets.find(({ index }) => index === transfer.index)?.token;
  if (token === undefined) return true;
  const data = encodeFunctionData({ abi: ERC20_ABI, functionName: "transfer", args: [transfer.to, transfer.amount] });
  try {
    await client.call({ account: transfer.from, to: token, data });
    return true;
  } catch {
    return false;
  }
}
