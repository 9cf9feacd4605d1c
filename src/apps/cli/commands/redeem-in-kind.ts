// Turns shares into their part of every holding, at once, except what is skipped.
import { type Command, Option } from "commander";
import { type Address, type TransactionReceipt, parseEventLogs } from "viem";

import { indexVaultAbi } from "../../../core/abi.ts";
import { UsageError } from "../../../core/errors.ts";
import { decimalString } from "../../../core/units.ts";
import { type DeployedAsset, type Deployment, readDeployment } from "../../../execute/deployment.ts";
import { type InKindMinimum, redeemInKind } from "../../../execute/depositor.ts";
import { type AccountView, fetchAccount, fetchHoldings } from "../../../execute/read-account.ts";
import { ETHER, TRANSIT } from "../../../plan/holdings.ts";
import { SHARE, formatAmount } from "../../../site/amounts.ts";
import { type KeyOptions, addKeyOptions, parseAmount, requireShares } from "../chain-options.ts";
import { assetNamed, receiptJson, receiptText, sharesAsked, valueLines, viewJson } from "../depositor-view.ts";
import { withDepositor } from "../fund-access.ts";
import {
  type Part,
  partJson,
  partsOf,
  partsTable,
  partsTotals,
  requireMinimums,
  totalsJson,
} from "../in-kind-parts.ts";
import { type JsonObject, printJson, printText } from "../output.ts";

type InKindOptions = KeyOptions & {
  readonly skip: readonly string[];
  readonly min: readonly string[];
  readonly dryRun: boolean;
};

/** Who leaves with how much, and what that brings. */
type Exit = {
  readonly owner: Address;
  readonly view: AccountView;
  readonly shares: bigint; // {share}
  readonly parts: readonly Part[];
};

/** What the caller leaves and demands, by asset index. */
type Terms = { readonly skipped: readonly number[]; readonly minimums: readonly InKindMinimum[] };

/** Adds `redeem-in-kind` to the program. */
export function registerRedeemInKind(program: Command): void {
  const command = program
    .command("redeem-in-kind")
    .description("leave at once with a part of every holding, whatever prices and operator do")
    .argument("<shares>", "in whole shares, or `all`")
    .addOption(
      new Option("--skip <coins>", "coins to give up to those who stay, `BTC,dai`")
        .argParser(splitList)
        .default([], "none"),
    )
    .addOption(
      new Option("--min <coin=amount...>", "the least to get of a coin, or nothing happens").default([], "none"),
    )
    .addOption(new Option("--dry-run", "show what it would bring and send nothing").default(false));
  addKeyOptions(command).action(exitInKind);
}

async function exitInKind(text: string, options: InKindOptions): Promise<void> {
  requireShares(text);
  const terms = termsOf(options, await readDeployment(options.deployment));
  await withDepositor(options, async (depositor) => {
    const owner = depositor.wallet.account.address;
    const view = await fetchAccount(depositor, owner);
    const shares = sharesAsked(text, owner, view);
    const parts = partsOf(await fetchHoldings(depositor), { shares, supply: view.supply, skipped: terms.skipped });
    const exit = { owner, view, shares, parts };
    if (!options.json) printText(exitText(exit));
    requireMinimums(parts, terms.minimums, depositor.deployment);
    if (options.dryRun) {
      if (options.json) printJson({ ...exitJson(exit), undelivered: [], transactions: [] });
      else printText("Nothing was sent; leave --dry-run out to send it.");
      return;
    }
    const receipt = await redeemInKind(depositor, shares, terms);
    const { chainId } = depositor.deployment;
    const undelivered = undeliveredOf(receipt, depositor.deployment);
    if (options.json) {
      printJson({ ...exitJson(exit), undelivered, transactions: [receiptJson("redeemInKind", receipt, chainId)] });
    } else printText([receiptText(receipt, chainId), undeliveredText(undelivered)].join(" "));
  });
}

function exitText({ owner, view, shares, parts }: Exit): string {
  const what = `Exit in kind of ${formatAmount(shares, SHARE.decimals)} ${SHARE.symbol} by ${owner}, at once:`;
  return [...valueLines(view), what, "", partsTable(parts), "", partsTotals(parts)].join("\n");
}

function exitJson({ owner, view, shares, parts }: Exit): JsonObject {
  return {
    ...viewJson(owner, view),
    shares: decimalString(shares, SHARE.decimals),
    parts: parts.map(partJson),
    totals: totalsJson(parts),
  };
}

/** The options as asset indexes. @throws UsageError for a coin that the fund has not, and for a malformed minimum. */
export function termsOf(options: Pick<InKindOptions, "skip" | "min">, deployment: Deployment): Terms {
  const skipped = options.skip.flatMap((name) => indexesOf(assetNamed(name, deployment)));
  const minimums = options.min.map((text) => {
    const [name = "", amount, ...rest] = text.split("=");
    if (amount === undefined || rest.length > 0) throw new UsageError(`Expected COIN=AMOUNT, found '${text}'.`);
    const asset = assetNamed(name, deployment);
    if (skipped.includes(asset.index))
      throw new UsageError(`Expected '${name}' in --skip or in --min, found it in both.`);
    return { asset: asset.index, amount: parseAmount(amount, asset) };
  });
  return { skipped: [...new Set(skipped)].sort((a, b) => a - b), minimums };
}

/** Who leaves wrapped ether behind leaves that in transit too. */
function indexesOf({ index }: DeployedAsset): number[] {
  return index === ETHER ? [index, TRANSIT] : [index];
}

function splitList(text: string): string[] {
  return text.split(",").filter((name) => name.trim() !== "");
}

type Undelivered = { readonly symbol: string; readonly token: string; readonly amount: string };

function undeliveredOf({ logs }: TransactionReceipt, { assets }: Deployment): Undelivered[] {
  const [line] = parseEventLogs({ abi: indexVaultAbi, logs, eventName: "RedeemedInKind" });
  if (line === undefined) return [];
  const { tokens, amounts, delivered } = line.args;
  return tokens.flatMap((token, i) => {
    if (delivered[i] === true) return [];
    const asset = assets.find((known) => known.token.toLowerCase() === token.toLowerCase());
    const amount = decimalString(amounts[i] ?? 0n, asset?.decimals ?? 0);
    return [{ symbol: asset?.symbol ?? token, token, amount }];
  });
}

function undeliveredText(undelivered: readonly Undelivered[]): string {
  if (undelivered.length === 0) return "All of it was delivered.";
  const list = undelivered.map(({ symbol, amount }) => `${amount} ${symbol}`).join(", ");
  return `Not delivered, because the token refused: ${list}; it stays yours, take it with \`claim\`.`;
}
