// Turns the checkout into a copy of its own for faults, in a temporary folder, compiled and ready.
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { AppError } from "../../src/core/errors.ts";
import type { Fault } from "./fault.ts";

/** What a copy needs to compile and to test. */
const PARTS = [
  "artifacts",
  "cache",
  "contracts",
  "src",
  "test",
  "hardhat.config.ts",
  "package.json",
  "tsconfig.json",
] as const;

/** What a command printed, and how it ended. */
export type Outcome = { readonly isSuccess: boolean; readonly output: string };

/** A fault's text is not exactly once in its file: the list of faults no longer fits the contracts. */
export class FaultMisfitError extends AppError {
  readonly code = "FAULT_MISFIT";
  readonly kind = "data";
  readonly found: number;

  constructor(fault: Fault, found: number) {
    super(
      `The text of fault ${fault.name} was expected exactly once in contracts/${fault.file}, but is there ${found} ` +
        `times; write the fault anew in scripts/mutation/.`,
    );
    this.found = found;
  }
}

/** The source of a contract with a fault in it. */
export function withFault(source: string, fault: Fault): string {
  const parts = source.split(fault.find);
  if (parts.length !== 2) throw new FaultMisfitError(fault, parts.length - 1);
  return parts.join(fault.replace);
}

/** The source that a fault belongs in. */
export async function sourceOf(root: string, fault: Fault): Promise<string> {
  return readFile(path.join(root, "contracts", fault.file), "utf8");
}

/** What the compiler keeps between two runs; restored after each fault, so that only the fault itself is compiled. */
const COMPILED = ["artifacts", "cache"] as const;
const SPARE = ".spare";

/** A copy of the checkout, its dependencies linked. The caller removes it with `rm`. */
export async function copyCheckout(root: string): Promise<string> {
  const copy = await mkdtemp(path.join(os.tmpdir(), "tm100-mutate-"));
  for (const part of PARTS) await cp(path.join(root, part), path.join(copy, part), { recursive: true });
  await adoptCache(root, copy);
  for (const part of COMPILED) await cp(path.join(copy, part), path.join(copy, SPARE, part), { recursive: true });
  await symlink(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  return copy;
}

/** The compiler's cache names files by their full paths: without this, everything would be compiled for every fault. */
async function adoptCache(root: string, copy: string): Promise<void> {
  const file = path.join(copy, "cache", "compile-cache.json");
  const cache = await readFile(file, "utf8");
  await writeFile(file, cache.replaceAll(`${root}/`, `${copy}/`));
}

/** Removes a copy. */
export async function removeCheckout(copy: string): Promise<void> {
  await rm(copy, { recursive: true, force: true });
}

/** Writes a contract of the copy. */
export async function writeSource(copy: string, fault: Fault, source: string): Promise<void> {
  await writeFile(path.join(copy, "contracts", fault.file), source);
}

/** Takes the compiled form back to that of the contracts without a fault. */
export async function restoreCompiled(copy: string): Promise<void> {
  for (const part of COMPILED) {
    await rm(path.join(copy, part), { recursive: true, force: true });
    await cp(path.join(copy, SPARE, part), path.join(copy, part), { recursive: true, preserveTimestamps: true });
  }
}

/** Runs Hardhat in the copy and waits for its end; what it says is kept, not shown. */
export async function hardhat(copy: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn("npx", ["hardhat", ...args], { cwd: copy, env: { ...process.env, NO_COLOR: "1", CI: "true" } });
    let output = "";
    const keep = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", reject);
    child.once("close", (status) => {
      resolve({ isSuccess: status === 0, output });
    });
  });
}
