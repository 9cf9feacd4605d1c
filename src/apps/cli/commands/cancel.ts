// Turns the requests that can be taken back into coins and shares in the depositor's hands.
import type { Command } from "commander";
import type { TransactionReceipt } from "viem";

import { decimalString } from "../../../core/units.ts";
import { cancelRequest } from "../../../execute/depositor.ts";
import type { Deployment } from "../../../execute/deployment.ts";
import { type OpenRequest, fetchOpenRequests } from "../../../execute/read-requests.ts";
import { SHARE, formatAmount } from "../../../site/amounts.ts";
import { type KeyOptions, addKeyOptions } from "../chain-options.ts";
import { receiptJson, receiptText } from "../depositor-view.ts";
import { type Money, depositCoin } from "../../../site/money.ts";
import { withDepositor } from "../fund-access.ts";
import { type JsonObject, printJson, printText } from "../output.ts";

/** Adds `cancel` to the program. */
export function registerCancel(program: Command): void {
  const command = program
    .command("cancel")
    .description(
      "take back the requests of this week, until Sunday 24:00 UTC, and deposits that a rebalance passed by",
    );
  addKeyOptions(command).action(cancel);
}

async function cancel(options: KeyOptions): Promise<void> {
  await withDepositor(options, async (depositor) => {
    const owner = depositor.wallet.account.address;
    const requests = await fetchOpenRequests(depositor, owner);
    const cancelled: JsonObject[] = [];
    for (const request of requests) {
      const receipt = await cancelRequest(depositor, request);
      const money = moneyOf(request, depositor.deployment);
      if (!options.json) printText(cancelText(request, money, receipt));
      cancelled.push(cancelJson(request, money, receipt));
    }
    if (options.json) printJson({ account: owner, cancelled });
    else if (requests.length === 0) printText(`No request to take back for ${owner}.`);
  });
}

function moneyOf({ kind }: OpenRequest, deployment: Deployment): Money {
  return kind === "deposit" ? depositCoin(deployment) : SHARE;
}

function cancelText(
  { kind, id, amount }: OpenRequest,
  { symbol, decimals }: Money,
  receipt: TransactionReceipt,
): string {
  const what = `${kind} of ${formatAmount(amount, decimals)} ${symbol}, request ${id}`;
  return `Cancelled: ${what}. ${receiptText(receipt)}`;
}

function cancelJson({ kind, id, amount }: OpenRequest, money: Money, receipt: TransactionReceipt): JsonObject {
  return {
    kind,
    requestId: Number(id),
    symbol: money.symbol,
    amount: decimalString(amount, money.decimals),
    transaction: receiptJson("cancel", receipt),
  };
}
