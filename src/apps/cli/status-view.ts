// Turns where a fund and an account stand into words, and into plain data.

import type { DeployedAsset } from "../../execute/deployment.ts";
import type { Claimable } from "../../execute/depositor.ts";
import { navPerShare } from "../../execute/read-account.ts";
import type { AccountStatus } from "../../execute/read-position.ts";
import type { FundStatus, RequestStatus } from "../../execute/read-status.ts";
import { SHARE, formatAmount, formatNumber, formatTime, formatUsd } from "../../site/amounts.ts";
import { moneyOf } from "../../site/account-json.ts";
import { type Money, cutoffAfter, valueOfShares } from "../../site/money.ts";
import { costRows, guardRows } from "./costs-view.ts";
import { limitRows } from "./limits-view.ts";
import { formatTable } from "./output.ts";

/** The fund in a table. */
export function fundText(fund: FundStatus, coin: DeployedAsset): string {
  const { regime, since, nav, unpriced, supply, holdings, lines, head } = fund;
  const started =
    since === undefined ? "since the start" : `since target ${since.targetId}, begun ${formatTime(since.time)}`;
  const missing = unpriced === 0 ? "" : `, without ${unpriced} holdings that have no fresh price`;
  return factsTable("fund", [
    ["time", `${formatTime(fund.time)}, block ${fund.block}`],
    ["regime", `${regime.toUpperCase()} ${started}`],
    ["NAV", `${formatUsd(nav)} USD in ${holdings} holdings${missing}`],
    ["share price", `${formatAmount(navPerShare(fund), 18)} USD`],
    ["supply", amountText(supply, SHARE)],
    ["pending deposits", amountText(fund.depositsPending, coin)],
    ["shares due", `${amountText(fund.sharesDue, SHARE)}, to be redeemed`],
    ["set aside", `${amountText(fund.setAside, coin)}, for struck redemptions`],
    ["rebalance", rebalanceText(fund)],
    ...limitRows(fund.limits, fund.time),
    ...guardRows(fund.guards),
    ...costRows(fund.costs, coin),
    ["ledger", `${formatNumber(Number(lines), 0)} lines, head ${head}`],
  ]);
}

/** The account in a table. */
export function accountText(status: AccountStatus, coin: DeployedAsset): string {
  const { owner, view, claimable, leftovers } = status;
  const value = formatUsd(valueOfShares(view.shares, view));
  return factsTable("account", [
    ["address", owner],
    ["shares", `${amountText(view.shares, SHARE)}, worth ${value} USD`],
    ["coins", amountText(view.coins, coin)],
    ...waitingLines(status, coin).map((line) => ["waiting", line] as const),
    ...claimableLines(status.requests, claimable, coin).map((line) => ["to claim", line] as const),
    ...leftovers.map(({ asset, amount }) => ["to claim", `${amountText(amount, asset)} of an exit in kind`] as const),
  ]);
}

/** What waits for a strike and until when, a line a request. */
export function waitingLines({ requests, view }: Pick<AccountStatus, "requests" | "view">, coin: Money): string[] {
  return requests
    .filter(({ pending }) => pending > 0n)
    .map((request) => {
      const what = `${request.kind} of ${amountText(request.pending, moneyOf(request, coin))}, request ${request.id}`;
      return `${what}: ${strikeWords(request, view.time)}`;
    });
}

function factsTable(header: string, facts: readonly (readonly [string, string])[]): string {
  return formatTable(
    [
      { header, align: "left" },
      { header: "", align: "left" },
    ],
    facts,
  );
}

function rebalanceText({ time, pending, running }: FundStatus): string {
  const parts = [
    running === undefined ? [] : [`${running.id} under way until ${formatTime(running.deadline)}`],
    pending === undefined ? [] : [pendingText(pending, time)],
  ].flat();
  return parts.length === 0 ? "none pending or under way" : parts.join("; ");
}

function pendingText({ id, executableAt, validUntil }: NonNullable<FundStatus["pending"]>, time: number): string {
  if (time > validUntil) return `${id} expired on ${formatTime(validUntil)}`;
  const start = time >= executableAt ? "may start now" : `may start from ${formatTime(executableAt)}`;
  return `${id} pending, ${start}, until ${formatTime(validUntil)}`;
}

function strikeWords({ kind, requestedAt }: RequestStatus, now: number): string {
  const at = kind === "deposit" ? "start" : "finish";
  const cutoff = cutoffAfter(requestedAt);
  if (now >= cutoff) return `closed, priced at the ${at} of the next rebalance`;
  const day = formatTime(cutoff - 1).slice(0, 10);
  return `closes on Sunday ${day} 24:00 UTC, priced at the ${at} of the first rebalance after`;
}

function claimableLines(requests: readonly RequestStatus[], claimable: Claimable, coin: Money): string[] {
  const idOf = (kind: RequestStatus["kind"]): string => {
    const request = requests.find((one) => one.kind === kind && one.claimable > 0n);
    return request === undefined ? "" : `, request ${request.id}`;
  };
  const { depositAssets, depositShares, redeemShares, redeemAssets } = claimable;
  const lines: string[] = [];
  if (depositShares > 0n) {
    lines.push(
      `${amountText(depositShares, SHARE)} for a deposit of ${amountText(depositAssets, coin)}${idOf("deposit")}`,
    );
  }
  if (redeemAssets > 0n) {
    const given = amountText(redeemShares, SHARE);
    lines.push(`${amountText(redeemAssets, coin)} for a redemption of ${given}${idOf("redemption")}`);
  }
  return lines;
}

function amountText(amount: bigint, { symbol, decimals }: Money): string {
  return `${formatAmount(amount, decimals)} ${symbol}`;
}
