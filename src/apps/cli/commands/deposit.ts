// Turns an amount of the deposit coin into a request that the next strike turns into shares.
import type { Command } from "commander";

import { decimalString } from "../../../core/units.ts";
import { approveCoin, requestDeposit } from "../../../execute/depositor.ts";
import { readDeployment } from "../../../execute/deployment.ts";
import { fetchAccount } from "../../../execute/read-account.ts";
import { SHARE, formatAmount } from "../../../site/amounts.ts";
import { type KeyOptions, addKeyOptions, parseAmount } from "../chain-options.ts";
import {
  BalanceTooSmallError,
  receiptJson,
  receiptText,
  requestIdOf,
  sharesFor,
  swingOf,
  swingText,
  strikeText,
  valueLines,
  viewJson,
} from "../depositor-view.ts";
import { depositCoin } from "../../../site/money.ts";
import { withDepositor } from "../fund-access.ts";
import { printJson, printText } from "../output.ts";

/** Adds `deposit` to the program. */
export function registerDeposit(program: Command): void {
  const command = program
    .command("deposit")
    .description("ask to deposit; the next strike after the week's end turns it into shares")
    .argument("<amount>", "of the deposit coin, in whole units");
  addKeyOptions(command).action(deposit);
}

async function deposit(text: string, options: KeyOptions): Promise<void> {
  const coin = depositCoin(await readDeployment(options.deployment));
  const assets = parseAmount(text, coin);
  await withDepositor(options, async (depositor) => {
    const owner = depositor.wallet.account.address;
    const { chainId } = depositor.deployment;
    const view = await fetchAccount(depositor, owner);
    if (view.coins < assets) throw new BalanceTooSmallError(owner, coin, { asked: assets, held: view.coins });
    const shares = sharesFor(assets, coin, view);
    const swing = await swingOf(depositor);
    if (!options.json) {
      const today = shares === undefined ? "an unknown number of" : formatAmount(shares, SHARE.decimals);
      const what = `Deposit of ${formatAmount(assets, coin.decimals)} ${coin.symbol} by ${owner}:`;
      printText([...valueLines(view), `${what} ${today} ${SHARE.symbol} at today's value.`].join("\n"));
      printText(`${swingText(swing, swing.deposit)}\n${strikeText(view.time, "start")}`);
    }
    const approval = await approveCoin(depositor, depositor.deployment.addresses.vault, assets);
    const receipt = await requestDeposit(depositor, assets);
    const requestId = requestIdOf(receipt, "DepositRequested");
    if (!options.json) {
      printText(`${receiptText(receipt, chainId)} Request ${requestId ?? "unknown"}; \`claim\` after the strike.`);
      return;
    }
    printJson({
      ...viewJson(owner, view),
      assets: decimalString(assets, coin.decimals),
      coin: coin.symbol,
      sharesAtTodaysValue: shares === undefined ? null : decimalString(shares, SHARE.decimals),
      swingBps: swing.deposit,
      requestId,
      transactions: [
        ...(approval === undefined ? [] : [receiptJson("approve", approval, chainId)]),
        receiptJson("requestDeposit", receipt, chainId),
      ],
    });
  });
}
