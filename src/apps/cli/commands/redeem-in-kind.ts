// Turns shares into their part of every holding, at once, except what is skipped.
import { type Command, Option } from "commander";
import { type TransactionReceipt, parseEventLogs } from "viem";

import { indexVaultAbi } from "../../../core/abi.ts";
import { UsageError } from "../../../core/errors.ts";
import { decimalString } from "../../../core/units.ts";
import { type DeployedAsset, type Deployment, readDeployment } from "../../../execute/deployment.ts";
import { type InKindMinimum, redeemInKind } from "../../../execute/depositor.ts";
import { type Holding, fetchAccount, fetchHoldings } from "../../../execute/read-account.ts";
import { ETHER, TRANSIT } from "../../../plan/holdings.ts";
import { SHARE, formatAmount, formatUsd, usdString } from "../amounts.ts";
import { type KeyOptions, addKeyOptions, parseAmount, requireShares } from "../chain-options.ts";
import { assetNamed, receiptJson, receiptText, sharesAsked, valueLines, viewJson } from "../depositor-view.ts";
import { withDepositor } from "../fund-access.ts";
import { formatTable, printJson, printText } from "../output.ts";

type InKindOptions = KeyOptions & { readonly skip: readonly string[]; readonly min: readonly string[] };

/** What the caller leaves and demands, by asset index. */
type Terms = { readonly skipped: readonly number[]; readonly minimums: readonly InKindMinimum[] };

/** The caller's part of a holding. */
export type Part = {
  readonly holding: Holding;
  readonly amount: bigint; // {tok}
  readonly value: bigint; // D18{USD}
  readonly isSkipped: boolean;
};

/** Adds `redeem-in-kind` to the program. */
export function registerRedeemInKind(program: Command): void {
  const command = program
    .command("redeem-in-kind")
    .description("leave at once with a part of every holding, whatever prices and operator do")
    .argument("<shares>", "in whole shares, or `all`")
    .addOption(
      new Option("--skip <coins>", "coins to leave behind, `BTC,dai`").argParser(splitList).default([], "none"),
    )
    .addOption(
      new Option("--min <coin=amount...>", "the least to get of a coin, or nothing happens").default([], "none"),
    );
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
    if (!options.json) {
      const what = `Exit in kind of ${formatAmount(shares, SHARE.decimals)} ${SHARE.symbol} by ${owner}, at once:`;
      printText([...valueLines(view), what, "", partsTable(parts), ""].join("\n"));
    }
    const receipt = await redeemInKind(depositor, shares, terms);
    const undelivered = undeliveredOf(receipt, depositor.deployment);
    if (!options.json) {
      printText([receiptText(receipt), undeliveredText(undelivered)].join(" "));
      return;
    }
    printJson({
      ...viewJson(owner, view),
      shares: decimalString(shares, SHARE.decimals),
      parts: parts.map(partJson),
      undelivered,
      transactions: [receiptJson("redeemInKind", receipt)],
    });
  });
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

/** What shares get of each holding, rounded down as the vault does. */
export function partsOf(
  holdings: readonly Holding[],
  exit: { readonly shares: bigint; readonly supply: bigint; readonly skipped: readonly number[] },
): Part[] {
  const { shares, supply, skipped } = exit;
  return holdings.map((holding) => {
    const isSkipped = skipped.includes(holding.index);
    // {tok} = {tok} * {share} / {share}
    const part = (of: bigint): bigint => (isSkipped || supply === 0n ? 0n : (of * shares) / supply);
    return { holding, amount: part(holding.amount), value: part(holding.value), isSkipped };
  });
}

/** Who leaves wrapped ether behind leaves that in transit too. */
function indexesOf({ index }: DeployedAsset): number[] {
  return index === ETHER ? [index, TRANSIT] : [index];
}

function splitList(text: string): string[] {
  return text.split(",").filter((name) => name.trim() !== "");
}

function nameOf({ asset, token, index }: Holding): string {
  return `${asset?.symbol ?? token}${index === TRANSIT ? " in transit" : ""}`;
}

function partsTable(parts: readonly Part[]): string {
  return formatTable(
    [
      { header: "coin", align: "left" },
      { header: "amount [coin]", align: "right" },
      { header: "value [USD]", align: "right" },
      { header: "", align: "left" },
    ],
    parts.map(({ holding, amount, value, isSkipped }) => {
      const shown = formatAmount(amount, holding.asset?.decimals ?? 0);
      return [nameOf(holding), shown, formatUsd(value), isSkipped ? "left to the others" : ""];
    }),
  );
}

function partJson({ holding, amount, value, isSkipped }: Part) {
  const { asset, token, index } = holding;
  return {
    index,
    coin: asset?.coinId ?? null,
    symbol: nameOf(holding),
    token,
    amount: decimalString(amount, asset?.decimals ?? 0),
    valueUsd: usdString(value),
    skipped: isSkipped,
  };
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
