// Turns the file in which a rehearsal's chain says where it is into what is known of that chain, and ends it.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { canonicalHash } from "../../core/canonical-json.ts";
import { AppError } from "../../core/errors.ts";
import type { Network } from "../../execute/network.ts";
import { RehearsalDamagedError } from "./book.ts";
import { type Outline, outlineSchema } from "./outline.ts";

/** A rehearsal's chain was lost, or never was. */
export class RehearsalChainGoneError extends AppError {
  readonly code = "REHEARSAL_CHAIN_GONE";
  readonly kind = "chain";

  constructor(folder: string, found: string) {
    super(
      `Expected the chain on which the rehearsal in ${folder} began, found ${found}. What was done there is lost with ` +
        "it: begin anew with --fresh.",
    );
  }
}

/** Of a folder. */
export const CHAIN_FILE = "chain.json";
/** {ms} Between two looks at the file. */
export const WATCH_EVERY = 500;
/** {ms} A chain ends within this. */
const PATIENCE = 20_000;

const chainFileSchema = z.strictObject({
  /** Of the chain's process. */
  pid: z.int(),
  networkHash: z.string(),
  /** Missing while it is built. */
  ready: z
    .strictObject({
      url: z.string(),
      /** As the node names itself: no other one does. */
      instance: z.string(),
      outline: z.unknown(),
    })
    .optional(),
});

/** By which a folder knows the network file that it is about. */
export function hashOfNetwork(network: Network): string {
  return canonicalHash(JSON.stringify(network));
}

/** Whatever it said: without it, its chain ends. */
const DAMAGED: ChainFile = { pid: 0, networkHash: "" };

/** Where the chain of a rehearsal is. */
export type ChainFile = z.infer<typeof chainFileSchema>;

/** A chain that is built. */
export type ReadyChain = {
  readonly pid: number;
  readonly url: string;
  readonly instance: string;
  readonly outline: Outline;
};

/** What a folder's chain says of itself; undefined when there is none. @throws RehearsalDamagedError */
export async function readChainFile(folder: string): Promise<ChainFile | undefined> {
  const file = join(folder, CHAIN_FILE);
  try {
    return chainFileSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw new RehearsalDamagedError(file, { cause });
  }
}

/** The chain of a file that answers. @throws RehearsalChainGoneError when it does not, RehearsalDamagedError */
export async function readyChainOf(
  folder: string,
  { pid, ready }: ChainFile & { readonly ready: NonNullable<ChainFile["ready"]> },
): Promise<ReadyChain> {
  const found = await instanceAt(ready.url);
  if (found === undefined) throw new RehearsalChainGoneError(folder, `nobody at ${ready.url} (process ${pid})`);
  if (found !== ready.instance) throw new RehearsalChainGoneError(folder, `another chain at ${ready.url}`);
  const outline = outlineSchema.safeParse(ready.outline);
  if (!outline.success) throw new RehearsalDamagedError(join(folder, CHAIN_FILE), { cause: outline.error });
  return { ...ready, pid, outline: outline.data };
}

/** Ends the chain of a folder; the chain does so when its file is gone. @returns Whether there was one. */
export async function endChain(folder: string): Promise<boolean> {
  const file = await readChainFile(folder).catch(() => DAMAGED);
  if (file === undefined) return false;
  await rm(join(folder, CHAIN_FILE));
  const { ready } = file;
  const end = Date.now() + PATIENCE;
  while (ready !== undefined && Date.now() < end && (await instanceAt(ready.url)) === ready.instance) {
    await sleep(WATCH_EVERY / 10);
  }
  return true;
}

/** What the node at an address names itself; undefined when nobody answers. */
export async function instanceAt(url: string): Promise<string | undefined> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "hardhat_metadata", params: [] });
  try {
    const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return answerSchema.parse(await answer.json()).result.instanceId;
  } catch {
    return undefined;
  }
}

const answerSchema = z.object({ result: z.object({ instanceId: z.string() }) });
