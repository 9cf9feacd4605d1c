// Turns what lies in the checkout into the answer whether packages and contracts are as its sources say.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** @typedef {{ version?: string, link?: boolean, optional?: boolean, integrity?: string }} LockedPackage */
/** @typedef {{ packages: Record<string, LockedPackage> }} LockFile */

/**
 * Packages that the lock file asks for and `node_modules` does not hold in that version.
 *
 * Optional packages do not count: which of them belong here depends on the platform.
 *
 * @param {LockFile} wanted `package-lock.json`
 * @param {LockFile} installed `node_modules/.package-lock.json`, which npm writes when it has finished.
 */
export function missingPackages(wanted, installed) {
  return Object.entries(wanted.packages)
    .filter(([name, entry]) => name !== "" && entry.optional !== true && differs(entry, installed.packages[name]))
    .map(([name]) => name);
}

/**
 * True when `npm ci` has to run before anything else can.
 *
 * @param {string} root Folder of the checkout.
 */
export function isInstallStale(root) {
  const installed = path.join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed) || !hasNativeChain(root)) return true;
  return missingPackages(readLockFile(path.join(root, "package-lock.json")), readLockFile(installed)).length > 0;
}

/**
 * One digest for the names and contents of all files under the given paths; a path that does not exist adds nothing.
 *
 * @param {string} root
 * @param {readonly string[]} paths Files and folders, relative to `root`.
 */
export function digestOf(root, paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap((each) => filesUnder(root, each))) {
    const content = readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/**
 * npm leaves Hardhat's native package out without a word when it runs under an old Node.
 *
 * @param {string} root
 */
function hasNativeChain(root) {
  const scope = path.join(root, "node_modules", "@nomicfoundation");
  const native = `edr-${process.platform}-${process.arch}`;
  return existsSync(scope) && readdirSync(scope).some((name) => name === native || name.startsWith(`${native}-`));
}

/**
 * @param {LockedPackage} wanted
 * @param {LockedPackage | undefined} installed
 */
function differs(wanted, installed) {
  return installed?.version !== wanted.version || installed?.integrity !== wanted.integrity;
}

/** @param {string} file */
function readLockFile(file) {
  /** @type {LockFile} */
  const lockFile = JSON.parse(readFileSync(file, "utf8"));
  return lockFile;
}

/**
 * @param {string} root
 * @param {string} each
 * @returns {string[]} In an order that depends on the names alone.
 */
function filesUnder(root, each) {
  const absolute = path.join(root, each);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [each];
  return readdirSync(absolute)
    .sort()
    .flatMap((name) => filesUnder(root, path.join(each, name)));
}
