// Runs a command line inside the test's process and keeps what it prints.
import { runProgram } from "../src/apps/cli/program.ts";

/** How a command ended, and what it printed. */
export type CliRun = { readonly code: number; readonly out: string; readonly err: string };

/** Runs one command; nothing else may print meanwhile. */
export async function runCli(args: readonly string[]): Promise<CliRun> {
  const { stdout, stderr } = process;
  const [writeOut, writeErr] = [stdout.write.bind(stdout), stderr.write.bind(stderr)];
  const [out, err]: [string[], string[]] = [[], []];
  stdout.write = (part: string | Uint8Array): boolean => out.push(String(part)) > 0;
  stderr.write = (part: string | Uint8Array): boolean => err.push(String(part)) > 0;
  try {
    const code = await runProgram(args);
    return { code, out: out.join(""), err: err.join("") };
  } finally {
    stdout.write = writeOut;
    stderr.write = writeErr;
  }
}
