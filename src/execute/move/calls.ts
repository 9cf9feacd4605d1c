// Turns the parts of a move into the calls that a multisig sends: claims, the exit, sales on Uniswap's router, the deposit.
import { type Address, type Hex, concat, encodeFunctionData, numberToHex, parseAbi } from "viem";

import { depositGatewayAbi, indexVaultAbi } from "../../core/abi.ts";
import type { HolderSale } from "../../plan/holder-sales.ts";
import { ERC20_ABI } from "../contracts.ts";
import type { Deployment } from "../deployment.ts";
import type { Claimable } from "../depositor.ts";
import type { Leftover } from "../read-account.ts";
import type { SafeCall } from "../safe-batch.ts";

/** Uniswap's SwapRouter02, as far as it is used. */
const SWAP_ABI = parseAbi([
  "struct Swap { bytes path; address recipient; uint256 amountIn; uint256 amountOutMinimum; }",
  "function exactInput(Swap params) payable returns (uint256 amountOut)",
  "function multicall(uint256 deadline, bytes[] data) payable returns (bytes[] results)",
]);

/** A fund and who acts at it. */
export type Place = { readonly deployment: Deployment; readonly holder: Address };

/** Takes the shares of struck deposits. */
export function claimSharesCall({ deployment, holder }: Place, { depositAssets }: Claimable): SafeCall {
  return {
    to: deployment.addresses.vault,
    data: encodeFunctionData({ abi: indexVaultAbi, functionName: "deposit", args: [depositAssets, holder, holder] }),
  };
}

/** Takes the money of struck redemptions. */
export function claimMoneyCall({ deployment, holder }: Place, { redeemShares }: Claimable): SafeCall {
  return {
    to: deployment.addresses.vault,
    data: encodeFunctionData({ abi: indexVaultAbi, functionName: "redeem", args: [redeemShares, holder, holder] }),
  };
}

/** Takes what an earlier exit could not deliver. */
export function claimInKindCall({ deployment, holder }: Place, { asset }: Leftover): SafeCall {
  return {
    to: deployment.addresses.vault,
    data: encodeFunctionData({ abi: indexVaultAbi, functionName: "claimInKind", args: [asset.index, holder] }),
  };
}

/** Leaves with a part of every holding. No minimums: the part is what it is, and nobody can take from it. */
export function leaveCall({ deployment, holder }: Place, shares: bigint): SafeCall {
  return {
    to: deployment.addresses.vault,
    data: encodeFunctionData({
      abi: indexVaultAbi,
      functionName: "redeemInKind",
      args: [shares, holder, holder, [], []],
    }),
  };
}

/** Leaves for at least `minimum` {tok} of the deposit coin at once, which only a fund wholly in stablecoins allows. */
export function leaveAtOnceCalls({ deployment, holder }: Place, shares: bigint, minimum: bigint): SafeCall[] {
  const { vault, gateway } = deployment.addresses;
  const data = encodeFunctionData({ abi: depositGatewayAbi, functionName: "redeem", args: [shares, holder, minimum] });
  return [approval(vault, gateway, shares), { to: gateway, data }];
}

/** Asks to deposit. */
export function requestCalls({ deployment, holder }: Place, coin: Address, assets: bigint): SafeCall[] {
  const request = {
    to: deployment.addresses.vault,
    data: encodeFunctionData({ abi: indexVaultAbi, functionName: "requestDeposit", args: [assets, holder, holder] }),
  };
  return [approval(coin, deployment.addresses.vault, assets), request];
}

/** A deposit for at least `minimum` {share} at once, which only a fund wholly in stablecoins allows. */
export function depositAtOnceCalls(
  { deployment, holder }: Place,
  coin: Address,
  { assets, minimum }: { readonly assets: bigint; readonly minimum: bigint },
): SafeCall[] {
  const { gateway } = deployment.addresses;
  const data = encodeFunctionData({ abi: depositGatewayAbi, functionName: "deposit", args: [assets, holder, minimum] });
  return [approval(coin, gateway, assets), { to: gateway, data }];
}

/** What a sale needs to know of its place: Uniswap's router, who gets the money, and until when {s} it may happen. */
export type SalePlace = { readonly router: Address; readonly holder: Address; readonly deadline: number };

/**
 * Approves exactly what is sold, and sells it. An approval that is left from before is taken back first: some tokens
 * refuse to change one.
 *
 * @param allowance {tok} That the router has already.
 */
export function saleCalls(place: SalePlace, sale: HolderSale, allowance: bigint): SafeCall[] {
  const { router, holder, deadline } = place;
  const { asset, amount, minimum } = sale;
  const swap = encodeFunctionData({
    abi: SWAP_ABI,
    functionName: "exactInput",
    args: [{ path: pathOf(sale), recipient: holder, amountIn: amount, amountOutMinimum: minimum }],
  });
  const data = encodeFunctionData({ abi: SWAP_ABI, functionName: "multicall", args: [BigInt(deadline), [swap]] });
  return [
    ...(allowance === 0n ? [] : [approval(asset.token, router, 0n)]),
    approval(asset.token, router, amount),
    { to: router, data },
  ];
}

/** As the router reads it: token, fee in three bytes, token, and so on. */
function pathOf({ asset, hops }: HolderSale): Hex {
  return concat([asset.token, ...hops.flatMap(({ fee, bought }) => [numberToHex(fee, { size: 3 }), bought])]);
}

function approval(token: Address, spender: Address, amount: bigint): SafeCall {
  return { to: token, data: encodeFunctionData({ abi: ERC20_ABI, functionName: "approve", args: [spender, amount] }) };
}
