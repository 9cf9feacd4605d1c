// Turns what a depositor wants into requests, claims and exits on the vault, each simulated before it is sent.
import type { Address, TransactionReceipt } from "viem";

import { depositGatewayAbi } from "../core/abi.ts";
import { ERC20_ABI, type Fund, contractsOf } from "./contracts.ts";
import type { Deployment } from "./deployment.ts";
import type { OpenRequest } from "./read-requests.ts";
import { type Call, type Sender, send } from "./send.ts";

/** A depositor at a fund. */
export type Depositor = Sender & { readonly deployment: Deployment };

/** The least that an exit in kind must pay of an asset. */
export type InKindMinimum = { readonly asset: number; readonly amount: bigint };

/** What a depositor can claim. */
export type Claimable = {
  readonly depositAssets: bigint; // {tok} struck deposits, to be claimed as shares
  readonly depositShares: bigint; // {share} for them
  readonly redeemShares: bigint; // {share} struck redemptions, to be claimed as money
  readonly redeemAssets: bigint; // {tok} for them
};

/** What an exit in kind leaves behind, and the least that it must pay. */
export type InKindTerms = { readonly skipped?: readonly number[]; readonly minimums?: readonly InKindMinimum[] };

/** The call of {@link requestDeposit}, which needs the approval first. */
export function depositRequestCall(depositor: Depositor, assets: bigint): Call {
  const { vault } = contractsOf(depositor.deployment);
  const args = [assets, ownerOf(depositor), ownerOf(depositor)];
  return { ...vault, functionName: "requestDeposit", args, action: "request a deposit" };
}

/** The call of {@link requestRedeem}. */
export function redemptionRequestCall(depositor: Depositor, shares: bigint): Call {
  const { vault } = contractsOf(depositor.deployment);
  const args = [shares, ownerOf(depositor), ownerOf(depositor)];
  return { ...vault, functionName: "requestRedeem", args, action: "request a redemption" };
}

/** The call of {@link redeemInKind}. */
export function inKindCall(depositor: Depositor, shares: bigint, { skipped, minimums }: InKindTerms = {}): Call {
  const { vault } = contractsOf(depositor.deployment);
  const args = [shares, ownerOf(depositor), ownerOf(depositor), skipped ?? [], minimums ?? []];
  return { ...vault, functionName: "redeemInKind", args, action: "redeem in kind" };
}

/** Approves the deposit coin if needed, and asks to deposit `assets` {tok} at the next strike. */
export async function requestDeposit(depositor: Depositor, assets: bigint): Promise<TransactionReceipt> {
  const { vault } = contractsOf(depositor.deployment);
  await approveCoin(depositor, vault.address, assets);
  return send(depositor, depositRequestCall(depositor, assets));
}

/** Deposits `assets` {tok} and takes the shares in one transaction, which only a fund wholly in stablecoins allows. */
export async function depositAtOnce(
  depositor: Depositor,
  assets: bigint,
  minimumShares = 0n,
): Promise<TransactionReceipt> {
  const gateway = { address: depositor.deployment.addresses.gateway, abi: depositGatewayAbi };
  await approveCoin(depositor, gateway.address, assets);
  const args = [assets, ownerOf(depositor), minimumShares];
  return send(depositor, { ...gateway, functionName: "deposit", args, action: "deposit at once" });
}

/** Asks to redeem `shares` {share} at the next strike. */
export async function requestRedeem(depositor: Depositor, shares: bigint): Promise<TransactionReceipt> {
  return send(depositor, redemptionRequestCall(depositor, shares));
}

/** Takes a request back that is still open; its coins or shares come back at once. */
export async function cancelRequest(depositor: Depositor, { kind, id }: OpenRequest): Promise<TransactionReceipt> {
  const { vault } = contractsOf(depositor.deployment);
  const functionName = kind === "deposit" ? "cancelDepositRequest" : "cancelRedeemRequest";
  const args = [id, ownerOf(depositor), ownerOf(depositor)];
  return send(depositor, { ...vault, functionName, args, action: "take the request back" });
}

/** What is there to claim now. */
export async function fetchClaimable(depositor: Depositor): Promise<Claimable> {
  return fetchClaimableOf(depositor, ownerOf(depositor));
}

/** What an account can claim. @param block The newest when left out. */
export async function fetchClaimableOf(
  { client, deployment }: Fund,
  controller: Address,
  block?: bigint,
): Promise<Claimable> {
  const { vault } = contractsOf(deployment);
  const at = { args: [controller] as const, blockNumber: block ?? (await client.getBlockNumber({ cacheTime: 0 })) };
  const [depositAssets, depositShares, redeemShares, redeemAssets] = await Promise.all([
    client.readContract({ ...vault, functionName: "maxDeposit", ...at }),
    client.readContract({ ...vault, functionName: "maxMint", ...at }),
    client.readContract({ ...vault, functionName: "maxRedeem", ...at }),
    client.readContract({ ...vault, functionName: "maxWithdraw", ...at }),
  ]);
  return { depositAssets, depositShares, redeemShares, redeemAssets };
}

/** Takes the shares of all struck deposits; undefined when there are none. */
export async function claimDeposit(depositor: Depositor): Promise<TransactionReceipt | undefined> {
  const { vault } = contractsOf(depositor.deployment);
  const { depositAssets } = await fetchClaimable(depositor);
  if (depositAssets === 0n) return undefined;
  const args = [depositAssets, ownerOf(depositor), ownerOf(depositor)];
  return send(depositor, { ...vault, functionName: "deposit", args, action: "claim the shares" });
}

/** Takes the money of all struck redemptions; undefined when there are none. */
export async function claimRedemption(depositor: Depositor): Promise<TransactionReceipt | undefined> {
  const { vault } = contractsOf(depositor.deployment);
  const { redeemShares } = await fetchClaimable(depositor);
  if (redeemShares === 0n) return undefined;
  const args = [redeemShares, ownerOf(depositor), ownerOf(depositor)];
  return send(depositor, { ...vault, functionName: "redeem", args, action: "claim the money" });
}

/** Leaves with a part of every holding, except what is skipped. */
export async function redeemInKind(
  depositor: Depositor,
  shares: bigint,
  terms: InKindTerms = {},
): Promise<TransactionReceipt> {
  return send(depositor, inKindCall(depositor, shares, terms));
}

/** Takes what an exit in kind could not deliver of an asset. */
export async function claimInKind(depositor: Depositor, asset: number): Promise<TransactionReceipt> {
  const { vault } = contractsOf(depositor.deployment);
  const args = [asset, ownerOf(depositor)];
  return send(depositor, { ...vault, functionName: "claimInKind", args, action: "claim what was not delivered" });
}

function ownerOf({ wallet }: Depositor): `0x${string}` {
  return wallet.account.address;
}

/** Lets a contract take `assets` {tok} of the deposit coin; undefined when it may already. */
export async function approveCoin(
  depositor: Depositor,
  spender: Address,
  assets: bigint,
): Promise<TransactionReceipt | undefined> {
  const { client, deployment } = depositor;
  const { vault } = contractsOf(deployment);
  const coin = await client.readContract({ ...vault, functionName: "asset" });
  const token = { address: coin, abi: ERC20_ABI };
  const args = [ownerOf(depositor), spender] as const;
  const allowed = await client.readContract({ ...token, functionName: "allowance", args });
  if (allowed >= assets) return undefined;
  const call = { ...token, functionName: "approve", args: [spender, assets], action: "approve the deposit" };
  return send(depositor, call);
}
