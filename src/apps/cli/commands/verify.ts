// Turns the vault's record, from the node or a file, into a proof that it is whole, unchanged and in order.
import { type Command, Option } from "commander";

import { AppError } from "../../../core/errors.ts";
import { decimalString } from "../../../core/units.ts";
import { type Deployment, readDeployment } from "../../../execute/deployment.ts";
import { BESIDE_THE_HEAD, requireSameLines } from "../../../record/compare.ts";
import type { LedgerPlace } from "../../../record/head.ts";
import { fetchChainBooks, fetchLedger } from "../../../record/ledger.ts";
import type { Ledger } from "../../../record/ledger-file.ts";
import { type LedgerProof, verifyLedger } from "../../../record/verify.ts";
import { SHARE, formatAmount, formatNumber } from "../../../site/amounts.ts";
import { type ChainOptions, addChainOptions } from "../chain-options.ts";
import { withFund } from "../fund-access.ts";
import { ledgerSource, readLedger } from "../ledger-access.ts";
import { printJson, printText } from "../output.ts";

type VerifyOptions = ChainOptions & { readonly log: string | undefined };

/** A proof, and what was proven against what. */
type Verified = {
  readonly source: "node" | "file";
  readonly place: LedgerPlace;
  readonly proof: LedgerProof;
};

/** The ledger file is of another fund than the deployment. */
export class OtherLedgerError extends AppError {
  readonly code = "LEDGER_OF_OTHER_FUND";
  readonly kind = "data";

  constructor(place: LedgerPlace, { chainId, addresses }: Deployment) {
    super(
      `Expected the ledger of vault ${addresses.vault} on chain ${chainId}, found that of ${place.vault} on chain ` +
        `${place.chainId}. Name the deployment of that fund, or another file.`,
    );
  }
}

/** What is compared with the chain, beyond the head. */
const BOOKS = ["balances", "supply", "pending deposits", "money set aside"] as const;

/** Adds `verify` to the program. */
export function registerVerify(program: Command): void {
  const command = program
    .command("verify")
    .description("prove that the ledger is whole, unchanged and in order, and agrees with the chain")
    .addOption(new Option("--log <file>", "prove a file of `log --out`; with --rpc against the chain too"));
  addChainOptions(command).action(async (options: VerifyOptions, self: Command) => {
    const isRpcGiven = self.getOptionValueSource("rpc") === "cli";
    const verified = await verify(options, isRpcGiven);
    if (options.json) printJson(proofJson(verified));
    else printText(proofText(verified));
  });
}

async function verify(options: VerifyOptions, isRpcGiven: boolean): Promise<Verified> {
  if (options.log === undefined) return verifyNode(options);
  const ledger = await readLedger(options.log);
  const { place, lines, end } = ledger;
  const proof = verifyLedger(lines, place, end);
  return { source: "file", place, proof: isRpcGiven ? await compareWithChain(options, ledger) : proof };
}

/** The node's own lines against the vault's head and books, all at one block. */
async function verifyNode(options: VerifyOptions): Promise<Verified> {
  return withFund(options, async (fund, progress) => {
    const source = ledgerSource(fund, await fund.client.getBlockNumber());
    progress.step("reading the log");
    const { place, lines } = await fetchLedger(source);
    progress.step(`proving ${lines.length} lines`);
    return { source: "node", place, proof: verifyLedger(lines, place, await fetchChainBooks(source)) };
  });
}

async function compareWithChain(options: VerifyOptions, { place, lines }: Ledger): Promise<LedgerProof> {
  requirePlace(place, await readDeployment(options.deployment));
  return withFund(options, async (fund, progress) => {
    const source = ledgerSource(fund, await fund.client.getBlockNumber());
    progress.step("reading the log");
    requireSameLines(lines, (await fetchLedger(source)).lines);
    return verifyLedger(lines, place, await fetchChainBooks(source));
  });
}

/** @throws OtherLedgerError when the file is of another fund than the deployment. */
function requirePlace(place: LedgerPlace, deployment: Deployment): void {
  const { chainId, addresses } = deployment;
  if (place.chainId === chainId && place.vault.toLowerCase() === addresses.vault.toLowerCase()) return;
  throw new OtherLedgerError(place, deployment);
}

/** Assets of which more than one unit is held. */
function holdingsIn({ books }: LedgerProof): number {
  return [...books.balances.values()].filter((amount) => amount > 1n).length;
}

function proofJson({ source, place, proof }: Verified) {
  const { lines, head, books, isComparedWithChain } = proof;
  return {
    verified: true,
    source,
    ...place,
    lines,
    head,
    regime: books.regime,
    holdings: holdingsIn(proof),
    supply: decimalString(books.supply, SHARE.decimals),
    comparedWith: isComparedWithChain ? "chain" : "file header",
    compared: comparedIn(source, proof),
  };
}

function comparedIn(source: Verified["source"], { isComparedWithChain }: LedgerProof): string[] {
  if (!isComparedWithChain) return ["sequence", "head"];
  return ["sequence", "head", ...BOOKS, ...(source === "file" ? BESIDE_THE_HEAD : [])];
}

function proofText(verified: Verified): string {
  const { place, proof } = verified;
  const { lines, head, books, isComparedWithChain } = proof;
  const supply = `${formatAmount(books.supply, SHARE.decimals)} ${SHARE.symbol}`;
  const count = `${formatNumber(lines, 0)} lines`;
  const where = `vault ${place.vault}, chain ${place.chainId}`;
  return [
    isComparedWithChain
      ? `Proven: ${count}, none missing, altered or out of order (${where}).`
      : `Consistent with its own header (${count}, ${where}); not compared with a chain: name a node with --rpc.`,
    `Head ${head}`,
    `The lines give ${holdingsIn(proof)} holdings, ${supply} in issue, regime ${books.regime}.`,
    ...comparisonText(verified),
  ].join("\n");
}

/** What was compared, and what nothing vouches for. */
function comparisonText({ source, proof }: Verified): string[] {
  const outside = `${BESIDE_THE_HEAD.join(", ")} of each line`;
  if (!proof.isComparedWithChain) return [`No head covers the ${outside}: only a node can confirm them.`];
  const compared = `Compared with the chain: number of lines, head, ${BOOKS.join(", ")}.`;
  return source === "file"
    ? [compared, `No head covers the ${outside}: they were compared line by line.`]
    : [compared, `No head covers the ${outside}: they are as the node says.`];
}
