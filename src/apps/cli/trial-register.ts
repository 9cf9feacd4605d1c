// Turns trials into lines appended to the repository's register, and the register into the count that reports show.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { type RegisteredTrial, countTrials, parseRegister, registerLine } from "../../research/register.ts";

/** The register of this checkout; its lines are committed. */
export const DEFAULT_REGISTER = join(import.meta.dirname, "../../../data/trials.jsonl");

/** The register cannot be read or written. */
export class UnusableRegisterError extends AppError {
  readonly code = "UNUSABLE_REGISTER";
  readonly kind = "data";

  constructor(path: string, cause: unknown) {
    super(
      `The register of trials ${path} cannot be used (${cause instanceof Error ? cause.message : String(cause)}). ` +
        "Every trial has to be written down: give another file with --register.",
      { cause },
    );
  }
}

/** What the register says after a run. */
export type Registered = { readonly path: string; readonly trialsRun: number };

/**
 * Appends the trials that are not in the register yet, and counts all that are. Nothing is ever changed or removed.
 *
 * @throws BrokenRegisterError, UnusableRegisterError
 */
export function registerTrials(path: string, trials: readonly RegisteredTrial[]): Registered {
  const known = readRegister(path);
  const ids = new Set(known.map(({ id }) => id));
  const fresh = trials.filter(({ id }) => !ids.has(id));
  if (fresh.length > 0) {
    attempt(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, fresh.map((trial) => `${registerLine(trial)}\n`).join(""));
    });
  }
  return { path, trialsRun: countTrials([...known, ...fresh]) };
}

/** The trials of a register; none where there is no file. */
export function readRegister(path: string): RegisteredTrial[] {
  return existsSync(path) ? parseRegister(attempt(path, () => readFileSync(path, "utf8"))) : [];
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new UnusableRegisterError(path, cause);
  }
}
