// Turns the fund on chain, and an account if one is known, into where they stand.
import { type Command, Option } from "commander";
import { type Address, getAddress } from "viem";

import { readDeployment } from "../../../execute/deployment.ts";
import { fetchAccountStatus } from "../../../execute/read-position.ts";
import { fetchFundStatus } from "../../../execute/read-status.ts";
import { type KeyOptions, addKeyOptions, parseAddress } from "../chain-options.ts";
import { depositCoin } from "../../../site/money.ts";
import { withFund } from "../fund-access.ts";
import { linkLines } from "../links.ts";
import { printJson, printText } from "../output.ts";
import { isSignerNamed, signerOf } from "../signer.ts";
import { accountText, fundText } from "../status-view.ts";
import { accountJson } from "../../../site/account-json.ts";
import { fundJson } from "../../../site/fund-json.ts";

type StatusOptions = KeyOptions & { readonly address: Address | undefined };

/** Adds `status` to the program. */
export function registerStatus(program: Command): void {
  const command = program
    .command("status")
    .description("where the fund stands, and an account in it; sends nothing and needs no key")
    .addOption(new Option("--address <0x…>", "any account").argParser(parseAddress).conflicts("account"));
  addKeyOptions(command).action(showStatus);
}

async function showStatus(options: StatusOptions): Promise<void> {
  const owner = await ownerOf(options, (await readDeployment(options.deployment)).chainId);
  await withFund(options, async (fund, progress) => {
    const coin = depositCoin(fund.deployment);
    const status = await fetchFundStatus(fund);
    const account = owner === undefined ? undefined : await fetchAccountStatus(fund, owner);
    progress.done();
    if (options.json) {
      printJson({ fund: fundJson(status, coin), account: account === undefined ? null : accountJson(account, coin) });
      return;
    }
    const hint = "For an account: --account NAME or --address 0x….";
    const { chainId, addresses } = fund.deployment;
    const shown =
      account === undefined ? [hint] : [accountText(account, coin), ...linkLines(chainId, "address", account.owner)];
    printText([fundText(status, coin), ...linkLines(chainId, "address", addresses.vault), "", ...shown].join("\n"));
  });
}

/** The account asked for, or the one that would sign; undefined when there is neither. */
async function ownerOf({ address, ...options }: StatusOptions, chainId: number): Promise<Address | undefined> {
  if (address !== undefined) return getAddress(address);
  return isSignerNamed(options) ? (await signerOf(options, chainId)).address : undefined;
}
