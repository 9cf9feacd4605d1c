// Turns a network's file and a folder into a rehearsal that goes on wherever it was killed, and ends with its summary.
import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { http } from "viem";
import { z } from "zod";

import { AppError } from "../../core/errors.ts";
import { readDeployment } from "../../execute/deployment.ts";
import type { Account } from "./account.ts";
import { attach } from "./attached.ts";
import { type Book, RehearsalDamagedError, openBook } from "./book.ts";
import {
  CHAIN_FILE,
  type ReadyChain,
  RehearsalChainGoneError,
  endChain,
  hashOfNetwork,
  readChainFile,
} from "./chain-file.ts";
import { RehearsalOfOtherNetworkError, type RehearsalPlace, openChain } from "./open-chain.ts";
import { type Play, STEPS, type Said } from "./steps.ts";

/** A folder holds something else than a rehearsal. */
export class RehearsalFolderError extends AppError {
  readonly code = "REHEARSAL_FOLDER";
  readonly kind = "usage";

  constructor(folder: string) {
    super(`Expected an empty folder, or one of a rehearsal, found other files in ${folder}. Name another with --out.`);
  }
}

/** How a rehearsal is told of. */
export type Rehearsing = RehearsalPlace & {
  /** Another way to the chain than its own address, for example a proxy. */
  readonly rpc?: string;
  readonly say: (line: string) => void;
};

/** What a finished rehearsal leaves in `summary.json`. */
export type Summary = Account & {
  readonly network: string;
  readonly steps: number;
  /** That worked on it: each but the last was killed. */
  readonly processes: number;
  readonly said: readonly Said[];
};

const BOOK = "rehearsal.sqlite";
/** Any of these shows that a folder is a rehearsal's. */
const MARKS = [BOOK, CHAIN_FILE, "network-file.json"];
const TIMEOUT = 120_000; // {ms}
const saidSchema = z.array(z.tuple([z.string(), z.string()]));

/**
 * Rehearses, or goes on with what was begun in the folder. A rehearsal that is finished is begun anew.
 *
 * @throws RehearsalFolderError, RehearsalBusyError, RehearsalOfOtherNetworkError, RehearsalChainGoneError,
 *   RehearsalDamagedError and what steps throw; the same command goes on after these.
 */
export async function rehearse(rehearsing: Rehearsing): Promise<Summary> {
  const { folder, network, say } = rehearsing;
  requireOwn(folder);
  if (existsSync(join(folder, SUMMARY))) {
    say(`The rehearsal in ${folder} was finished; this is another one.`);
    await beginAnew(folder);
  }
  await mkdir(folder, { recursive: true });
  const book = openBook(join(folder, BOOK));
  try {
    const chain = await belongingChain(rehearsing, book);
    const { pid, url, outline } = chain;
    say(`The chain is process ${pid} at ${url}; it outlives a rehearsal that is killed, and --stop ends it.`);
    const processes = Number(book.read("processes") ?? "0") + 1;
    book.write("processes", String(processes));
    const rpc = rehearsing.rpc ?? url;
    const attached = attach(http(rpc, { timeout: TIMEOUT }), outline, book);
    const since = await book.once("since", async () => String(await attached.client.getBlockNumber({ cacheTime: 0 })));
    const said = await playAll({ attached, folder, rpc }, book, say);
    const { accountOf } = await import("./account.ts");
    const deployment = await readDeployment(join(folder, "fund.json"));
    const account = await accountOf(attached.client, deployment, Number(since));
    const summary = { network: network.name, steps: STEPS.length, processes, ...account, said };
    await writeFile(join(folder, SUMMARY), `${JSON.stringify(summary, null, 2)}\n`);
    await endChain(folder);
    sayEnd(summary, say);
    return summary;
  } finally {
    book.close();
  }
}

const SUMMARY = "summary.json";

/**
 * Ends the chain of a folder's rehearsal and removes the folder.
 *
 * @throws RehearsalFolderError when it is none of a rehearsal.
 */
export async function beginAnew(folder: string): Promise<void> {
  await stopRehearsal(folder);
  await rm(folder, { recursive: true, force: true });
}

/** Ends the chain of a folder's rehearsal, which cannot go on then. @returns Whether there was one. */
export async function stopRehearsal(folder: string): Promise<boolean> {
  requireOwn(folder);
  if (existsSync(folder)) requireIdle(folder);
  return endChain(folder);
}

/** A book that cannot be read is nobody's. @throws RehearsalBusyError */
function requireIdle(folder: string): void {
  try {
    openBook(join(folder, BOOK)).close();
  } catch (error) {
    if (!(error instanceof RehearsalDamagedError)) throw error;
  }
}

function requireOwn(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  if (names.length > 0 && !names.some((name) => MARKS.includes(name))) throw new RehearsalFolderError(folder);
}

/** The chain on which the book's rehearsal began, or a new one when none has begun. */
async function belongingChain(place: RehearsalPlace, book: Book): Promise<ReadyChain> {
  const { folder, network } = place;
  const begun = book.read("chain");
  if (begun !== undefined && book.read("network") !== hashOfNetwork(network)) {
    throw new RehearsalOfOtherNetworkError(folder);
  }
  if (begun !== undefined && (await readChainFile(folder)) === undefined) {
    throw new RehearsalChainGoneError(folder, "that it has been ended");
  }
  const isOld = begun === undefined && existsSync(join(folder, "network-file.json"));
  if (isOld) throw new RehearsalChainGoneError(folder, "files of a rehearsal without its book");
  const chain = await openChain(place);
  if (begun !== undefined && begun !== chain.instance) throw new RehearsalChainGoneError(folder, "another one");
  book.write("network", hashOfNetwork(network));
  book.write("chain", chain.instance);
  return chain;
}

/** Says what is done already, and does the rest. */
async function playAll(play: Play, book: Book, say: Rehearsing["say"]): Promise<readonly Said[]> {
  const doneBefore = STEPS.flatMap(({ name }) => saidOf(book, name) ?? []);
  if (doneBefore.length > 0) {
    say(`The rehearsal in ${play.folder} goes on. Done before:`);
    for (const one of doneBefore) say(`  ${lineOf(one)}`);
    say("Now:");
  }
  const said: Said[] = [];
  for (const { name, work } of STEPS) {
    const before = saidOf(book, name);
    if (before === undefined) {
      const now = await work(play);
      book.write(`step ${name}`, JSON.stringify(now));
      for (const one of now) say(lineOf(one));
    }
    said.push(...(before ?? saidOf(book, name) ?? []));
  }
  return said;
}

function sayEnd({ said, steps, processes, blocks, transactions, lines }: Summary, say: Rehearsing["say"]): void {
  if (processes > 1) {
    say("The whole rehearsal:");
    for (const one of said) say(lineOf(one));
  }
  const done = `${steps} steps by ${processes} ${processes === 1 ? "process" : "processes"}`;
  say(lineOf(["end", `${done}, ${transactions} transactions in ${blocks} blocks, ${lines} lines of ledger`]));
}

function saidOf(book: Book, step: string): readonly Said[] | undefined {
  const text = book.read(`step ${step}`);
  return text === undefined ? undefined : saidSchema.parse(JSON.parse(text));
}

const TITLE_WIDTH = 12;

function lineOf([title, words]: Said): string {
  return `${title.padEnd(TITLE_WIDTH)} ${words}`;
}
