// Turns a fresh checkout into one that runs: a fitting Node, the locked packages, built contracts and their ABIs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { withLock } from "./lock.mjs";
import { BROUGHT_NODE, fits, OLDEST_NODE } from "./node-version.mjs";
import { digestOf, isInstallStale } from "./staleness.mjs";
import { runStep } from "./step.mjs";

/** @typedef {{ root: string, say: (line: string) => void }} Checkout */

/** All that the built contracts and the generated ABIs depend on. */
const BUILD_INPUTS = ["contracts", "hardhat.config.ts", "package-lock.json", "src/apps/build"];
/** All that the page is made of. What it may import stands in `.dependency-cruiser.js`. */
const PAGE_INPUTS = [
  ...["apps/web", "config", "core", "engine", "execute", "market", "plan", "record", "regime", "site", "universe"].map(
    (stage) => `src/${stage}`,
  ),
  "package-lock.json",
];
const PAGE = "src/apps/web/vite.config.ts";
const INSTALL_HINT = "Check the network and the registry that npm is set up for (`npm config get registry`).";

/**
 * Does what is missing, and nothing when nothing is.
 *
 * @param {Checkout} checkout
 * @returns {Promise<NodeJS.ProcessEnv>} The environment in which `node`, `npm` and installed commands are the right ones.
 * @throws StepError when a step fails.
 */
export async function prepare(checkout) {
  const { root, say } = checkout;
  if (isToolchainStale(root) || isInstallStale(root) || isBuildStale(root) || isPageStale(root)) {
    await withLock(lockOf(root), {
      onWait: (owner) => {
        say(`waiting for process ${owner}, which is preparing this checkout`);
      },
      work: () => prepareAlone(checkout),
    });
  }
  return environment(root);
}

/**
 * Whoever holds this file prepares the checkout. It lies beside what it guards, so that whoever may write there may take
 * it, and in no folder that exists only once something was brought or installed.
 *
 * @param {string} root
 */
export function lockOf(root) {
  return path.join(root, ".bootstrap.lock");
}

/** @param {Checkout} checkout */
async function prepareAlone({ root, say }) {
  if (isToolchainStale(root)) {
    say(`Node ${process.versions.node} is older than ${OLDEST_NODE}: bringing ${BROUGHT_NODE} into .toolchain`);
    await bringNode(root);
  }
  const surroundings = { cwd: root, env: environment(root) };
  if (isInstallStale(root)) {
    say("installing the packages of package-lock.json");
    const command = ["npm", "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    await runStep(command, { ...surroundings, hint: INSTALL_HINT });
  }
  if (isBuildStale(root)) {
    say("building the contracts");
    await build(surroundings);
  }
  if (isPageStale(root)) {
    say("building the page");
    await buildPage(surroundings);
  }
}

/** @param {string} root */
async function bringNode(root) {
  const folder = path.join(root, ".toolchain");
  mkdirSync(folder, { recursive: true });
  // The package links its platform's binary in an install script, which newer versions of npm run only when allowed.
  const manifest = { private: true, dependencies: { node: BROUGHT_NODE }, allowScripts: { node: true } };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  const command = ["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"];
  const hint = `${INSTALL_HINT} Or install Node ${OLDEST_NODE} or later yourself.`;
  await runStep(command, { cwd: folder, env: process.env, hint });
}

/** @param {import("./step.mjs").Surroundings} surroundings */
async function build({ cwd, env }) {
  const inputs = digestOf(cwd, BUILD_INPUTS);
  const hint = "Mend what the compiler names and run the command again.";
  await runStep(["hardhat", "build", "--quiet"], { cwd, env, hint });
  await runStep(["node", "src/apps/build/generate-abi.ts"], { cwd, env, hint });
  mkdirSync(path.dirname(stampOf(cwd)), { recursive: true });
  writeFileSync(stampOf(cwd), inputs);
}

/** @param {import("./step.mjs").Surroundings} surroundings */
async function buildPage({ cwd, env }) {
  const inputs = digestOf(cwd, PAGE_INPUTS);
  const command = ["vite", "build", "--config", PAGE, "--logLevel", "warn"];
  await runStep(command, { cwd, env, hint: "Mend what it names and run the command again." });
  writeFileSync(pageStampOf(cwd), inputs);
}

/** @param {string} root */
function isPageStale(root) {
  if (!existsSync(path.join(root, PAGE))) return false;
  const isBuilt = [pageStampOf(root), path.join(root, "dist", "web", "index.html")].every(existsSync);
  return !isBuilt || readFileSync(pageStampOf(root), "utf8") !== digestOf(root, PAGE_INPUTS);
}

/** @param {string} root */
function pageStampOf(root) {
  return path.join(root, "cache", "page-from.sha256");
}

/** @param {string} root */
function isBuildStale(root) {
  const isBuilt = [stampOf(root), path.join(root, "artifacts"), path.join(root, "src/core/abi.ts")].every(existsSync);
  return !isBuilt || readFileSync(stampOf(root), "utf8") !== digestOf(root, BUILD_INPUTS);
}

/** @param {string} root */
function stampOf(root) {
  return path.join(root, "cache", "built-from.sha256");
}

/** @param {string} root */
function isToolchainStale(root) {
  if (fits(process.versions.node)) return false;
  const manifest = path.join(root, ".toolchain/node_modules/node/package.json");
  if (!existsSync(manifest) || !existsSync(path.join(broughtFolder(root), "node"))) return true;
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  return !fits(version);
}

/** @param {string} root */
function environment(root) {
  const nodeFolder = fits(process.versions.node) ? path.dirname(process.execPath) : broughtFolder(root);
  // Installed commands come first: a folder with Node in it may hold global ones of another version.
  const folders = [path.join(root, "node_modules", ".bin"), nodeFolder, process.env["PATH"] ?? ""];
  return { ...process.env, PATH: folders.join(path.delimiter) };
}

/** @param {string} root */
function broughtFolder(root) {
  return path.join(root, ".toolchain", "node_modules", ".bin");
}
