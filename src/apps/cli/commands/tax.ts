// Turns the vault's record into lots, realized and unrealized gains of a depositor or of the fund, by calendar year.
import { type Command, Option } from "commander";
import type { Address } from "viem";

import { UsageError } from "../../../core/errors.ts";
import { auditLedger } from "../../../record/audit.ts";
import type { Ledger } from "../../../record/ledger-file.ts";
import { fundLots } from "../../../record/fund-lots.ts";
import { LOT_METHODS, type LotMethod } from "../../../record/lots.ts";
import { SHARE_ASSET, shareLots } from "../../../record/share-lots.ts";
import { type TaxReport, openPositions, yearOf, yearsOf } from "../../../record/tax-report.ts";
import { readDeployment } from "../../../execute/deployment.ts";
import { SHARE } from "../../../site/amounts.ts";
import { addChainOptions, parseAddress } from "../chain-options.ts";
import { type LedgerOptions, ledgerFileOption, openLedger } from "../ledger-access.ts";
import { requireWritable, writeText } from "../ledger-output.ts";
import type { Coins } from "../../../site/line-words.ts";
import { printJson, printText } from "../output.ts";
import { type AssetNames, type ShownTax, taxCsv, taxJson, taxText } from "../tax-view.ts";

type TaxOptions = LedgerOptions & {
  readonly account: Address | undefined;
  readonly fund: boolean;
  readonly method: LotMethod;
  readonly year: number | undefined;
  readonly format: "text" | "csv" | "json" | undefined;
  readonly out: string | undefined;
  readonly gateway: Address | undefined;
};

/** Adds `tax` to the program. */
export function registerTax(program: Command): void {
  const command = program
    .command("tax")
    .description("lots with realized and unrealized gains by calendar year, of a depositor or of the fund")
    .addOption(new Option("--account <address>", "of this depositor's shares").argParser(parseAddress))
    .addOption(new Option("--fund", "of everything that the fund bought and sold").default(false).conflicts("account"))
    .addOption(new Option("--method <method>", "which lots a disposal uses up").choices(LOT_METHODS).default("fifo"))
    .addOption(new Option("--year <year>", "only disposals of this year, UTC").argParser(parseYear))
    .addOption(
      new Option("--format <format>", "of what is shown or written").choices(["text", "csv", "json"]).conflicts("json"),
    )
    .addOption(new Option("--out <file>", "write a file"))
    .addOption(new Option("--gateway <address>", "with --log: the fund's deposit gateway").argParser(parseAddress))
    .addOption(ledgerFileOption());
  addChainOptions(command).action(tax);
}

async function tax(options: TaxOptions): Promise<void> {
  if (options.account === undefined && !options.fund) {
    throw new UsageError("Expected --account <address> or --fund, found neither. Name whose lots are wanted.");
  }
  if (options.out !== undefined) requireWritable(options.out);
  const { ledger, coins } = await openLedger(options);
  auditLedger(ledger.lines);
  const shown = options.account === undefined ? ofFund(ledger, coins, options) : await ofAccount(ledger, options);
  const content = contentOf(ofYear(shown, options.year), options);
  if (options.out === undefined) printText(content);
  else {
    writeText(options.out, `${content}\n`);
    const disposals = shown.report.disposals.length;
    if (options.json) printJson({ file: options.out, disposals });
    else printText(`Wrote ${disposals} disposals to ${options.out}.`);
  }
}

/** @throws UsageError when the ledger does not name the account. */
async function ofAccount(ledger: Ledger, options: TaxOptions): Promise<ShownTax> {
  const account = options.account?.toLowerCase() ?? "";
  const { books, nav, supply } = shareLots(ledger, options.method, await gatewayOf(options));
  const disposals = books.disposals(account);
  if (disposals.length === 0 && books.lots(account).length === 0) {
    throw new UsageError(`Expected an account that has or had shares, found ${options.account ?? ""}.`);
  }
  // D18{USD} = {share} * D18{USD} / {share}
  const valueOf = (_: string, quantity: bigint): bigint => (supply === 0n ? 0n : (quantity * nav) / supply);
  const open = openPositions(books, new Map([[account, SHARE_ASSET]]), valueOf);
  return { report: { disposals, years: yearsOf(disposals), open }, nameOf: () => SHARE };
}

/** Of a node's fund the deployment file knows it; of a file alone, whoever asks. */
async function gatewayOf({ log, gateway, deployment }: TaxOptions): Promise<string | undefined> {
  if (gateway !== undefined || log !== undefined) return gateway;
  return (await readDeployment(deployment)).addresses.gateway;
}

function ofFund({ lines }: Ledger, coins: Coins, { method }: TaxOptions): ShownTax {
  const { books, rates } = fundLots(lines, method);
  const disposals = books.allDisposals();
  const valueOf = (token: string, quantity: bigint): bigint => {
    const { usd, units } = rates.get(token) ?? { usd: 0n, units: 1n };
    // D18{USD} = {tok} * D18{USD} / {tok}
    return (quantity * usd) / units;
  };
  const open = openPositions(books, new Map(books.keys().map((token) => [token, token])), valueOf);
  const nameOf: AssetNames = (token) => coins.get(token) ?? { symbol: token, decimals: 0 };
  return { report: { disposals, years: yearsOf(disposals), open }, nameOf };
}

function ofYear(shown: ShownTax, year: number | undefined): ShownTax {
  if (year === undefined) return shown;
  const { disposals, years, open } = shown.report;
  const report: TaxReport = {
    disposals: disposals.filter(({ time }) => yearOf(time) === year),
    years: years.filter((one) => one.year === year),
    open,
  };
  return { ...shown, report };
}

function contentOf(shown: ShownTax, { format, json, out, method, account }: TaxOptions): string {
  const wanted = format ?? (json && out === undefined ? "json" : "text");
  if (wanted === "csv" || (format === undefined && out?.endsWith(".csv") === true)) return taxCsv(shown).trimEnd();
  const whose = account === undefined ? "the fund" : account;
  if (wanted === "json") return JSON.stringify({ of: whose, method, ...taxJson(shown) }, undefined, 2);
  const words = account === undefined ? FUND_WORDS : ACCOUNT_WORDS;
  return `Lots of ${whose}, ${method}.\n\n${taxText(shown)}\n\n${words}\nThis is a calculation and no tax advice.`;
}

const ACCOUNT_WORDS =
  "Deposits and redemptions count from their strikes, a coin as the strike counted it; exits in kind and what is left at the last NAV.";
const FUND_WORDS =
  "Every leg is a disposal of what it sold, to stablecoins too; legs through ether count by ether's rate in the same rebalance; " +
  "what is left counts by its last leg.";

/** @throws UsageError when it is no year. */
function parseYear(text: string): number {
  if (/^20\d\d$/.test(text)) return Number(text);
  throw new UsageError(`Expected a year from 2000 to 2099, found '${text}'.`);
}
