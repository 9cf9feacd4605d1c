// Turns a command line into a finished child process, or into the reason why it failed.
import { spawn } from "node:child_process";

/** @typedef {{ cwd: string, env: NodeJS.ProcessEnv }} Surroundings */

/** What a shell gives back for a command that it cannot find. */
const NOT_FOUND = 127;
const FORWARDED = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
/** File descriptor of standard error. */
const STDERR = 2;

/** A step of the preparation failed; its own output is already on standard error. */
export class StepError extends Error {
  /**
   * @param {string} message What failed and what to do.
   * @param {number} exitCode Of the step.
   */
  constructor(message, exitCode) {
    super(message);
    this.name = "StepError";
    this.exitCode = exitCode;
  }
}

/**
 * Runs one step of the preparation; whatever it prints goes to standard error.
 *
 * @param {readonly string[]} command
 * @param {Surroundings & { hint: string }} options `hint` says what to do when the step fails.
 * @throws StepError when the step ends with anything but 0.
 */
export async function runStep(command, { cwd, env, hint }) {
  const [name = "", ...args] = command;
  const end = await ended(spawn(name, args, { cwd, env, stdio: ["ignore", STDERR, STDERR] }));
  if (end.missing)
    throw new StepError(`\`${name}\` could not be started (${end.reason}). Is it on the PATH?`, end.code);
  if (end.code !== 0) throw new StepError(`\`${command.join(" ")}\` failed (${end.reason}). ${hint}`, end.code);
}

/**
 * Runs the command that all was prepared for, with this process's own streams and signals.
 *
 * @param {readonly string[]} command
 * @param {Surroundings} surroundings
 * @returns {Promise<number>} Its exit code.
 * @throws StepError when there is no such command.
 */
export async function passOn(command, { cwd, env }) {
  const [name = "", ...args] = command;
  const child = spawn(name, args, { cwd, env, stdio: "inherit" });
  for (const signal of FORWARDED) process.on(signal, () => reachesChild(signal) || child.kill(signal));
  const end = await ended(child);
  if (end.missing) throw new StepError(`\`${name}\` could not be started (${end.reason}).`, end.code);
  if (end.signal !== null) {
    for (const signal of FORWARDED) process.removeAllListeners(signal);
    process.kill(process.pid, end.signal);
  }
  return end.code;
}

/**
 * A terminal sends Ctrl-C to the child as well; a second one would cut its orderly end short.
 *
 * @param {NodeJS.Signals} signal
 */
function reachesChild(signal) {
  return signal === "SIGINT" && process.stdin.isTTY;
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<{ code: number, reason: string, signal: NodeJS.Signals | null, missing: boolean }>}
 */
function ended(child) {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      resolve({ code: NOT_FOUND, reason: error.message, signal: null, missing: true });
    });
    child.on("close", (code, signal) => {
      resolve({ code: code ?? 1, reason: signal ?? `exit code ${code}`, signal, missing: false });
    });
  });
}
