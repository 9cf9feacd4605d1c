// Turns what a fund's owner has announced into the refusal to announce a listing beside it.
import { type Hex, decodeFunctionData, getAbiItem, toFunctionSelector } from "viem";

import { delayedAccessManagerAbi, indexVaultAbi } from "../core/abi.ts";
import { AppError } from "../core/errors.ts";
import type { Fund } from "./contracts.ts";
import { readLogs } from "./logs.ts";

/** The change cannot be made as things stand. */
export class OwnerChangeError extends AppError {
  readonly code = "OWNER_CHANGE";
  readonly kind = "usage";
}

const LISTINGS: readonly string[] = (["listAsset", "delistAsset"] as const).map((name) =>
  toFunctionSelector(getAbiItem({ abi: indexVaultAbi, name })),
);
/** Of a selector as text, with 0x. */
const SELECTOR_DIGITS = 10;

type Scheduled = { readonly args: { readonly operationId: Hex; readonly target: Hex; readonly data: Hex } };

/**
 * Whoever lists or delists moves the lowest free index, for which the price source of a listing is announced: of two
 * listings announced beside each other, the later one would give its price source to the earlier one's asset.
 *
 * @throws OwnerChangeError that names what is announced and neither carried out, cancelled nor expired.
 */
export async function requireNoListingPending({ client, deployment }: Fund): Promise<void> {
  const { accessManager, vault } = deployment.addresses;
  const manager = { address: accessManager, abi: delayedAccessManagerAbi };
  const logs = (await readLogs(client, {
    address: accessManager,
    events: [getAbiItem({ abi: delayedAccessManagerAbi, name: "OperationScheduled" })],
    fromBlock: BigInt(deployment.block),
    toBlock: await client.getBlockNumber(),
  })) as unknown as readonly Scheduled[];
  for (const { args } of logs) {
    if (args.target.toLowerCase() !== vault.toLowerCase() || !isListing(args.data)) continue;
    const at = await client.readContract({ ...manager, functionName: "getSchedule", args: [args.operationId] });
    if (at === 0) continue;
    throw new OwnerChangeError(
      `Expected no other listing to be announced, found one: ${listingWords(args.data)}. Carry it out or cancel it ` +
        "first; several coins can be announced together.",
    );
  }
}

/** Anything can be announced, also a call of the vault that it does not have: it stays in the log for good. */
function isListing(data: Hex): boolean {
  return LISTINGS.includes(data.slice(0, SELECTOR_DIGITS).toLowerCase());
}

/** What a call to the vault lists or delists. */
function listingWords(data: Hex): string {
  try {
    const { functionName, args } = decodeFunctionData({ abi: indexVaultAbi, data });
    if (functionName === "listAsset") return `list ${args[1]}`;
    return functionName === "delistAsset" ? `delist index ${args[0]}` : functionName;
  } catch {
    return `${data}, whose arguments nobody can read`;
  }
}
