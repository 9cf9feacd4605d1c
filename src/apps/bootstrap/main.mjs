// Turns `main.mjs <command...>` into that command run in a prepared checkout. Plain JavaScript for Node 18 or later,
// without dependencies: it runs before there are any.
import { fileURLToPath } from "node:url";

import { prepare } from "./prepare.mjs";
import { passOn, StepError } from "./step.mjs";

const command = process.argv.slice(2);

/** @param {string} line */
const say = (line) => process.stderr.write(`bootstrap: ${line}\n`);

try {
  const env = await prepare({ root: fileURLToPath(new URL("../../..", import.meta.url)), say });
  if (command.length > 0) process.exitCode = await passOn(command, { cwd: process.cwd(), env });
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
