// Turns an address into where the account stands, what it paid and got, and all that it did.
import { type Address, getAddress } from "viem";

import { decimalString } from "../../core/units.ts";
import { fetchClaimableOf } from "../../execute/depositor.ts";
import { fetchAccount, fetchLeftovers, navPerShare } from "../../execute/read-account.ts";
import { fetchRequests } from "../../execute/read-status.ts";
import { type AccountStatus, accountJson } from "../account-json.ts";
import { timeString, usdString } from "../amounts.ts";
import type { PositionAnswer } from "../answers/account.ts";
import { type Flows, type History, flowsOf, historyOf } from "../index/accounts.ts";
import { coinsOfBook } from "../index/tokens.ts";
import { type Money, depositCoin, valueOfShares } from "../money.ts";
import { type SiteState, pictureOf } from "../state.ts";

/** Reads the account on chain and its history in the index. */
export async function accountAnswer(state: SiteState, address: string): Promise<PositionAnswer> {
  const { fund } = state;
  const owner = getAddress(address);
  const [view, requests, claimable, leftovers] = await Promise.all([
    fetchAccount(fund, owner),
    fetchRequests(fund, owner, requestsIn(state, owner)),
    fetchClaimableOf(fund, owner),
    fetchLeftovers(fund, owner),
  ]);
  const status: AccountStatus = { owner, view, requests, claimable, leftovers };
  const coin = depositCoin(fund.deployment);
  const history = historyIn(state);
  return {
    time: timeString(view.time),
    block: Number(pictureOf(state).fund.block),
    navPerShareUsd: usdString(navPerShare(view)),
    coin: coin.symbol,
    account: accountJson(status, coin),
    position: positionOf(status, flowsOf(history, owner.toLowerCase()), coin),
    history: historyOf(history, owner.toLowerCase()),
  };
}

/** What histories are read from. */
export function historyIn({ database, tokens, fund }: SiteState): History {
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

function positionOf(status: AccountStatus, flows: Flows, { decimals }: Money): PositionAnswer["position"] {
  const { view, requests, claimable } = status;
  const sumOf = (kind: "deposit" | "redemption", part: "pending" | "claimable"): bigint =>
    requests.filter((request) => request.kind === kind).reduce((sum, request) => sum + request[part], 0n);
  const waiting = sumOf("deposit", "pending");
  const shares = view.shares + claimable.depositShares + sumOf("redemption", "pending");
  // D18{USD} = {tok} * 10^18 / 10^decimals: a coin as a dollar
  const inUsd = (coins: bigint): bigint => coins * 10n ** BigInt(18 - decimals);
  const outstanding = valueOfShares(shares, view) + inUsd(waiting + claimable.redeemAssets);
  const paid = flows.paid + waiting + claimable.depositAssets;
  return {
    paid: decimalString(paid, decimals),
    received: decimalString(flows.received, decimals),
    outstanding: usdString(outstanding),
    gain: flows.isElsewhere ? null : usdString(inUsd(flows.received - paid) + outstanding),
    otherWays: flows.isElsewhere,
  };
}
