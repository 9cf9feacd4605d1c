// Turns folders into the Solidity files in them, and those into the list of what is too long to read.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Lines of a contract with its NatSpec. */
const MOST_LINES = 600;

/** Paths of all Solidity files under `folders`; a folder that does not exist has none. */
export function solidityFiles(folders: readonly string[]): string[] {
  return folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".sol"))
      .map((file) => path.join(folder, file)),
  );
}

/** One line for each of `files` that has more than 600 lines. */
export function tooLong(files: readonly string[]): string[] {
  return files
    .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > MOST_LINES)
    .map(({ file, lines }) => `${file} has ${lines} lines, more than ${MOST_LINES}`);
}
