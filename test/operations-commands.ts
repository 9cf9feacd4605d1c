// Turns docs/operations.md into its commands, by the heading that they stand under, and runs them as a person would.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type CliRun, runCli } from "./cli-run.ts";

/** A command as it stands in the document. */
export type DocumentCommand = string;

/** Commands by heading, in their order; headings without a command are left out. */
export function documentCommands(): ReadonlyMap<string, readonly DocumentCommand[]> {
  const text = readFileSync(new URL("../docs/operations.md", import.meta.url), "utf8");
  const parts = text.split(/^#{2,3} /m).slice(1);
  return new Map(
    parts.flatMap((part) => {
      const [heading = "", ...lines] = part.split("\n");
      const commands = lines.filter((line) => /^ {4}(\w+=\S+ )*tm100 /.test(line)).map((line) => line.trim());
      return commands.length === 0 ? [] : [[heading, commands] as const];
    }),
  );
}

/** Runs a command: its variables get values, and its files of keys stand in a folder. */
export async function runDocumented(
  command: DocumentCommand,
  { folder, values }: { readonly folder: string; readonly values: Readonly<Record<string, string>> },
): Promise<CliRun> {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
  const filled = words.map((word) => word.replaceAll(/\$([A-Z_]+)/g, (all, name: string) => values[name] ?? all));
  const start = filled.indexOf("tm100");
  const settings = filled.slice(0, start).map((word) => word.split(/=(.*)/s).slice(0, 2) as [string, string]);
  const args = filled
    .slice(start + 1)
    .map((word) => (/^[\w-]+\.(json|password)$/.test(word) ? join(folder, word) : word));
  for (const [name, value] of settings) process.env[name] = value;
  try {
    return await runCli(args);
  } finally {
    for (const [name] of settings) Reflect.deleteProperty(process.env, name);
  }
}
