// Turns many read calls into few requests: bundled by a contract that exists only for the length of the call.
import type { Abi, Address, PublicClient } from "viem";

/** One read. */
export type Read = {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args?: readonly unknown[];
};

/** Results whose bundle stays below the size that a node lets a call return as code. */
const BUNDLE = 50;

/**
 * The results in the order of the reads, all of one block.
 *
 * @throws when a read reverts, or the node does not answer.
 */
export async function readMany(
  client: PublicClient,
  reads: readonly Read[],
  blockNumber: bigint,
): Promise<readonly unknown[]> {
  const bundles = Array.from({ length: Math.ceil(reads.length / BUNDLE) }, (_, i) =>
    reads.slice(i * BUNDLE, (i + 1) * BUNDLE),
  );
  const results = await Promise.all(
    bundles.map((contracts) =>
      client.multicall({ contracts, blockNumber, allowFailure: false, deployless: true, batchSize: 0 }),
    ),
  );
  return results.flat();
}
