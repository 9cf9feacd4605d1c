// Turns shares into a request that the next strike turns into money.
import type { Command } from "commander";

import { decimalString } from "../../../core/units.ts";
import { requestRedeem } from "../../../execute/depositor.ts";
import { fetchAccount } from "../../../execute/read-account.ts";
import { SHARE, formatAmount, formatUsd, usdString } from "../../../site/amounts.ts";
import { type KeyOptions, addKeyOptions, requireShares } from "../chain-options.ts";
import {
  receiptJson,
  receiptText,
  requestIdOf,
  sharesAsked,
  strikeText,
  swingOf,
  swingText,
  valueLines,
  viewJson,
} from "../depositor-view.ts";
import { valueOfShares } from "../../../site/money.ts";
import { withDepositor } from "../fund-access.ts";
import { printJson, printText } from "../output.ts";

/** Adds `redeem` to the program. */
export function registerRedeem(program: Command): void {
  const command = program
    .command("redeem")
    .description("ask to redeem shares; the next strike after the week's end turns them into money")
    .argument("<shares>", "in whole shares, or `all`");
  addKeyOptions(command).action(redeem);
}

async function redeem(text: string, options: KeyOptions): Promise<void> {
  requireShares(text);
  await withDepositor(options, async (depositor) => {
    const owner = depositor.wallet.account.address;
    const { chainId } = depositor.deployment;
    const view = await fetchAccount(depositor, owner);
    const shares = sharesAsked(text, owner, view);
    const value = valueOfShares(shares, view);
    const swing = await swingOf(depositor);
    if (!options.json) {
      const what = `Redemption of ${formatAmount(shares, SHARE.decimals)} ${SHARE.symbol} by ${owner}:`;
      printText([...valueLines(view), `${what} ${formatUsd(value)} USD at today's value.`].join("\n"));
      printText(
        `${swingText(swing, swing.redemption)}\n${strikeText(view.time, "finish")} Until then the shares move with the market.`,
      );
    }
    const receipt = await requestRedeem(depositor, shares);
    const requestId = requestIdOf(receipt, "RedemptionRequested");
    if (!options.json) {
      printText(`${receiptText(receipt, chainId)} Request ${requestId ?? "unknown"}; \`claim\` after the strike.`);
      return;
    }
    printJson({
      ...viewJson(owner, view),
      shares: decimalString(shares, SHARE.decimals),
      valueTodayUsd: usdString(value),
      swingBps: swing.redemption,
      requestId,
      transactions: [receiptJson("requestRedeem", receipt, chainId)],
    });
  });
}
