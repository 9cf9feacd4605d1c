// Turns a misfortune of the journal's file into what a keeper says of it, and into a week that is finished all the same.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import type { RandomStream } from "../../core/random.ts";
import { keyJournalOf } from "../../keeper/journal-names.ts";
import { openSqliteStore } from "../../keeper/store/sqlite.ts";
import { accountOf, endBreachesOf } from "./account.ts";
import type { FileFault, Start } from "./file-faults.ts";
import type { ChaosStage } from "./stage.ts";
import type { Round } from "./tally.ts";

const MAIN = fileURLToPath(new URL("../../apps/cli/main.ts", import.meta.url));

/** How a command ended. */
type Run = { readonly code: number | null; readonly out: string; readonly err: string };

/** What a person reads, without a stack behind it. */
const CLEAR = /^error JOURNAL_(DAMAGED|FOREIGN|UNWRITABLE): Expected .+$/m;
const STACK = /^ +at /m;
const CODE_OF_DATA = 3;
const CODE_OF_RISK = 4;

/** The journal of a keeper that was killed in the middle of a rebalance, and the chain as it stood then. */
export type Wreck = { readonly folder: string };

/**
 * From the killed keeper on: the misfortune, what a keeper does then, what has to be done about it, and the rest of the
 * week.
 */
export async function playFault(
  stage: ChaosStage,
  { wreck, fault, random }: { readonly wreck: Wreck; readonly fault: FileFault; readonly random: RandomStream },
): Promise<Round> {
  const folder = `${wreck.folder}-${fault.name.replaceAll(" ", "-")}`;
  mkdirSync(folder);
  cpSync(wreck.folder, folder, { recursive: true });
  const journal = path.join(folder, "journal.sqlite");
  const breaches: string[] = [];

  const start = fault.strike(journal, commandOf(stage, journal, LIVE), random);
  const sentBefore = await usedOf(stage);
  const before = bytesOf(journal);
  const first = await run(start);
  const isUntouched = before === undefined ? !existsSync(journal) : bytesOf(journal)?.equals(before) === true;
  fault.lift(journal);
  const isFailure = first.code !== 0;
  const hasSent = (await usedOf(stage)) !== sentBefore;
  if (isFailure) breaches.push(...wordsOf(first));
  if (isFailure && fault.isLoss) breaches.push(...(await lossBreaches(stage, journal, { isUntouched, hasSent })));
  if (!fault.isLoss) breaches.push(...(await unsigned(stage, journal)));
  if (isFailure) await endLease(journal);
  const last = isFailure ? await run(commandOf(stage, journal, LIVE)) : first;
  if (last.code !== 0) breaches.push(`the keeper ended with: ${last.err}`);
  // Lines that were at the end of a lost log are missed by nobody but the chain.
  if (fault.isLoss && !isFailure) breaches.push(...(await rebuild(stage, journal)));
  const end = await judge(stage, journal);
  return {
    ...end,
    blows: 1,
    cycles: 2,
    breaches: [...breaches, ...end.breaches].map((words) => `${fault.name}: ${words}`),
  };
}

const LIVE = ["keeper", "run", "--live", "--once", "--chain-id", "31337"];

/** What is wrong after a keeper refused a damaged journal, and with its mending. */
async function lossBreaches(
  stage: ChaosStage,
  journal: string,
  { isUntouched, hasSent }: { readonly isUntouched: boolean; readonly hasSent: boolean },
): Promise<string[]> {
  return [
    ...(hasSent ? ["something was sent without a journal"] : []),
    ...(isUntouched ? [] : ["a damaged journal was not left as it was"]),
    ...(await examine(stage, journal)),
    ...(await rebuild(stage, journal)),
  ];
}

function commandOf({ rpc, file }: ChaosStage, journal: string, command: readonly string[]): Start {
  const places = ["--rpc", rpc, "--deployment", file, "--journal", journal, "--account", "keeper"];
  return { command: [process.execPath, MAIN, ...command, ...places], options: {} };
}

async function run({ command: [tool, ...words], options }: Start): Promise<Run> {
  const child = spawn(tool, words, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { code, out, err };
}

/** What is wrong with the words of a keeper that did not run. */
function wordsOf({ code, err }: Run): string[] {
  return code === CODE_OF_DATA && CLEAR.test(err) && !STACK.test(err)
    ? []
    : [`no clear message, but (${code}) ${err.slice(0, 500)}`];
}

/** `doctor` names what is wrong. */
async function examine(stage: ChaosStage, journal: string): Promise<string[]> {
  const { code, out } = await run(commandOf(stage, journal, ["doctor"]));
  const isNamed = code === CODE_OF_RISK && /^journal +fail /m.test(out);
  return isNamed ? [] : [`doctor did not name the journal: ${out}`];
}

/** `doctor --rebuild` mends it; what was there is kept. */
async function rebuild(stage: ChaosStage, journal: string): Promise<string[]> {
  const { code, err } = await run(commandOf(stage, journal, ["doctor", "--rebuild"]));
  const isKept = readdirSync(path.dirname(journal)).some((name) => name.includes(".aside-"));
  return [
    ...(code === 0 ? [] : [`doctor --rebuild ended with ${err}`]),
    ...(isKept ? [] : ["what was left of the journal was not kept"]),
  ];
}

/** Ends the lease of one that could not write, which would end by itself after 45 s. */
async function endLease(journal: string): Promise<void> {
  await withStore(journal, async ({ lease }) => {
    const held = await lease.current();
    if (held !== undefined) await lease.release(held);
  });
}

function bytesOf(journal: string): Buffer | undefined {
  return existsSync(journal) ? readFileSync(journal) : undefined;
}

async function usedOf({ world, nonce }: ChaosStage): Promise<number> {
  const { publicClient, accounts } = world.market.chain;
  return (await publicClient.getTransactionCount({ address: accounts.keeper.address })) - nonce;
}

/** Each transaction on chain was signed in the journal before it was sent. */
async function unsigned(stage: ChaosStage, journal: string): Promise<string[]> {
  const used = await usedOf(stage);
  const signed = await withStore(journal, async (store) => {
    const { keeper } = stage.world.market.chain.accounts;
    const lines = await store.journal(keyJournalOf(stage.deployment, keeper.address)).entries();
    return new Set(lines.filter(({ raw }) => raw !== undefined).map((line) => line.nonce)).size;
  });
  return used > signed ? [`${used} transactions are on chain, and ${signed} were written down before`] : [];
}

async function judge(stage: ChaosStage, journal: string) {
  return withStore(journal, async (store) => {
    const account = await accountOf(stage, store);
    return { account, breaches: [...account.breaches, ...(await endBreachesOf(stage, store, account))] };
  });
}

async function withStore<Result>(
  journal: string,
  look: (store: ReturnType<typeof openSqliteStore>) => Promise<Result>,
): Promise<Result> {
  const store = openSqliteStore(journal, { clock: { now: () => Date.now() } });
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}
