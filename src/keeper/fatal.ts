// Turns an error into the one in its chain of causes that ends the cycle, if there is one.
import type { AppError } from "../core/errors.ts";
import { FencedError } from "./fence.ts";
import { JournalUnwritableError } from "./store/errors.ts";

/** What makes every further deed of this cycle wrong; those who send wrap it into errors of their own. */
export function fatalCauseOf(error: unknown): AppError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof FencedError || current instanceof JournalUnwritableError) return current;
  }
  return undefined;
}
