// Turns struck requests into shares and money in the depositor's hands, and what in-kind exits still owe into coins.
import type { Command } from "commander";

import { AppError } from "../../../core/errors.ts";
import { decimalString } from "../../../core/units.ts";
import {
  type Claimable,
  type Depositor,
  claimDeposit,
  claimInKind,
  claimRedemption,
  fetchClaimable,
} from "../../../execute/depositor.ts";
import { type Leftover, fetchAccount, fetchLeftovers } from "../../../execute/read-account.ts";
import { fetchRequests } from "../../../execute/read-status.ts";
import { SHARE, formatAmount } from "../../../site/amounts.ts";
import { type KeyOptions, addKeyOptions } from "../chain-options.ts";
import { receiptJson, receiptText } from "../depositor-view.ts";
import { type Money, depositCoin } from "../../../site/money.ts";
import { withDepositor } from "../fund-access.ts";
import { printJson, printText } from "../output.ts";
import { waitingLines } from "../status-view.ts";

/** Something to claim, and how. */
type Claim = Money & {
  readonly kind: "shares" | "money" | "inKind";
  readonly amount: bigint;
  readonly send: () => ReturnType<typeof claimDeposit>;
};

/** A claim as it went. */
type Outcome = {
  readonly claim: Claim;
  readonly receipt?: NonNullable<Awaited<ReturnType<Claim["send"]>>>;
  readonly failure?: AppError;
};

/** Adds `claim` to the program. */
export function registerClaim(program: Command): void {
  const command = program
    .command("claim")
    .description("take the shares and the money of struck requests, and coins that an exit in kind still owes");
  addKeyOptions(command).action(async (options: KeyOptions) => {
    await withDepositor(options, async (depositor) => {
      const owner = depositor.wallet.account.address;
      const { chainId } = depositor.deployment;
      const claims = claimsOf(depositor, await fetchClaimable(depositor), await fetchLeftovers(depositor, owner));
      const outcomes: Outcome[] = [];
      for (const claim of claims) {
        const outcome = await carryOut(claim);
        outcomes.push(outcome);
        if (!options.json) printText(outcomeText(outcome, chainId));
      }
      if (options.json) printJson({ account: owner, claims: outcomes.map((outcome) => outcomeJson(outcome, chainId)) });
      else if (claims.length === 0) printText(await nothingText(depositor));
      const failed = outcomes.find(({ failure }) => failure !== undefined)?.failure;
      if (failed !== undefined) throw failed;
    });
  });
}

/** Says what still waits for its strike, and until when. */
async function nothingText(depositor: Depositor): Promise<string> {
  const owner = depositor.wallet.account.address;
  const [requests, view] = await Promise.all([fetchRequests(depositor, owner), fetchAccount(depositor, owner)]);
  const waiting = waitingLines({ requests, view }, depositCoin(depositor.deployment));
  return [`Nothing to claim for ${owner}.`, ...waiting.map((line) => `Waiting: ${line}.`)].join("\n");
}

/** Everything that the account can claim, shares first. */
export function claimsOf(depositor: Depositor, claimable: Claimable, leftovers: readonly Leftover[]): Claim[] {
  const coin = depositCoin(depositor.deployment);
  const claims: Claim[] = [
    { kind: "shares", ...SHARE, amount: claimable.depositShares, send: () => claimDeposit(depositor) },
    {
      kind: "money",
      symbol: coin.symbol,
      decimals: coin.decimals,
      amount: claimable.redeemAssets,
      send: () => claimRedemption(depositor),
    },
    ...leftovers.map(({ asset, amount }): Claim => {
      const { symbol, decimals, index } = asset;
      return { kind: "inKind", symbol, decimals, amount, send: () => claimInKind(depositor, index) };
    }),
  ];
  return claims.filter(({ amount }) => amount > 0n);
}

/** A token that still refuses to move does not stop the claims after it. */
async function carryOut(claim: Claim): Promise<Outcome> {
  try {
    const receipt = await claim.send();
    return receipt === undefined ? { claim } : { claim, receipt };
  } catch (failure) {
    if (!(failure instanceof AppError)) throw failure;
    return { claim, failure };
  }
}

function outcomeText({ claim, receipt, failure }: Outcome, chainId: number): string {
  const what = `${formatAmount(claim.amount, claim.decimals)} ${claim.symbol}`;
  if (failure !== undefined) return `Not claimed, ${what}: ${failure.message}`;
  return `Claimed ${what}. ${receipt === undefined ? "" : receiptText(receipt, chainId)}`.trimEnd();
}

function outcomeJson({ claim, receipt, failure }: Outcome, chainId: number) {
  const { kind, symbol, decimals, amount } = claim;
  return {
    kind,
    symbol,
    amount: decimalString(amount, decimals),
    transaction: receipt === undefined ? null : receiptJson("claim", receipt, chainId),
    failure: failure === undefined ? null : { code: failure.code, message: failure.message },
  };
}
