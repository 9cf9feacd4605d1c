// Turns what the server shows and what the visitor's own node says into a proof, or into the first line that is wrong.
import type { PublicClient } from "viem";

import type { Deployment } from "../../../execute/deployment.ts";
import { LineDiffersError, requireSameLines } from "../../../record/compare.ts";
import type { Ledger } from "../../../record/ledger-file.ts";
import { fetchChainBooks, fetchLedger } from "../../../record/ledger.ts";
import type { LedgerLine } from "../../../record/lines.ts";
import type { ChainBooks } from "../../../record/verify.ts";
import { PageError } from "../errors.ts";
import { askWorker } from "./ask-worker.ts";
import type { WorkerAnswer } from "./worker.ts";
import workerAddress from "./worker.ts?worker&url";

/** What was compared, and with what result. */
export type Proof = {
  readonly lines: number;
  readonly head: string;
  /** Holdings, all of which equal the vault's books to the last unit. */
  readonly holdings: number;
  readonly block: number;
  /** Lines of the server that were compared with the node's. */
  readonly compared: number;
};

/** What is needed for it. */
export type ProofInput = {
  readonly client: PublicClient;
  readonly deployment: Pick<Deployment, "chainId" | "block" | "addresses">;
  /** What the server says the lines are, in their order; undefined when it says nothing. */
  readonly claimed: readonly LedgerLine[] | undefined;
  readonly onStep: (words: string) => void;
};

/** Everything that the chain itself says, at one block. */
export type ChainRecord = { readonly ledger: Ledger; readonly books: ChainBooks; readonly block: bigint };

/** Reads the whole ledger and the vault's books from the visitor's node. */
export async function readRecord({
  client,
  deployment,
}: Pick<ProofInput, "client" | "deployment">): Promise<ChainRecord> {
  const block = await client.getBlockNumber();
  const { chainId, addresses } = deployment;
  const source = { client, chainId, vault: addresses.vault, fromBlock: BigInt(deployment.block), toBlock: block };
  const [ledger, books] = await Promise.all([fetchLedger(source), fetchChainBooks(source)]);
  return { ledger, books, block };
}

/**
 * Recomputes every head from the node's own logs, compares the end with the vault's, rebuilds the books from the lines
 * and compares them too, and last every line that the server showed with the node's.
 *
 * @throws AppError that names the first line that is wrong, and how.
 */
export async function prove(input: ProofInput): Promise<Proof> {
  const { claimed, onStep } = input;
  onStep("Reading the vault's log from your node");
  const { ledger, books, block } = await readRecord(input);
  onStep(`Recomputing ${ledger.lines.length} heads in this browser`);
  const { head, holdings } = await verifyApart(ledger, books);
  onStep("Comparing with what this page was told");
  if (claimed !== undefined) compare(claimed, ledger.lines);
  return { lines: ledger.lines.length, head, holdings, block: Number(block), compared: claimed?.length ?? 0 };
}

/** Compares what the server says with what the chain says; lines newer than the server's last are not its fault. */
function compare(claimed: readonly LedgerLine[], chain: readonly LedgerLine[]): void {
  const gap = claimed.findIndex(({ sequence }, position) => sequence !== position + 1);
  if (gap >= 0) {
    const found = claimed[gap]?.sequence ?? 0;
    throw new PageError(
      "SERVER_LINES_MISSING",
      `Expected line ${gap + 1} of the ledger from this server, found line ${found}. Do not trust its figures.`,
    );
  }
  try {
    requireSameLines(claimed, chain);
  } catch (error) {
    if (!(error instanceof LineDiffersError)) throw error;
    const { sequence, field } = error;
    const event = chain[sequence - 1]?.event ?? "no event";
    throw new PageError(
      "SERVER_LINE_ALTERED",
      `Line ${sequence}, ${event}, says something else on chain than this server showed: ${field}. Do not trust its figures.`,
    );
  }
}

/** The heads are many hashes: they are computed beside the page, which stays quick meanwhile. */
async function verifyApart(
  ledger: Ledger,
  books: ChainBooks,
): Promise<{ readonly head: string; readonly holdings: number }> {
  const worker = new Worker(workerAddress, { type: "module" });
  const answer = await askWorker<WorkerAnswer>(worker, { ledger, books }, "recompute the heads");
  if (answer.kind === "broken") throw new PageError(answer.code, answer.message);
  return answer;
}
