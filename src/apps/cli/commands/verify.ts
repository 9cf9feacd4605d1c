// Turns the vault's record, from the node or a file, into a proof that it is whole, unchanged and in order.
import { type Command, Option } from "commander";

import type { Address, Hex } from "viem";

import { UsageError } from "../../../core/errors.ts";
import { decimalString } from "../../../core/units.ts";
import { readDeployment } from "../../../execute/deployment.ts";
import { auditLedger } from "../../../record/audit.ts";
import { BESIDE_THE_HEAD, requireSameLines, requireSameTransfers } from "../../../record/compare.ts";
import type { LedgerPlace } from "../../../record/head.ts";
import { lineWithHead } from "../../../record/known-head.ts";
import { fetchChainBooks, fetchLedger } from "../../../record/ledger.ts";
import type { Ledger } from "../../../record/ledger-file.ts";
import type { LedgerLine } from "../../../record/lines.ts";
import { type LedgerProof, verifyLedger } from "../../../record/verify.ts";
import { SHARE, formatAmount, formatNumber, formatTime } from "../../../site/amounts.ts";
import { type ChainOptions, addChainOptions, parseAddress, parseSequence } from "../chain-options.ts";
import { placeOf, readLedger, requireSamePlace } from "../ledger-access.ts";
import { linkJson, linkText } from "../links.ts";
import { printJson, printText } from "../output.ts";
import { withSource } from "../vault-access.ts";

type VerifyOptions = ChainOptions & {
  readonly log?: string;
  readonly head?: Hex;
  readonly vault?: Address;
  readonly fromBlock?: number;
};

/** A proof, and what was proven against what. */
type Verified = {
  readonly source: "node" | "file";
  readonly place: LedgerPlace;
  readonly proof: LedgerProof;
  /** The line after which the head stood that was given. */
  readonly known: LedgerLine | undefined;
};

/** What is compared with the chain, beyond the head. */
const BOOKS = ["balances", "supply", "pending deposits", "money set aside"] as const;

/** Adds `verify` to the program. */
export function registerVerify(program: Command): void {
  const command = program
    .command("verify")
    .description("prove that the ledger is whole, unchanged and in order, and agrees with the chain")
    .addOption(new Option("--log <file>", "prove a file of `log --out`; with --rpc against the chain too"))
    .addOption(
      new Option("--head <hash>", "a head that you know: all lines up to it must be as then").argParser(parseHead),
    )
    .addOption(
      new Option("--vault <address>", "the vault itself, when there is no deployment file").argParser(parseAddress),
    )
    .addOption(
      new Option("--from-block <number>", "with --vault: a block not after its creation").argParser(parseSequence),
    );
  addChainOptions(command).action(async (options: VerifyOptions, self: Command) => {
    const isRpcGiven = self.getOptionValueSource("rpc") === "cli";
    const verified = await verify(options, isRpcGiven);
    if (options.json) printJson(proofJson(verified));
    else printText(proofText(verified));
  });
}

/** 26 bytes. @throws UsageError when it is something else. */
function parseHead(text: string): Hex {
  if (/^0x[0-9a-fA-F]{52}$/.test(text)) return text.toLowerCase() as Hex;
  throw new UsageError(`Expected a head, 0x and 52 hexadecimal digits, found '${text}'.`);
}

async function verify(options: VerifyOptions, isRpcGiven: boolean): Promise<Verified> {
  requireBlock(options);
  if (options.log === undefined) return verifyNode(options);
  const ledger = await readLedger(options.log);
  return isRpcGiven ? compareWithChain(options, ledger) : verifyFile(options, ledger);
}

/** @throws UsageError when the vault is named without a block to begin at: nodes refuse to search a whole chain. */
function requireBlock({ vault, fromBlock }: VerifyOptions): void {
  if ((vault === undefined) === (fromBlock === undefined)) return;
  throw new UsageError("Expected --vault and --from-block together, found one of them. Give both, or neither.");
}

function verifyFile(options: VerifyOptions, { place, lines, end }: Ledger): Verified {
  const proof = verifyLedger(lines, place, end);
  auditLedger(lines);
  return { source: "file", place, proof, known: knownLine(options, lines) };
}

/** The node's own lines against the vault's head and books, all at one block. */
async function verifyNode(options: VerifyOptions): Promise<Verified> {
  return withSource(options, async (source, progress) => {
    progress.step("reading the log");
    const { place, lines } = await fetchLedger(source);
    progress.step(`proving ${lines.length} lines`);
    const proof = verifyLedger(lines, place, await fetchChainBooks(source));
    auditLedger(lines);
    return { source: "node", place, proof, known: knownLine(options, lines) };
  });
}

/** Compared first: where the file differs, the chain's line says in what. */
async function compareWithChain(options: VerifyOptions, file: Ledger): Promise<Verified> {
  if (options.vault === undefined) requireSamePlace(file.place, placeOf(await readDeployment(options.deployment)));
  return withSource(options, async (source, progress) => {
    const { place, lines } = file;
    requireSamePlace(place, source);
    progress.step("reading the log");
    const chain = await fetchLedger(source);
    requireSameLines(lines, chain.lines);
    const proof = verifyLedger(lines, place, await fetchChainBooks(source));
    requireSameTransfers(file.transfers, chain.transfers);
    auditLedger(lines);
    return { source: "file", place, proof, known: knownLine(options, lines) };
  });
}

function knownLine({ head }: VerifyOptions, lines: readonly LedgerLine[]): LedgerLine | undefined {
  return head === undefined ? undefined : lineWithHead(lines, head);
}

/** Assets of which more than one unit is held. */
function holdingsIn({ books }: LedgerProof): number {
  return [...books.balances.values()].filter((amount) => amount > 1n).length;
}

function proofJson({ source, place, proof, known }: Verified) {
  const { lines, head, books, isComparedWithChain } = proof;
  return {
    verified: true,
    source,
    ...place,
    ...linkJson(place.chainId, "address", place.vault),
    lines,
    head,
    regime: books.regime,
    holdings: holdingsIn(proof),
    supply: decimalString(books.supply, SHARE.decimals),
    comparedWith: isComparedWithChain ? "chain" : "file header",
    compared: comparedIn(source, proof),
    knownHeadAtLine: known?.sequence ?? null,
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
  const link = linkText(place.chainId, "address", place.vault);
  const where = `vault ${place.vault}, chain ${place.chainId}${link}`;
  return [
    isComparedWithChain
      ? `Proven: ${count}, none missing, altered or out of order (${where}).`
      : `Consistent with its own header (${count}, ${where}); not compared with a chain: name a node with --rpc.`,
    `Head ${head}`,
    `The lines give ${holdingsIn(proof)} holdings, ${supply} in issue, regime ${books.regime}.`,
    ...comparisonText(verified),
    ...knownText(verified),
  ].join("\n");
}

function knownText({ known, proof }: Verified): string[] {
  if (known === undefined) return [];
  const since = proof.lines - known.sequence;
  const later = since === 0 ? "the last one" : `${formatNumber(since, 0)} lines came since`;
  return [
    `The head that you gave is that after line ${known.sequence} of ${formatTime(known.time)}, ${later}: ` +
      "up to it nothing was changed since you noted it.",
  ];
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
