// Turns an address into where the account stands, what it paid and got, and all that it did.
import { type Address, getAddress } from "viem";

import { WAD, decimalString } from "../../core/units.ts";
import { type FundWorth, navPerShare } from "../../execute/read-account.ts";
import { type AccountStatus, fetchAccountStatus } from "../../execute/read-position.ts";
import type { LoggedRequest } from "../../execute/read-status.ts";
import { CASH } from "../../plan/holdings.ts";
import type { StruckCoins } from "../../record/coin-claims.ts";
import { accountJson } from "../account-json.ts";
import { timeString, usdString } from "../amounts.ts";
import type { AccountEvent, PositionAnswer } from "../answers/account.ts";
import { type Flows, type History, flowsOf, historyOf, mentionsOf } from "../index/accounts.ts";
import { type Claims, claimsIn } from "../index/coin-claims.ts";
import { endOf } from "../index/follow.ts";
import { coinsOfBook } from "../index/tokens.ts";
import { depositCoin, valueOfShares } from "../money.ts";
import { type SiteState, pictureOf } from "../state.ts";

/** Reads the account on chain and its history in the index. */
export async function accountAnswer(state: SiteState, address: string): Promise<PositionAnswer> {
  const { fund } = state;
  const owner = getAddress(address);
  const recorded = recordedOf(state, owner);
  const status = await fetchAccountStatus(fund, owner, { ...recorded, worth: worthAt(state, recorded.block) });
  const { view } = status;
  const coin = depositCoin(fund.deployment);
  return {
    time: timeString(view.time),
    block: Number(recorded.block),
    navPerShareUsd: usdString(navPerShare(view)),
    coin: coin.symbol,
    account: accountJson(status, coin),
    position: positionOf(recorded, status, coin.decimals),
    history: recorded.history,
  };
}

/** All that the index says of an account, up to one block. */
type RecordedAccount = {
  readonly block: bigint;
  readonly logged: readonly LoggedRequest[];
  readonly flows: Flows;
  readonly claims: Claims;
  readonly history: readonly AccountEvent[];
};

/** Read in one go: the index may go on to another block while the chain is asked about this one. */
function recordedOf(state: SiteState, owner: Address): RecordedAccount {
  const { database, place } = state;
  const account = owner.toLowerCase();
  const history = historyIn(state);
  const mentions = mentionsOf(history, account);
  const claims = claimsIn(database);
  return {
    block: BigInt(endOf(database, place).block),
    logged: requestsIn(state, owner),
    flows: flowsOf(mentions, claims),
    claims,
    history: historyOf(mentions, history.coins),
  };
}

/** What the picture knows of the fund, if it is of this block. */
function worthAt(state: SiteState, wanted: bigint): FundWorth | undefined {
  const { fund, pegs } = pictureOf(state);
  const { block, time, nav, supply, unpriced } = fund;
  return block === wanted ? { time, nav, supply, unpriced, coinPrice: pegs.get(CASH) ?? 0n } : undefined;
}

/** What an account did and what was done to it, oldest first. */
export function accountHistory(state: SiteState, address: string): readonly AccountEvent[] {
  const history = historyIn(state);
  return historyOf(mentionsOf(history, address.toLowerCase()), history.coins);
}

function historyIn({ database, tokens, fund }: SiteState): History {
  const { vault, gateway } = fund.deployment.addresses;
  const coins = coinsOfBook(tokens, depositCoin(fund.deployment));
  return { database, coins, vault: vault.toLowerCase(), gateway: gateway.toLowerCase() };
}

/** Where an account's requests were made, without reading the whole log again. */
function requestsIn({ database }: SiteState, owner: Address) {
  const rows = database.all(
    `select lines.event, lines.args, lines.time from parties join lines on lines.sequence = parties.sequence
      where parties.account = ? and lines.event in ('DepositRequested', 'RedemptionRequested') order by lines.sequence`,
    owner.toLowerCase(),
  );
  return rows.map(({ event, args, time }) => {
    const { epoch, controller } = JSON.parse(String(args)) as { readonly epoch: string; readonly controller: Address };
    const kind = event === "DepositRequested" ? ("deposit" as const) : ("redemption" as const);
    return { kind, epoch: BigInt(epoch), controller, requestedAt: Number(time) };
  });
}

/** Flows and claims count what their strikes counted; coins that wait, what a strike would count them now. */
function positionOf(
  { flows, claims }: RecordedAccount,
  { view, requests, claimable, owner }: AccountStatus,
  decimals: number,
): PositionAnswer["position"] {
  const account = owner.toLowerCase();
  const sumOf = (kind: "deposit" | "redemption", part: "pending" | "claimable"): bigint =>
    requests.filter((request) => request.kind === kind).reduce((sum, request) => sum + request[part], 0n);
  const { deposits, redemptions } = claims;
  const pending = sumOf("deposit", "pending");
  const waiting = usdOfWaiting(pending, view.coinPrice, decimals);
  const struck = usdOfClaim(claimable.depositAssets, deposits.open.get(account));
  const due = usdOfClaim(claimable.redeemAssets, redemptions.open.get(account));
  const shares = view.shares + claimable.depositShares + sumOf("redemption", "pending");
  const outstanding = sum([valueOfShares(shares, view), waiting, due]);
  const paidUsd = sum([flows.paidUsd, waiting, struck]);
  const gain = sum([flows.receivedUsd, outstanding, paidUsd === undefined ? undefined : -paidUsd]);
  return {
    paid: decimalString(flows.paid + pending + claimable.depositAssets, decimals),
    received: decimalString(flows.received, decimals),
    paidUsd: shownUsd(paidUsd),
    receivedUsd: usdString(flows.receivedUsd),
    outstanding: shownUsd(outstanding),
    gain: flows.isElsewhere ? null : shownUsd(gain),
    otherWays: flows.isElsewhere,
  };
}

/** D18{USD} of coins that wait for a strike; undefined without a fresh price. @param price D18{USD/wholeTok} */
function usdOfWaiting(coins: bigint, price: bigint, decimals: number): bigint | undefined {
  if (coins === 0n) return 0n;
  // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
  return price === 0n ? undefined : (coins * (price < WAD ? price : WAD)) / 10n ** BigInt(decimals);
}

/** D18{USD} of coins to claim, at their strikes; undefined while the index has not read of these. */
function usdOfClaim(coins: bigint, open: StruckCoins | undefined): bigint | undefined {
  if (coins === 0n) return 0n;
  // D18{USD} = {tok} * D18{USD} / {tok}
  return open === undefined || open.coins === 0n ? undefined : (coins * open.usd) / open.coins;
}

/** Nothing is known of a sum with a part that is not. */
function sum(parts: readonly (bigint | undefined)[]): bigint | undefined {
  return parts.reduce((total, part) => (total === undefined || part === undefined ? undefined : total + part), 0n);
}

function shownUsd(usd: bigint | undefined): string | null {
  return usd === undefined ? null : usdString(usd);
}
