// Turns many read calls into few requests: bundled by Multicall3 where the chain has it, else by code sent along.
import {
  type Abi,
  type Address,
  type PublicClient,
  decodeFunctionResult,
  encodeFunctionData,
  getAddress,
  multicall3Abi,
  prepareEncodeFunctionData,
} from "viem";

/** One read. */
export type Read = {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args?: readonly unknown[];
};

/** Where Multicall3 is on nearly every chain. @see https://github.com/mds1/multicall3 */
export const MULTICALL3: Address = getAddress("0xca11bde05977b3631167028862be2a173976ca11");

/** Reads of a pool's ticks, the dearest of all, that stay below 16 M gas: what nodes let a call use at least. */
const BUNDLE = 1000;
/** Results whose bundle stays below the size that a node lets a call return as code. */
const BUNDLE_OF_CODE = 50;

/** Whether the chain of a client has Multicall3: it neither comes nor goes while one works. */
const knownChains = new WeakMap<PublicClient, Promise<boolean>>();

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
  if (reads.length === 0) return [];
  const isThere = await hasMulticall(client);
  const size = isThere ? BUNDLE : BUNDLE_OF_CODE;
  const bundles = Array.from({ length: Math.ceil(reads.length / size) }, (_, i) =>
    reads.slice(i * size, (i + 1) * size),
  );
  const read = isThere ? readDeployed : readDeployless;
  return (await Promise.all(bundles.map((bundle) => read(client, bundle, blockNumber)))).flat();
}

/** Each function is looked up and hashed once a bundle, and not for every read of it: most of the time went there. */
async function readDeployed(client: PublicClient, reads: readonly Read[], blockNumber: bigint): Promise<unknown[]> {
  const prepared = new Map<string, Prepared>();
  const functions = reads.map(({ abi, functionName }) => {
    const known = prepared.get(functionName);
    if (known?.source === abi) return known;
    const made = { source: abi, ...prepareEncodeFunctionData({ abi, functionName }) };
    prepared.set(functionName, made);
    return made;
  });
  const calls = reads.map(({ address, args = [] }, i) => {
    const { abi, functionName } = functions[i] as Prepared;
    return { target: address, allowFailure: true, callData: encodeFunctionData({ abi, functionName, args }) };
  });
  const answers = await client.readContract({
    address: MULTICALL3,
    abi: multicall3Abi,
    functionName: "aggregate3",
    args: [calls],
    blockNumber,
  });
  // Asked alone, what failed says why.
  const failed = answers.findIndex(({ success }) => !success);
  if (failed >= 0) return [await client.readContract({ ...(reads[failed] as Read), blockNumber })];
  return answers.map(({ returnData }, i) => decodeFunctionResult({ abi: functions[i]?.abi ?? [], data: returnData }));
}

/** A function of an ABI, taken out of it. */
type Prepared = ReturnType<typeof prepareEncodeFunctionData> & { readonly source: Abi };

async function readDeployless(client: PublicClient, reads: readonly Read[], blockNumber: bigint): Promise<unknown[]> {
  return client.multicall({ contracts: reads, blockNumber, allowFailure: false, deployless: true, batchSize: 0 });
}

function hasMulticall(client: PublicClient): Promise<boolean> {
  const known = knownChains.get(client);
  if (known !== undefined) return known;
  const found = askForMulticall(client);
  knownChains.set(client, found);
  // What could not be asked is asked again.
  found.catch(() => knownChains.delete(client));
  return found;
}

async function askForMulticall(client: PublicClient): Promise<boolean> {
  const code = await client.getCode({ address: MULTICALL3 });
  return code !== undefined && code !== "0x";
}
