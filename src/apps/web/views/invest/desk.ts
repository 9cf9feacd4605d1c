// Turns what the wallet's node says into amounts, costs and reasons against an action, exact to the unit.
import type { Address } from "viem";

import { BPS, WAD, decimalString } from "../../../../core/units.ts";
import type { Depositor } from "../../../../execute/depositor.ts";
import { navPerShare } from "../../../../execute/read-account.ts";
import type { Sender } from "../../../../execute/send.ts";
import type { Site } from "../../data/api.ts";
import { formatAmount, formatTime, formatUsd } from "../../format.ts";
import type { AtWallet } from "../../wallet/at-wallet.ts";
import type { Units } from "../../wallet/words.ts";

/** A form's surroundings. */
export type Desk = { readonly site: Site; readonly owner: Address; readonly sender: Sender; readonly at: AtWallet };

/** {bps} How much less than shown an exchange at once may bring before it is called off. */
const SLIP = 50;

/** Why a deposit of this amount cannot be made now; undefined when it can. */
export function depositHindrance({ site, at }: Desk, amount: bigint): string | undefined {
  const { coin } = site;
  const { costs, account } = at;
  if (costs.depositsPausedUntil !== undefined) {
    return `The guardian has paused deposits until ${formatTime(costs.depositsPausedUntil)}.`;
  }
  if (amount > account.coins) {
    return `Your account has ${shown(account.coins, coin)}, less than the ${shown(amount, coin)} that you want to deposit.`;
  }
  if (amount < costs.leastDeposit) return `The least that the fund takes is ${shown(costs.leastDeposit, coin)}.`;
  if (costs.cap !== undefined && amount > costs.cap.room) {
    return `The fund's cap leaves room for ${shown(costs.cap.room, coin)}. Deposit less, or wait until it is raised.`;
  }
  return undefined;
}

/** Why a redemption of these shares cannot be made now; undefined when it can. */
export function redeemHindrance({ site, at }: Desk, shares: bigint): string | undefined {
  const { account, costs } = at;
  if (shares > account.shares) {
    return `Your account has ${shown(account.shares, site.share)}, fewer than the ${shown(shares, site.share)} that you want to give.`;
  }
  if (shares < costs.leastRedemption && shares !== account.shares) {
    return `The least is ${shown(costs.leastRedemption, site.share)}, or all that you have.`;
  }
  return undefined;
}

/** D18{USD} that an amount of the deposit coin counts as when it is paid in: a dollar at most. */
export function valueIn({ site, at }: Desk, amount: bigint): bigint {
  const price = at.account.coinPrice < WAD ? at.account.coinPrice : WAD;
  // D18{USD} = {tok} * D18{USD/wholeTok} / {tok/wholeTok}
  return (amount * price) / 10n ** BigInt(site.coin.decimals);
}

/** {share} for a deposit at today's price, after the swing. */
export function sharesFor(desk: Desk, amount: bigint): bigint {
  const kept = BigInt(BPS - desk.at.costs.swing.deposit);
  // {share} = D18{USD} * {share/wholeShare} / D18{USD/wholeShare}
  return (((valueIn(desk, amount) * kept) / BigInt(BPS)) * WAD) / navPerShare(desk.at.account);
}

/** {tok} of the deposit coin for shares at today's price, after the swing; a coin counts a dollar at least. */
export function coinsFor({ site, at }: Desk, shares: bigint): bigint {
  const price = at.account.coinPrice > WAD ? at.account.coinPrice : WAD;
  const kept = BigInt(BPS - at.costs.swing.redemption);
  // D18{USD} = {share} * D18{USD/wholeShare} / {share/wholeShare}
  const value = (((shares * navPerShare(at.account)) / WAD) * kept) / BigInt(BPS);
  // {tok} = D18{USD} * {tok/wholeTok} / D18{USD/wholeTok}
  return (value * 10n ** BigInt(site.coin.decimals)) / price;
}

/** The least that an exchange at once must bring. */
export function leastOf(expected: bigint): bigint {
  return (expected * BigInt(BPS - SLIP)) / BigInt(BPS);
}

/** D18{USD} that the fund keeps of a value by the swing. */
export function swingOf(value: bigint, swing: number): bigint {
  return (value * BigInt(swing)) / BigInt(BPS);
}

/** What a transaction costs now: by the estimate of the wallet's node, or about what was measured where there is none. */
export function gasFact(desk: Desk, estimate: bigint | undefined, measured: bigint): readonly [string, string] {
  return estimate === undefined
    ? ["Gas, about", gasWords(desk, measured)]
    : ["Gas, estimated by your wallet's node", gasWords(desk, estimate)];
}

/** Where a transaction goes. */
export function goalFact({ site }: Desk, contract: "vault" | "gateway"): readonly [string, string] {
  return ["Goes to", `${contract} ${site.addresses[contract]}`];
}

/** The account as the engine takes a depositor. */
export function depositorOf({ sender, at }: Desk): Depositor {
  return { ...sender, deployment: at.fund.deployment };
}

/** `121,000 gas: 0.000121 ETH, about 0.29 USD`. */
export function gasWords({ at }: Desk, gas: bigint): string {
  const wei = gas * at.gasPrice;
  const ether = decimalString(wei, 18);
  // D18{USD} = {wei} * D18{USD/wholeTok} / {wei/wholeTok}
  const usd = (wei * at.etherPrice) / WAD;
  const value = at.etherPrice === 0n ? "" : `, about ${formatUsd(decimalString(usd, 18))}`;
  return `${Number(gas).toLocaleString("en-US")} gas: ${formatAmount(ether)} ETH${value}`;
}

/** An amount with its symbol. */
export function shown(amount: bigint, { symbol, decimals }: Units): string {
  return `${formatAmount(decimalString(amount, decimals))} ${symbol}`;
}

/** A value in USD. */
export function shownUsd(value: bigint): string {
  return formatUsd(decimalString(value, 18));
}
