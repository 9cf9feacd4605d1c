// Turns the vault's record into everything that the fund held, was worth and owed, compared with the chain to the unit.
import { type Command, Option } from "commander";
import type { Address } from "viem";

import { AppError, UsageError } from "../../../core/errors.ts";
import { auditLedger } from "../../../record/audit.ts";
import { type Difference, differencesBetween } from "../../../record/differences.ts";
import { fetchChainBooks, fetchChainPositions, fetchLedger } from "../../../record/ledger.ts";
import type { Ledger } from "../../../record/ledger-file.ts";
import { type Reconstruction, reconstruct } from "../../../record/reconstruct.ts";
import { verifyLedger } from "../../../record/verify.ts";
import { addChainOptions, parseAddress } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { type LedgerOptions, ledgerSource, readLedger, requireSamePlace } from "../ledger-access.ts";
import { linkJson, linkLines } from "../links.ts";
import { type Coins, coinsOf } from "../../../site/line-words.ts";
import { type JsonObject, printJson, printText } from "../output.ts";
import { reconstructionJson, reconstructionText } from "../reconstruct-view.ts";

type ReconstructOptions = LedgerOptions & { readonly account: Address | undefined };

type Rebuilt = {
  readonly ledger: Ledger;
  readonly rebuilt: Reconstruction;
  readonly coins: Coins;
  /** Block at which it was compared with the chain; `undefined` when it was not. */
  readonly comparedAt: bigint | undefined;
};

/** What the lines give is not what the chain says. */
export class ReconstructionDiffersError extends AppError {
  readonly code = "RECONSTRUCTION_DIFFERS";
  readonly kind = "data";
  readonly differences: readonly Difference[];

  constructor(differences: readonly Difference[]) {
    const list = differences.map(({ what, rebuilt, chain }) => `${what}: ${rebuilt} rebuilt, ${chain} on chain`);
    super(
      `Expected the lines to give what the chain says, found ${differences.length} differences: ${list.join("; ")}. ` +
        "The node hides or adds lines or transfers, or answers wrongly: ask another.",
    );
    this.differences = differences;
  }
}

/** Adds `reconstruct` to the program. */
export function registerReconstruct(program: Command): void {
  const command = program
    .command("reconstruct")
    .description("holdings, NAV history, fees and every position from the log alone, compared with the chain")
    .addOption(new Option("--log <file>", "from a file of `log --out`; with --rpc compared with the chain too"))
    .addOption(new Option("--account <address>", "show this position only").argParser(parseAddress));
  addChainOptions(command).action(async (options: ReconstructOptions, self: Command) => {
    const isRpcGiven = self.getOptionValueSource("rpc") === "cli";
    const found = onlyAccount(await rebuild(options, isRpcGiven), options.account);
    if (options.json) printJson(rebuiltJson(found));
    else printText(rebuiltText(found));
  });
}

async function rebuild(options: ReconstructOptions, isRpcGiven: boolean): Promise<Rebuilt> {
  if (options.log !== undefined && !isRpcGiven) {
    const ledger = await readLedger(options.log);
    return { ...rebuiltFrom(ledger), coins: coinsOf({ assets: [] }, ledger.lines), comparedAt: undefined };
  }
  const file = options.log === undefined ? undefined : await readLedger(options.log);
  return withFund(options, async (fund, progress) => {
    const comparedAt = await fund.client.getBlockNumber();
    const source = ledgerSource(fund, comparedAt);
    if (file !== undefined) requireSamePlace(file.place, source);
    progress.step("reading the log");
    const found = rebuiltFrom(file ?? (await fetchLedger(source)));
    progress.step(`comparing ${found.rebuilt.positions.size} accounts with the chain`);
    const books = await fetchChainBooks(source);
    const positions = await fetchChainPositions(source, found.rebuilt);
    const differences = differencesBetween(found.rebuilt, { books, positions });
    if (differences.length > 0) throw new ReconstructionDiffersError(differences);
    return { ...found, coins: coinsOf(fund.deployment, found.ledger.lines), comparedAt };
  });
}

/** @throws LedgerBrokenError when a head does not hold. */
function rebuiltFrom(ledger: Ledger): { readonly ledger: Ledger; readonly rebuilt: Reconstruction } {
  verifyLedger(ledger.lines, ledger.place, ledger.end);
  auditLedger(ledger.lines);
  return { ledger, rebuilt: reconstruct(ledger) };
}

/** @throws UsageError when no line names the account. */
function onlyAccount(found: Rebuilt, account: Address | undefined): Rebuilt {
  if (account === undefined) return found;
  const key = account.toLowerCase();
  const position = found.rebuilt.positions.get(key);
  if (position === undefined) throw new UsageError(`Expected an account that the ledger names, found ${account}.`);
  return { ...found, rebuilt: { ...found.rebuilt, positions: new Map([[key, position]]) } };
}

/** What was rebuilt, what it was compared with, and where the vault is. */
export function rebuiltText(found: Rebuilt): string {
  const { chainId, vault } = found.ledger.place;
  const link = linkLines(chainId, "address", vault);
  return [`${reconstructionText(found)}\n\n${comparisonText(found)}`, ...link].join("\n");
}

/** The same for programs. */
export function rebuiltJson(found: Rebuilt): JsonObject {
  const { ledger, comparedAt } = found;
  return {
    ...ledger.place,
    lines: ledger.end.sequence,
    head: ledger.end.head,
    comparedAtBlock: comparedAt === undefined ? null : Number(comparedAt),
    differences: [],
    ...linkJson(ledger.place.chainId, "address", ledger.place.vault),
    ...reconstructionJson(found),
  };
}

function comparisonText({ ledger, comparedAt, rebuilt }: Rebuilt): string {
  const { sequence, head } = ledger.end;
  if (comparedAt === undefined) {
    return `From the ${sequence} lines of a file with head ${head}; not compared with a chain: name a node with --rpc.`;
  }
  return (
    `From ${sequence} lines with head ${head}. Compared with the chain at block ${comparedAt}: balances, supply, ` +
    `money set aside, and shares, requests and claims of ${rebuilt.positions.size} accounts agree to the last unit.`
  );
}
