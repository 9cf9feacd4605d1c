// A process of its own that is a rehearsal's chain: it says in the folder's file where it is, and ends when that is gone.
import { link, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { readNetwork } from "../../execute/network.ts";
import { REHEARSAL_START } from "./calendar.ts";
import { CHAIN_FILE, type ChainFile, WATCH_EVERY, hashOfNetwork, instanceAt, readChainFile } from "./chain-file.ts";
import { outlineJson, outlineOf } from "./outline.ts";
import { rehearsalOf } from "./stand-ins.ts";

async function serve(folder: string, networkFile: string): Promise<void> {
  const network = await readNetwork(networkFile);
  const own: ChainFile = { pid: process.pid, networkHash: hashOfNetwork(network) };
  if (!(await claim(folder, own))) return;
  const rehearsal = await rehearsalOf(network, REHEARSAL_START);
  const url = await rehearsal.market.chain.serve(0);
  const ready = { url, instance: (await instanceAt(url)) ?? "", outline: outlineJson(outlineOf(rehearsal)) };
  if (await isOwn(folder)) {
    await put(folder, { ...own, ready }, rename);
    while (await isOwn(folder)) await sleep(WATCH_EVERY);
  }
  await rehearsal.market.close();
}

/** Puts the file where there is none. @returns Whether there was none: another chain may have been begun meanwhile. */
async function claim(folder: string, content: ChainFile): Promise<boolean> {
  try {
    await put(folder, content, link);
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "EEXIST") throw error;
    return false;
  }
}

/** Whole or not at all: readers never see a part of it. */
async function put(folder: string, content: ChainFile, place: typeof link): Promise<void> {
  const own = join(folder, `${CHAIN_FILE}.${process.pid}`);
  await writeFile(own, JSON.stringify(content));
  await place(own, join(folder, CHAIN_FILE)).finally(() => rm(own, { force: true }));
}

async function isOwn(folder: string): Promise<boolean> {
  return (await readChainFile(folder).catch(() => undefined))?.pid === process.pid;
}

if (process.argv[1] === import.meta.filename) {
  const [folder = "", networkFile = ""] = process.argv.slice(2);
  await serve(folder, networkFile);
}
