// Turns two bootstraps that start at once into one that works and one that waits.
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** {ms} */
const POLL_INTERVAL = 100;

/**
 * Runs `work` while no other process runs any under the same lock. A lock whose process is gone is taken over.
 *
 * @param {string} file Where the lock lies; holds the process id of its owner.
 * @param {{ onWait: (owner: number) => void, work: () => Promise<void> }} options `onWait` is called at most once.
 */
export async function withLock(file, { onWait, work }) {
  mkdirSync(path.dirname(file), { recursive: true });
  let hasWaited = false;
  for (;;) {
    const owner = takeLock(file);
    if (owner === process.pid) break;
    if (owner === undefined) continue;
    if (isAlive(owner)) {
      if (!hasWaited) onWait(owner);
      hasWaited = true;
      await sleep(POLL_INTERVAL);
    } else {
      rmSync(file, { force: true });
    }
  }
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} Process id of whoever holds the lock now; nothing when it was released in between.
 */
function takeLock(file) {
  // A hard link appears in one piece, with its content: nobody ever reads a lock without an owner.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return process.pid;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    return readOwner(file);
  } finally {
    rmSync(own, { force: true });
  }
}

/** @param {string} file */
function readOwner(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    return undefined;
  }
}

/** @param {number} owner */
function isAlive(owner) {
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
