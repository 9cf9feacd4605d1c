// Turns a rehearsal's folder into its chain, which lives in a process of its own: found there, or started.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { AppError } from "../../core/errors.ts";
import type { Network } from "../../execute/network.ts";
import {
  CHAIN_FILE,
  type ChainFile,
  type ReadyChain,
  hashOfNetwork,
  readChainFile,
  readyChainOf,
} from "./chain-file.ts";

/** A folder holds the rehearsal of something else. */
export class RehearsalOfOtherNetworkError extends AppError {
  readonly code = "REHEARSAL_OF_OTHER_NETWORK";
  readonly kind = "usage";

  constructor(folder: string) {
    super(
      `Expected in ${folder} a rehearsal of this network file, found one of another file, or of what this one was ` +
        "before it changed. Begin anew with --fresh, or name another folder with --out.",
    );
  }
}

/** A chain ended before it was ready. */
export class RehearsalChainFailedError extends AppError {
  readonly code = "REHEARSAL_CHAIN_FAILED";
  readonly kind = "chain";

  constructor(log: string) {
    super(`Expected a local chain to start, found that its process ended. What it said is in ${log}.`);
  }
}

/** A folder, and the network's file that is rehearsed in it. */
export type RehearsalPlace = { readonly folder: string; readonly file: string; readonly network: Network };

const PROCESS = fileURLToPath(new URL("./chain-process.ts", import.meta.url));
const LOG = "chain.log";
/** {ms} Between two looks for a chain that is being built. */
const LOOK_EVERY = 50;

/**
 * The chain of a folder; started if there is none. It lives on when this process ends, in whatever way.
 *
 * @throws RehearsalOfOtherNetworkError, RehearsalChainGoneError, RehearsalChainFailedError
 */
export async function openChain(place: RehearsalPlace): Promise<ReadyChain> {
  const { folder } = place;
  const networkHash = hashOfNetwork(place.network);
  let starts = 0;
  for (;;) {
    const found = await readChainFile(folder);
    if (found === undefined) {
      if (starts++ > 0) throw new RehearsalChainFailedError(join(folder, LOG));
      await startChain(place);
      continue;
    }
    if (found.networkHash !== networkHash) throw new RehearsalOfOtherNetworkError(folder);
    if (isReady(found)) return readyChainOf(folder, found);
    // Nothing was done on a chain that ended while it was built.
    if (!isAlive(found.pid)) await rm(join(folder, CHAIN_FILE));
    else await sleep(LOOK_EVERY);
  }
}

/** Starts a chain, and waits until it stands in the folder or has ended. */
async function startChain({ folder, file }: RehearsalPlace): Promise<void> {
  const log = openSync(join(folder, LOG), "a");
  const child = spawn(process.execPath, [PROCESS, folder, file], { detached: true, stdio: ["ignore", log, log] });
  child.unref();
  while (child.exitCode === null && (await readChainFile(folder)) === undefined) await sleep(LOOK_EVERY);
}

function isReady(file: ChainFile): file is ChainFile & { readonly ready: NonNullable<ChainFile["ready"]> } {
  return file.ready !== undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
