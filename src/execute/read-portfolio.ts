// Turns the fund on chain, at one block, into everything that it holds with price, value and weight.
import type { Address } from "viem";

import { vaultLensAbi } from "../core/abi.ts";
import { TRANSIT } from "../plan/holdings.ts";
import { type Fund, contractsOf } from "./contracts.ts";
import { readPrices } from "./read-prices.ts";

/** What the vault holds of an asset; 255 is wrapped ether in transit. */
export type PortfolioEntry = {
  readonly index: number;
  readonly token: Address;
  readonly amount: bigint; // {tok}
  readonly price: bigint; // D18{USD/wholeTok} zero without a fresh one
  readonly value: bigint; // D18{USD} zero without a fresh price
  readonly weight: number; // {ppm}
};

/** Everything held, by ascending index. */
export async function fetchPortfolio({ client, deployment }: Fund, blockNumber: bigint): Promise<PortfolioEntry[]> {
  const { vault } = contractsOf(deployment);
  const lens = { address: deployment.addresses.lens, abi: vaultLensAbi };
  const [set, [tokens, amounts, prices, values, weights]] = await Promise.all([
    client.readContract({ ...vault, functionName: "heldSet", blockNumber }),
    client.readContract({ ...lens, functionName: "holdings", blockNumber }),
  ]);
  const indexes = Array.from({ length: TRANSIT + 1 }, (_, index) => index).filter(
    (index) => ((set >> BigInt(index)) & 1n) === 1n,
  );
  return tokens.map((token, i) => ({
    index: indexes[i] ?? TRANSIT,
    token,
    amount: amounts[i] ?? 0n,
    price: prices[i] ?? 0n,
    value: values[i] ?? 0n,
    weight: Number(weights[i] ?? 0n),
  }));
}

/** D18{USD/wholeTok} of each stablecoin by its index, also of those that are not held now; zero without a fresh price. */
export async function fetchPegs(fund: Fund, blockNumber: bigint): Promise<ReadonlyMap<number, bigint>> {
  const stable = fund.deployment.assets.filter(({ isStable }) => isStable);
  const prices = await readPrices(fund, stable, blockNumber);
  return new Map(stable.map(({ index }) => [index, prices[index] ?? 0n]));
}
