// Turns this checkout into the commit that a deployment's record names.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The commit of this program, with `dirty` when files were changed; `unknown` outside of a checkout. */
export async function commitOf(): Promise<string> {
  const run = promisify(execFile);
  try {
    const cwd = import.meta.dirname;
    const { stdout: commit } = await run("git", ["rev-parse", "HEAD"], { cwd });
    const { stdout: changed } = await run("git", ["status", "--porcelain", "--untracked-files=no"], { cwd });
    return changed === "" ? commit.trim() : `${commit.trim()} dirty`;
  } catch {
    return "unknown";
  }
}
