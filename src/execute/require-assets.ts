// Turns the vault's own listings into the certainty that a deployment file speaks of this chain's assets.
import { type GetLogsReturnType, getAbiItem, parseEventLogs } from "viem";

import { indexVaultAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import type { Fund } from "./contracts.ts";
import type { DeployedAsset } from "./deployment.ts";
import { logPages } from "./logs.ts";

/** What the vault recorded of an asset when it was listed. */
export type Listing = Pick<DeployedAsset, "index" | "token" | "coinId" | "decimals">;

/** The deployment file says something else of an asset than the chain. */
export class AssetMismatchError extends AppError {
  readonly code = "ASSET_MISMATCH";
  readonly kind = "chain";
  readonly expected: Listing;
  readonly found: Listing | undefined;

  constructor(expected: Listing, found: Listing | undefined) {
    super(
      `Expected asset ${expected.index} to be ${wordsOf(expected)} as the deployment file says, found ` +
        `${found === undefined ? "none listed there" : wordsOf(found)} on the chain. ` +
        "The file is of another chain: name the one that was written for this node with --deployment.",
    );
    this.expected = expected;
    this.found = found;
  }
}

/**
 * Reads the vault's listings from its first block on, until they agree with the deployment's assets: one call where all
 * were listed early.
 *
 * @throws AssetMismatchError that names the first asset on which file and chain disagree.
 */
export async function requireAssets({ client, deployment }: Fund): Promise<void> {
  const { assets, addresses, block } = deployment;
  const listings = new Map<number, Listing>();
  const range = { fromBlock: BigInt(block), toBlock: await client.getBlockNumber() };
  const events = [getAbiItem({ abi: indexVaultAbi, name: "AssetListed" })];
  for await (const page of logPages(client, { address: addresses.vault, ...range, events })) {
    for (const listing of listingsIn(page)) listings.set(listing.index, listing);
    if (firstMismatch(assets, listings) === undefined) return;
  }
  const expected = firstMismatch(assets, listings);
  if (expected !== undefined) throw new AssetMismatchError(expected, listings.get(expected.index));
}

/** The first asset that the listings lack or describe otherwise. */
export function firstMismatch(assets: readonly Listing[], listings: ReadonlyMap<number, Listing>): Listing | undefined {
  return assets.find((asset) => {
    const listing = listings.get(asset.index);
    return listing === undefined || wordsOf(listing) !== wordsOf(asset);
  });
}

function listingsIn(logs: GetLogsReturnType): Listing[] {
  return parseEventLogs({ abi: indexVaultAbi, eventName: "AssetListed", logs }).map(({ args }) => ({
    index: args.asset,
    token: args.token,
    coinId: args.coinId,
    decimals: args.decimals,
  }));
}

function wordsOf({ coinId, token, decimals }: Listing): string {
  return `${coinId} (${token.toLowerCase()}, ${decimals} decimals)`;
}
