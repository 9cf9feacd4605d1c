// Turns a network's file into a rehearsal that is killed at each of its transactions, and into what came of it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import {
  type Hex,
  createPublicClient,
  custom,
  http,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
} from "viem";

import { readDeployment } from "../../execute/deployment.ts";
import { type Asked, type Fate, openProxy } from "../chaos/proxy.ts";
import { type Account, accountOf } from "./account.ts";
import { attach } from "./attached.ts";
import { openBook } from "./book.ts";
import { REHEARSAL_START } from "./calendar.ts";
import { type RehearsalPlace, openChain } from "./open-chain.ts";
import { outlineOf } from "./outline.ts";
import type { Summary } from "./rehearse.ts";
import { rehearsalOf } from "./stand-ins.ts";
import { RehearsalStepError, STEPS } from "./steps.ts";

/** How often a process is killed at each moment: before or after the node hears of it in turn, or before and after. */
export type Cruelty = "in turn" | "twice";

/** How a rehearsal is killed. */
export type Killing = RehearsalPlace & {
  readonly cruelty: Cruelty;
  /** Kills after which a rehearsal that has not ended does something again and again. */
  readonly most: number;
  /** What Node runs; network file, folder and address of the chain follow. */
  readonly script: string;
};

/** What came of it. */
export type Killed = {
  readonly kills: number;
  /** Moments at which a process was killed: transactions, and blocks that were mined for their time. */
  readonly moments: number;
  readonly summary: Summary;
  /** What the last process said. */
  readonly said: string;
};

/** {ms} Between two looks for a transaction, and how long one is looked for. */
const LOOK_EVERY = 20;
const PATIENCE = 10_000;

/**
 * Rehearses in processes that are killed (SIGKILL) until one comes to its end.
 *
 * @throws RehearsalStepError with what a process said that failed by itself.
 */
export async function killRehearsal(killing: Killing): Promise<Killed> {
  const { folder, file, script, cruelty, most } = killing;
  await mkdir(folder, { recursive: true });
  const cache = await mkdtemp(join(tmpdir(), "rehearse-cache-"));
  const chain = await openChain(killing);
  let running: ChildProcess | undefined;
  let arrived = Promise.resolve();
  const fates = fatesOf(cruelty);
  const proxy = await openProxy(chain.url, async (asked) => {
    const fate = await fates.of(asked);
    if (fate !== "pass") running?.kill("SIGKILL");
    if (fate === "answer-lost") arrived = arrivalOf(chain.url, asked);
    return fate;
  });
  try {
    for (let kills = 0; kills <= most; kills++) {
      const child = spawn(process.execPath, [script, file, "--out", folder, "--rpc", proxy.url], {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, NODE_COMPILE_CACHE: cache }, // each of many processes loads the same
      });
      running = child;
      const [said, troubles, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "exit") as Promise<[number | null]>,
      ]);
      if (code === null) {
        await arrived;
        continue;
      }
      if (code !== 0) throw new RehearsalStepError("that a rehearsal goes on after kill -9", `${code}: ${troubles}`);
      const summary = JSON.parse(await readFile(join(folder, "summary.json"), "utf8")) as Summary;
      return { kills, moments: fates.moments(), summary, said };
    }
    throw new RehearsalStepError("an end of the rehearsal", `none after ${most} kills`);
  } finally {
    await proxy.close();
    await rm(cache, { recursive: true });
  }
}

/** Resolves when the node has taken a transaction of which the answer is lost: on a busy machine that takes a while. */
async function arrivalOf(url: string, { method, params }: Asked): Promise<void> {
  if (method !== "eth_sendRawTransaction") return;
  const client = createPublicClient({ transport: http(url), pollingInterval: LOOK_EVERY });
  // Without a receipt in this time the node has not heard of it: then it is sent again.
  await client
    .waitForTransactionReceipt({ hash: keccak256(params?.[0] as Hex), timeout: PATIENCE })
    .catch(() => undefined);
}

/**
 * Every moment once: of two, one is not heard by the node before its sender dies, and the other is, while its sender dies
 * before the answer. Or both befall each.
 */
function fatesOf(cruelty: Cruelty) {
  const heard = new Map<string, number>();
  let time: unknown;
  return {
    moments: () => heard.size,
    of: async ({ method, params }: Asked): Promise<Fate> => {
      if (method === "evm_setNextBlockTimestamp") time = params?.[0];
      const moment = await momentOf(method, params?.[0], time);
      if (moment === undefined) return "pass";
      const times = (heard.get(moment) ?? 0) + 1;
      heard.set(moment, times);
      const isFirstLost = cruelty === "twice" || heard.size % 2 === 1;
      if (times === 1) return isFirstLost ? "silence" : "answer-lost";
      return times === 2 && cruelty === "twice" ? "answer-lost" : "pass";
    },
  };
}

/** The same when it is tried again: sender and nonce of a transaction, time of a block without one. */
async function momentOf(method: string, first: unknown, time: unknown): Promise<string | undefined> {
  if (method === "evm_mine") return `block at ${String(time)}`;
  if (method !== "eth_sendRawTransaction") return undefined;
  const raw = first as `0x02${string}`;
  return `${await recoverTransactionAddress({ serializedTransaction: raw })} ${parseTransaction(raw as Hex).nonce}`;
}

/** What a rehearsal does on its chain when nobody disturbs it, in this process and without looking at anything. */
export async function calmAccountOf({ folder, network }: Omit<RehearsalPlace, "file">): Promise<Account> {
  await mkdir(folder, { recursive: true });
  const rehearsal = await rehearsalOf(network, REHEARSAL_START);
  const book = openBook();
  try {
    const { provider } = rehearsal.market.chain;
    const attached = attach(custom(provider, { retryCount: 0 }), outlineOf(rehearsal), book);
    const since = Number(await attached.client.getBlockNumber({ cacheTime: 0 }));
    for (const { work } of STEPS.filter(({ isSending }) => isSending)) await work({ attached, folder, rpc: "" });
    return await accountOf(attached.client, await readDeployment(join(folder, "fund.json")), since);
  } finally {
    book.close();
    await rehearsal.market.close();
    await rm(folder, { recursive: true });
  }
}
