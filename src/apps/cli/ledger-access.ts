// Turns a node or a file into the place or the content of a ledger.
import { readFile } from "node:fs/promises";

import { Option } from "commander";

import { AppError, UsageError } from "../../core/errors.ts";
import type { Fund } from "../../execute/contracts.ts";
import type { Deployment } from "../../execute/deployment.ts";
import type { LedgerPlace } from "../../record/head.ts";
import { type LedgerSource, fetchLedger } from "../../record/ledger.ts";
import { type Ledger, parseLedger } from "../../record/ledger-file.ts";
import { verifyLedger } from "../../record/verify.ts";
import type { ChainOptions } from "./chain-options.ts";
import { withFund } from "./fund-access.ts";
import { type Coins, coinsOf } from "../../site/line-words.ts";

/** Options of commands that read a ledger from a node, or from a file alone. */
export type LedgerOptions = ChainOptions & { readonly log: string | undefined };

/** A ledger whose heads hold, and how its coins are called. */
export type OpenLedger = { readonly ledger: Ledger; readonly coins: Coins };

/** The ledger file is of another fund than the one that is meant. */
export class OtherLedgerError extends AppError {
  readonly code = "LEDGER_OF_OTHER_FUND";
  readonly kind = "data";

  constructor(place: LedgerPlace, { chainId, vault }: LedgerPlace) {
    super(
      `Expected the ledger of vault ${vault} on chain ${chainId}, found that of ${place.vault} on chain ` +
        `${place.chainId}. Name the deployment of that fund, or another file.`,
    );
  }
}

/** Where a deployed fund writes its ledger. */
export function placeOf({ chainId, addresses }: Deployment): LedgerPlace {
  return { chainId, vault: addresses.vault };
}

/** @throws OtherLedgerError when a file is of another fund than is meant. */
export function requireSamePlace(place: LedgerPlace, meant: LedgerPlace): void {
  if (place.chainId === meant.chainId && place.vault.toLowerCase() === meant.vault.toLowerCase()) return;
  throw new OtherLedgerError(place, meant);
}

/** `--log` of commands that need no node. */
export function ledgerFileOption(): Option {
  return new Option("--log <file>", "read this file of `log --out` instead of a node");
}

/**
 * The ledger of `--log`, or else of the node; every head is recomputed.
 *
 * @throws LedgerBrokenError that names the first wrong line.
 */
export async function openLedger(options: LedgerOptions): Promise<OpenLedger> {
  const opened = options.log === undefined ? await ledgerOfNode(options) : await ledgerOfFile(options.log);
  const { lines, place, end } = opened.ledger;
  verifyLedger(lines, place, end);
  return opened;
}

async function ledgerOfNode(options: ChainOptions): Promise<OpenLedger> {
  return withFund(options, async (fund, progress) => {
    progress.step("reading the log");
    const ledger = await fetchLedger(ledgerSource(fund, await fund.client.getBlockNumber()));
    return { ledger, coins: coinsOf(fund.deployment, ledger.lines) };
  });
}

async function ledgerOfFile(path: string): Promise<OpenLedger> {
  const ledger = await readLedger(path);
  return { ledger, coins: coinsOf({ assets: [] }, ledger.lines) };
}

/** Where the fund's ledger is, up to a block: head, books and lines are then of one state. */
export function ledgerSource({ client, deployment }: Fund, toBlock: bigint): LedgerSource {
  const { chainId, block, addresses } = deployment;
  return { client, chainId, vault: addresses.vault, fromBlock: BigInt(block), toBlock };
}

/**
 * @throws UsageError when there is no such file.
 * @throws LedgerFileError when a line of it is not one of a ledger's file.
 */
export async function readLedger(path: string): Promise<Ledger> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const message = `Expected a ledger file at ${path}, found none that can be read; write one with \`log --out\`.`;
    throw new UsageError(message, { cause });
  }
  return parseLedger(text);
}
