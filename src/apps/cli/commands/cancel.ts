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
      if (!options.json) printText(cancelText(request, depositor.deployment, receipt));
      cancelled.push(cancelJson(request, depositor.deployment, receipt));
    }
    if (options.json) printJson({ account: owner, cancelled });
    else if (requests.length === 0) printText(`No request to take back for ${owner}.`);
  });
}

function moneyOf({ kind }: OpenRequest, deployment: Deployment): Money {
  return kind === "deposit" ? depositCoin(deployment) : SHARE;
}

function cancelText(request: OpenRequest, deployment: Deployment, receipt: TransactionReceipt): string {
  const { symbol, decimals } = moneyOf(request, deployment);
  const what = `${request.kind} of ${formatAmount(request.amount, decimals)} ${symbol}, request ${request.id}`;
  return `Cancelled: ${what}. ${receiptText(receipt, deployment.chainId)}`;
}

function cancelJson(request: OpenRequest, deployment: Deployment, receipt: TransactionReceipt): JsonObject {
  const { symbol, decimals } = moneyOf(request, deployment);
  return {
    kind: request.kind,
    requestId: Number(request.id),
    symbol,
    amount: decimalString(request.amount, decimals),
    transaction: receiptJson("cancel", receipt, deployment.chainId),
  };
}
