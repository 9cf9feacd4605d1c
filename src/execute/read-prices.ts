// Turns assets of a fund into what its oracle says that each is worth.
import { type Fund, contractsOf } from "./contracts.ts";

type Indexed = { readonly index: number };

/** The set that the contracts take for these assets: one bit each. */
export function assetSet(assets: readonly Indexed[]): bigint {
  return assets.reduce((set, { index }) => set | (1n << BigInt(index)), 0n);
}

/**
 * D18{USD/wholeTok} by index; zero without a fresh price, and for the indexes of other assets.
 *
 * @param blockNumber The newest when left out.
 */
export async function readPrices(
  { client, deployment }: Fund,
  assets: readonly Indexed[],
  blockNumber?: bigint,
): Promise<readonly bigint[]> {
  const { oracle } = contractsOf(deployment);
  const args = [assetSet(assets)] as const;
  const [prices] = await client.readContract({ ...oracle, functionName: "prices", args, blockNumber });
  return prices as readonly bigint[];
}
