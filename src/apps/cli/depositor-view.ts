// Turns an account and the week's calendar into what a request will do, in words and as plain data.
import { type Address, type TransactionReceipt, parseEventLogs } from "viem";

import { indexVaultAbi } from "../../core/abi.ts";
import { AppError, UsageError } from "../../core/errors.ts";
import { WAD, decimalString } from "../../core/units.ts";
import type { DeployedAsset, Deployment } from "../../execute/deployment.ts";
import type { Fund } from "../../execute/contracts.ts";
import { type AccountView, navPerShare } from "../../execute/read-account.ts";
import { type FundCosts, fetchCosts } from "../../execute/read-costs.ts";
import { SHARE, formatAmount, formatTime, formatUsd, timeString, usdString } from "../../site/amounts.ts";
import { type Money, cutoffAfter } from "../../site/money.ts";
import { parseAmount } from "./chain-options.ts";
import { linkJson, linkText } from "./links.ts";
import type { JsonObject } from "./output.ts";

/** The account holds less than it wants to give. */
export class BalanceTooSmallError extends AppError {
  readonly code = "BALANCE_TOO_SMALL";
  readonly kind = "chain";
  readonly asked: bigint;
  readonly held: bigint;

  constructor(owner: Address, { symbol, decimals }: Money, amounts: { readonly asked: bigint; readonly held: bigint }) {
    const [asked, held] = [amounts.asked, amounts.held].map((amount) => decimalString(amount, decimals));
    const advice = amounts.held === 0n ? "Get some first, or use another key." : "Ask for no more than that.";
    super(`Expected ${amounts.asked === 0n ? "any" : asked} ${symbol} in ${owner}, found ${held}. ${advice}`);
    this.asked = amounts.asked;
    this.held = amounts.held;
  }
}

/** A listed asset by its coin id or symbol. @throws UsageError when there is none, or more than one of that symbol. */
export function assetNamed(name: string, { assets }: Pick<Deployment, "assets">): DeployedAsset {
  const wanted = name.trim().toLowerCase();
  const exact = assets.find(({ coinId }) => coinId.toLowerCase() === wanted);
  const bySymbol = assets.filter(({ symbol }) => symbol.toLowerCase() === wanted);
  const found = exact ?? (bySymbol.length === 1 ? bySymbol[0] : undefined);
  if (found !== undefined) return found;
  const why = bySymbol.length === 0 ? "which it has not listed" : "a symbol that several coins have";
  throw new UsageError(`Expected a coin of the fund such as 'ethereum' or 'ETH', found '${name}', ${why}.`);
}

/** {share} of `all` or an amount. @throws BalanceTooSmallError when the account has fewer or none. */
export function sharesAsked(text: string, owner: Address, { shares }: Pick<AccountView, "shares">): bigint {
  const asked = text === "all" ? shares : parseAmount(text, SHARE);
  if (asked > shares || asked === 0n) throw new BalanceTooSmallError(owner, SHARE, { asked, held: shares });
  return asked;
}

/** {share} that `assets` {tok} would become at today's value, rounded down; undefined without a price of the coin. */
export function sharesFor(assets: bigint, coin: Money, view: AccountView): bigint | undefined {
  const price = navPerShare(view);
  if (view.coinPrice === 0n || price === 0n) return undefined;
  // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
  const value = (assets * view.coinPrice) / 10n ** BigInt(coin.decimals);
  // {share} = D18{USD} * {share/wholeShare} / D18{USD/wholeShare}
  return (value * WAD) / price;
}

/** {bps} What a strike would keep for those who stay, if it were now, and between what it lies. */
export async function swingOf(fund: Fund): Promise<FundCosts["swing"]> {
  const { costs } = await fetchCosts(fund, await fund.client.getBlockNumber(), []);
  return costs.swing;
}

/** What comes off today's value, in words. */
export function swingText({ least, most }: FundCosts["swing"], now: number): string {
  const percent = (bps: number): string => (bps / 100).toFixed(2);
  return `Of it the strike keeps ${percent(now)} % for those who stay, by today's swing (${percent(least)} to ${percent(most)} %).`;
}

/** The fund's value and the cutoff, as plain data. */
export function viewJson(owner: Address, view: AccountView): JsonObject {
  return {
    account: owner,
    time: timeString(view.time),
    navUsd: usdString(view.nav),
    navPerShareUsd: usdString(navPerShare(view)),
    cutoff: timeString(cutoffAfter(view.time)),
  };
}

/** The fund's value in a line, and a warning when not all of it is known. */
export function valueLines(view: AccountView): string[] {
  const missing = view.unpriced > 0 ? [`note: ${view.unpriced} holdings have no fresh price and count nothing.`] : [];
  const price = formatAmount(navPerShare(view), 18);
  return [`NAV ${formatUsd(view.nav)} USD, ${price} USD a share at ${formatTime(view.time)}.`, ...missing];
}

/** When a request of `time` is priced, in words. */
export function strikeText(time: number, at: "start" | "finish"): string {
  const cutoff = formatTime(cutoffAfter(time) - 1).slice(0, 10);
  return `It closes with its week, Sunday ${cutoff} 24:00 UTC, and is priced at the ${at} of the first rebalance after.`;
}

/** A transaction in a line, with its link where the chain has an explorer. */
export function receiptText({ transactionHash, gasUsed, blockNumber }: TransactionReceipt, chainId: number): string {
  const link = linkText(chainId, "transaction", transactionHash);
  return `Sent ${transactionHash} (block ${blockNumber}, ${gasUsed} gas${link}).`;
}

/** A transaction as plain data, with its link where the chain has an explorer. */
export function receiptJson(action: string, receipt: TransactionReceipt, chainId: number): JsonObject {
  const { transactionHash: hash, gasUsed, blockNumber } = receipt;
  const link = linkJson(chainId, "transaction", hash);
  return { action, hash, block: Number(blockNumber), gas: String(gasUsed), ...link };
}

/** The number of the request in a receipt: its epoch. */
export function requestIdOf(
  { logs }: TransactionReceipt,
  eventName: "DepositRequested" | "RedemptionRequested",
): number | null {
  const [line] = parseEventLogs({ abi: indexVaultAbi, logs, eventName });
  return line === undefined ? null : Number(line.args.epoch);
}
