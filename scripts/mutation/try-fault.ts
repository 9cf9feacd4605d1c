// Turns a fault into its verdict: compiled into a copy of the checkout, then hunted by the tests.
import { readdir } from "node:fs/promises";
import path from "node:path";

import { AppError } from "../../src/core/errors.ts";
import { hardhat, restoreCompiled, sourceOf, withFault, writeSource } from "./checkout.ts";
import type { Fault, Verdict } from "./fault.ts";

/** A fault that does not compile proves nothing. */
export class FaultNotCompiledError extends AppError {
  readonly code = "FAULT_NOT_COMPILED";
  readonly kind = "data";

  constructor(fault: Fault, output: string) {
    super(`Fault ${fault.name} was expected to compile, but the compiler says: ${output.slice(-2000)}`);
  }
}

/** The tests did not run to a verdict: whatever stopped them, no test has noticed the fault. */
export class TestsNotRunError extends AppError {
  readonly code = "TESTS_NOT_RUN";
  readonly kind = "data";

  constructor(output: string) {
    super(`A test was expected to fail, but the tests themselves did not run: ${output.slice(-2000)}`);
  }
}

/** Tests of contracts and of the chain, by folder below `test/`. */
const EVERYTHING = ["contracts", "world"] as const;

/**
 * Whether the tests notice the fault. Those named with it run first, then all others; the first that fails ends it.
 *
 * @param copy A copy of the checkout in which nothing else happens; it is as before afterwards.
 * @throws FaultMisfitError when the fault's text is not exactly once in its file.
 * @throws FaultNotCompiledError when the contracts do not compile with it.
 */
export async function tryFault(copy: string, fault: Fault): Promise<Verdict> {
  const started = performance.now();
  const source = await sourceOf(copy, fault);
  await writeSource(copy, fault, withFault(source, fault));
  try {
    const build = await hardhat(copy, ["build", "--quiet", "--no-tests", "--no-typechain"]);
    if (!build.isSuccess) throw new FaultNotCompiledError(fault, build.output);
    const caughtBy = (await firstFailure(copy, fault.tests)) ?? (await firstFailure(copy, EVERYTHING));
    const seconds = Math.round((performance.now() - started) / 1000);
    return { fault, seconds, ...(caughtBy === undefined ? {} : { caughtBy }) };
  } finally {
    await writeSource(copy, fault, source);
    await restoreCompiled(copy);
  }
}

/** Of the faults themselves, which are not in the copy; it would fail at any of them. */
const OF_FAULTS = "faults.test.ts";

/** Mocha's files of a folder, by their paths below `test/`: Hardhat takes no patterns. */
async function testsIn(copy: string, folder: string): Promise<string[]> {
  const found = await readdir(path.join(copy, "test", folder), { recursive: true });
  return found.filter((file) => file.endsWith(".test.ts") && file !== OF_FAULTS).map((file) => path.join(folder, file));
}

/** Name of the first test that fails; none when all pass. Solidity tests come first: they are few. */
async function firstFailure(copy: string, tests: readonly string[]): Promise<string | undefined> {
  const solidity = tests.filter((test) => test.endsWith(".sol"));
  const folders = tests.filter((test) => !path.basename(test).includes("."));
  const mocha = tests.filter((test) => test.endsWith(".ts"));
  if (mocha.length > 0 || folders.length > 0) {
    const files = [...mocha, ...(await Promise.all(folders.map((folder) => testsIn(copy, folder)))).flat()];
    const { isSuccess, output } = await hardhat(copy, ["test", "mocha", "--no-compile", "--bail", ...below(files)]);
    if (!isSuccess) return nameOfFailure(output);
  }
  if (solidity.length > 0 || folders.length > 0) {
    const { isSuccess, output } = await hardhat(copy, ["test", "solidity", ...below(solidity)]);
    if (!isSuccess) return nameOfFailure(output);
  }
  return undefined;
}

function below(tests: readonly string[]): string[] {
  return tests.map((test) => path.join("test", test));
}

/**
 * The name of the first failure in Mocha's or Hardhat's report.
 *
 * @throws TestsNotRunError when the report holds none.
 */
export function nameOfFailure(output: string): string {
  const summary = output.slice(Math.max(output.search(/\d+ failing/), 0));
  const lines = summary.split("\n").map((line) => line.trim());
  const first = lines.findIndex((line) => /^1\) /.test(line));
  if (first < 0 || !/\d+ failing/.test(output)) throw new TestsNotRunError(output);
  if (/#\w+\(/.test(lines[first] ?? "")) return (lines[first] ?? "").replace(/^1\) /, "");
  const block = lines.slice(first, first + 4);
  const end = block.findIndex((line) => line.endsWith(":") || line === "");
  return block
    .slice(0, end < 0 ? 1 : end + 1)
    .join(" › ")
    .replace(/^1\) /, "")
    .replace(/:$/, "");
}
