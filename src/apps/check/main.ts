// Turns the checkout into one line a check, with the output of those that fail; exits with 1 when one does.
import { spawnSync } from "node:child_process";

import { solidityFiles, tooLong } from "./solidity-files.ts";

type Verdict = { readonly passed: boolean; readonly output: string };
type Check = { readonly name: string; readonly run: () => Verdict };

/** Quick ones first. The contracts are built by then, and the tests come after. */
const CHECKS: readonly Check[] = [
  { name: "imports", run: () => command("depcruise", "src", "--config", ".dependency-cruiser.js") },
  { name: "unused", run: () => command("knip", "--no-config-hints") },
  { name: "solidity", run: solidity },
  { name: "format", run: () => command("prettier", "--check", "--log-level", "warn", ".") },
  { name: "types", run: () => command("tsc", "--noEmit") },
  { name: "page", run: () => command("tsc", "--noEmit", "-p", "src/apps/web") },
  { name: "lint", run: () => command("eslint", ".", "--max-warnings", "0") },
];

const verdicts = CHECKS.map(report);
process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1;

function report({ name, run }: Check): Verdict {
  const start = performance.now();
  const verdict = run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${verdict.passed ? "ok    " : "FAILED"}  ${name.padEnd(8)}  ${seconds.padStart(5)} s`);
  if (!verdict.passed) console.log(verdict.output.trim());
  return verdict;
}

function solidity(): Verdict {
  const long = tooLong(solidityFiles(["contracts"]));
  if (long.length > 0) return { passed: false, output: long.join("\n") };
  const files = solidityFiles(["contracts", "test/contracts"]);
  if (files.length === 0) return { passed: true, output: "" };
  // Without `--disc` solhint asks the network for a newer version of itself.
  return command("solhint", "--max-warnings", "0", "--noPoster", "--disc", ...files);
}

function command(name: string, ...args: readonly string[]): Verdict {
  const { status, stdout, stderr, error } = spawnSync(name, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  return { passed: status === 0, output: error?.message ?? stdout + stderr };
}
