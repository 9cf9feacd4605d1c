// Turns what an owner wants to change into two batches for its multisig: to announce it, and to carry it out in time.
import { type Address, type Hex, decodeFunctionData, encodeFunctionData, isAddressEqual, parseAbi } from "viem";

import { delayedAccessManagerAbi, indexVaultAbi, uniswapV3VenueAbi } from "../core/abi.ts";
import { assertNever } from "../core/errors.ts";
import { type Fund, contractsOf } from "./contracts.ts";
import { PROBE_UNITS, listingCalls, lowestFree } from "./deploy.ts";
import { listingOf } from "./deploy/plan.ts";
import type { NetworkAsset } from "./network.ts";
import { OwnerChangeError, requireNoListingPending } from "./pending-listings.ts";
import { type SafeBatch, type SafeCall, safeBatch } from "./safe-batch.ts";
import { isSingleKey } from "./single-key.ts";
import { type Succession, successionCalls } from "./succession.ts";

/** The multisig, and when the batches are made. */
export type Owner = { readonly safe: Address; readonly createdAt: number }; // {ms}

/** Something that an owner changes. */
export type OwnerChange =
  | { readonly kind: "add-assets"; readonly assets: readonly NetworkAsset[] }
  | { readonly kind: "remove-asset"; readonly coinId: string }
  | { readonly kind: "hand-over"; readonly to: Address }
  | ({ readonly kind: "replace" } & Succession);

/** Two batches, and the delay {s} between them. */
export type OwnerPlan = { readonly announce: SafeBatch; readonly carryOut: SafeBatch; readonly delay: number };

const TOKEN_ABI = parseAbi(["function transfer(address to, uint256 amount)"]);
const ADMIN = 0n;

/** A call that the manager lets through once it was announced in time. */
type Announced = { readonly to: Address; readonly data: Hex };

/**
 * The batches of a change.
 *
 * @throws OwnerChangeError when the multisig does not rule the fund, or the change cannot be made.
 * @throws SuccessionError when the accounts are not those that a change of a role is about.
 */
export async function planOwnerChange(fund: Fund, owner: Owner, change: OwnerChange): Promise<OwnerPlan> {
  const delay = await requireOwner(fund, owner.safe);
  if (isOfListings(change)) await requireNoListingPending(fund);
  return batchesOf(fund, { ...owner, delay }, await callsOf(fund, change, { ...owner, delay }));
}

/**
 * The second batch of an announced change, made anew, if the chain still takes it: an index that was free when a listing
 * was announced may be another's by now, whose price source the batch would replace.
 *
 * @throws OwnerChangeError when a call of it was not announced as it would have to be sent now, or cannot be sent yet.
 */
export async function planCarryingOut(fund: Fund, owner: Owner, change: OwnerChange): Promise<SafeBatch> {
  const delay = await requireOwner(fund, owner.safe);
  const found = await callsOf(fund, change, { ...owner, delay });
  await requireAnnounced(fund, owner.safe, found);
  return batchesOf(fund, { ...owner, delay }, found).carryOut;
}

/** A role moves no index: a key that was stolen is replaced whatever else is announced. */
function isOfListings({ kind }: OwnerChange): boolean {
  return kind === "add-assets" || kind === "remove-asset";
}

function batchesOf(
  fund: Fund,
  { delay, ...owner }: Owner & { readonly delay: number },
  { calls, before, words }: Calls,
): OwnerPlan {
  const { chainId, addresses } = fund.deployment;
  const manager = { address: addresses.accessManager, abi: delayedAccessManagerAbi };
  const titled = (name: string, description: string, sent: readonly SafeCall[]): SafeBatch =>
    safeBatch({ chainId, safe: owner.safe, createdAt: owner.createdAt, name, description }, sent);
  const schedule = calls.map(({ to, data }) => ({
    to: manager.address,
    data: encodeFunctionData({ ...manager, functionName: "schedule", args: [to, data, 0] }),
  }));
  const execute = calls.map(({ to, data }) => ({
    to: manager.address,
    data: isAddressEqual(to, manager.address)
      ? data
      : encodeFunctionData({ ...manager, functionName: "execute", args: [to, data] }),
  }));
  const wait = `Not before ${delay} s after the announcement, and within a week from then.`;
  return {
    announce: titled(`Announce: ${words}`, "Anybody can see it and leave in kind before it happens.", schedule),
    carryOut: titled(`Carry out: ${words}`, wait, [...before, ...execute]),
    delay,
  };
}

/**
 * The batch that closes a fund to deposits for good, as far as its owner goes: no cap above nothing. It needs no
 * announcement, because it takes nothing from anybody: who is in can leave as before. Opening again takes one.
 *
 * @throws OwnerChangeError when the multisig does not rule the fund.
 */
export async function planClosing(fund: Fund, { safe, createdAt }: Owner): Promise<SafeBatch> {
  await requireOwner(fund, safe);
  const { chainId, addresses } = fund.deployment;
  const data = encodeFunctionData({ abi: indexVaultAbi, functionName: "lowerDepositCap", args: [0n] });
  const description = "Effective at once. Shares can be redeemed, in money or in kind, as before.";
  return safeBatch({ chainId, safe, createdAt, name: "Close the fund to deposits", description }, [
    { to: addresses.vault, data },
  ]);
}

/** @throws OwnerChangeError */
async function requireAnnounced(
  { client, deployment }: Fund,
  safe: Address,
  { calls, words }: Pick<Calls, "calls" | "words">,
): Promise<void> {
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
  const { timestamp } = await client.getBlock();
  for (const { to, data } of calls) {
    const id = await client.readContract({ ...manager, functionName: "hashOperation", args: [safe, to, data] });
    const at = await client.readContract({ ...manager, functionName: "getSchedule", args: [id] });
    if (at === 0) {
      throw new OwnerChangeError(
        `Expected an announcement to ${words}, found none of a call to ${to}, or one that expired. If another asset was ` +
          "listed or delisted since, the announced index is not the next free one: cancel, and announce anew.",
      );
    }
    if (BigInt(at) > timestamp) {
      throw new OwnerChangeError(
        `Expected the delay of the announcement to be over, found ${BigInt(at) - timestamp} s left of it. Wait.`,
      );
    }
  }
}

type Calls = {
  readonly calls: readonly Announced[];
  /** What the multisig sends on its own account first. */
  readonly before: readonly SafeCall[];
  readonly words: string;
};

async function callsOf(
  fund: Fund,
  change: OwnerChange,
  owner: { readonly safe: Address; readonly delay: number },
): Promise<Calls> {
  switch (change.kind) {
    case "add-assets":
      return additionCalls(fund, change.assets);
    case "remove-asset":
      return removalCalls(fund, change.coinId);
    case "replace":
      return replacementCalls(fund, change);
    case "hand-over":
      return handOverCalls(fund, change.to, owner);
    default:
      return assertNever(change);
  }
}

/** @throws OwnerChangeError when it is not the fund's admin. @returns Its delay {s}. */
async function requireOwner({ client, deployment }: Fund, safe: Address): Promise<number> {
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
  const [isAdmin, delay] = await client.readContract({ ...manager, functionName: "hasRole", args: [ADMIN, safe] });
  if (isAdmin) return delay;
  throw new OwnerChangeError(`Expected ${safe} to be the fund's owner, found that it is not. Name the owner's Safe.`);
}

/** The assets get the lowest free indexes in their order, and each price source is announced for its index. */
async function additionCalls({ client, deployment }: Fund, assets: readonly NetworkAsset[]): Promise<Calls> {
  for (const asset of assets) requireAddable(deployment.assets, asset);
  const { vault } = contractsOf(deployment);
  let taken = await client.readContract({ ...vault, functionName: "listedSet" });
  const placed = assets.map((asset) => {
    const index = lowestFree(taken);
    taken |= 1n << BigInt(index);
    return { asset, index };
  });
  return {
    calls: placed.flatMap(({ asset, index }) =>
      listingCalls(deployment.addresses, listingOf(asset, index), index).map(unwrapped),
    ),
    before: assets.map(({ token }) => ({
      to: token,
      data: encodeFunctionData({ abi: TOKEN_ABI, functionName: "transfer", args: [vault.address, PROBE_UNITS] }),
    })),
    words: `list ${placed.map(({ asset, index }) => `${asset.coinId} at index ${index}`).join(", ")}`,
  };
}

function requireAddable(listed: Fund["deployment"]["assets"], { coinId, token, pools }: NetworkAsset): void {
  const known = listed.find((one) => one.coinId === coinId || isAddressEqual(one.token, token));
  if (known !== undefined) throw new OwnerChangeError(`Expected a new asset, found ${known.coinId} listed already.`);
  if (pools.some(({ evidence }) => evidence !== "chain")) {
    throw new OwnerChangeError(
      `Expected pools of ${coinId} that were seen on the chain: use \`networks check --write\`.`,
    );
  }
}

async function removalCalls({ client, deployment }: Fund, coinId: string): Promise<Calls> {
  const asset = deployment.assets.find((one) => one.coinId === coinId);
  if (asset === undefined) throw new OwnerChangeError(`Expected a listed coin, found ${coinId}, which is not.`);
  const { vault, venue } = contractsOf(deployment);
  const pools = [asset.pool, ...(asset.otherPools ?? [])].filter((pool) => pool !== undefined);
  const listed = await Promise.all(
    pools.map((pool) => client.readContract({ ...venue, functionName: "isListed", args: [pool] })),
  );
  const removals = pools
    .filter((_, i) => listed[i] === true)
    .map((pool) => ({
      to: venue.address,
      data: encodeFunctionData({ abi: uniswapV3VenueAbi, functionName: "removePool", args: [pool] }),
    }));
  const args = [asset.index] as const;
  const delist = {
    to: vault.address,
    data: encodeFunctionData({ abi: indexVaultAbi, functionName: "delistAsset", args }),
  };
  return { calls: [...removals, delist], before: [], words: `delist ${coinId} of index ${asset.index}` };
}

async function replacementCalls(fund: Fund, change: Succession): Promise<Calls> {
  const to = fund.deployment.addresses.accessManager;
  const calls = (await successionCalls(fund, change)).map((data) => ({ to, data }));
  return { calls, before: [], words: `the ${change.role} is ${change.after} instead of ${change.before}` };
}

/** The new owner comes first, so that there is never none. */
async function handOverCalls(
  { client, deployment }: Fund,
  to: Address,
  { safe, delay }: { readonly safe: Address; readonly delay: number },
): Promise<Calls> {
  if (isSingleKey(await client.getCode({ address: to }))) {
    throw new OwnerChangeError(`Expected a multisig as the next owner, found ${to}, an account with a single key.`);
  }
  const manager = { address: deployment.addresses.accessManager, abi: delayedAccessManagerAbi };
  const grant = encodeFunctionData({ ...manager, functionName: "grantRole", args: [ADMIN, to, delay] });
  const revoke = encodeFunctionData({ ...manager, functionName: "revokeRole", args: [ADMIN, safe] });
  const calls = [grant, revoke].map((data) => ({ to: manager.address, data }));
  return { calls, before: [], words: `the owner is ${to} instead of ${safe}` };
}

/** What the manager is told to call, out of a call of its `execute`. */
function unwrapped(data: Hex): Announced {
  const { args } = decodeFunctionData({ abi: delayedAccessManagerAbi, data });
  const [to, inner] = args as readonly [Address, Hex];
  return { to, data: inner };
}
