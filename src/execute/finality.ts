// Turns the chain's own word, or a count of blocks, into whether a transaction is final.
import { type Address, BlockNotFoundError, type PublicClient, type TransactionReceipt } from "viem";

import { classOf } from "./errors.ts";
import type { Urgency } from "./send.ts";
import type { SendingSettings } from "./sending-settings.ts";

/** Tags by which a chain names the newest block that it will keep. */
export type FinalityTag = "finalized" | "safe";

/** When a transaction is final: up to the block of the tag; from the depth on where there is none. */
export type FinalityRule = {
  readonly tag: FinalityTag | undefined;
  readonly depth: number; // {block} its own counted
};

/** A transaction in a block; `depth` counts that block. */
export type Landed = { readonly receipt: Pick<TransactionReceipt, "blockNumber">; readonly depth: bigint };

/** By chain id: two epochs of proof of stake; minutes of a rollup's sequencer. */
const RULES: ReadonlyMap<number, FinalityRule> = new Map([
  [1, { tag: "finalized", depth: 64 }],
  [11_155_111, { tag: "finalized", depth: 64 }],
  [10, { tag: "finalized", depth: 300 }],
  [8453, { tag: "finalized", depth: 300 }],
  [42_161, { tag: "finalized", depth: 1200 }],
  [31_337, { tag: undefined, depth: 1 }],
]);
const UNKNOWN_CHAIN: FinalityRule = { tag: undefined, depth: 64 };

/** The chain's rule, or what the settings say before it. */
export function finalityOf({ finality }: Pick<SendingSettings, "finality">, chainId: number): FinalityRule {
  const usual = RULES.get(chainId) ?? UNKNOWN_CHAIN;
  if (finality === undefined) return usual;
  return typeof finality === "number" ? { tag: undefined, depth: finality } : { ...usual, tag: finality };
}

/** Blocks, its own counted, after which a call resolves; never more than finality takes. */
export function resolveDepthOf(
  settings: Pick<SendingSettings, "finality" | "resolveDepth">,
  chainId: number,
  urgency: Urgency,
): number {
  return Math.min(settings.resolveDepth[urgency], finalityOf(settings, chainId).depth);
}

/** Whether it is final. Nothing waits for that: while nodes do not say, it is not. */
export async function isFinal(client: PublicClient, { tag, depth }: FinalityRule, landed: Landed): Promise<boolean> {
  const isDeep = landed.depth >= BigInt(depth);
  if (tag === undefined) return isDeep;
  try {
    const { number } = await client.getBlock({ blockTag: tag });
    return landed.receipt.blockNumber <= number;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return isDeep; // the chain does not have the tag
    if (classOf(error) !== "retry") throw error;
    return false;
  }
}

/** A nonce of an account that was found used at the head. */
export type UsedNonce = { readonly address: Address; readonly nonce: number };

/** Whether a nonce is used in what is final, whoever used it. While nodes do not say, it is not. */
export async function isUsedForGood(client: PublicClient, rule: FinalityRule, used: UsedNonce): Promise<boolean> {
  const { address, nonce } = used;
  try {
    const blockNumber = await finalBlockOf(client, rule);
    return blockNumber >= 0n && (await client.getTransactionCount({ address, blockNumber })) > nonce;
  } catch (error) {
    if (classOf(error) !== "retry") throw error;
    return false;
  }
}

async function finalBlockOf(client: PublicClient, { tag, depth }: FinalityRule): Promise<bigint> {
  try {
    if (tag !== undefined) return (await client.getBlock({ blockTag: tag })).number;
  } catch (error) {
    if (!(error instanceof BlockNotFoundError)) throw error; // otherwise the chain does not have the tag
  }
  return (await client.getBlockNumber({ cacheTime: 0 })) - BigInt(depth) + 1n;
}
