// Turns a promise that should be rejected into its error.
import type { AppError } from "../src/core/errors.ts";

/** The error that a promise is rejected with. */
export async function failureOf(action: Promise<unknown>): Promise<AppError> {
  try {
    await action;
  } catch (failure) {
    return failure as AppError;
  }
  throw new TypeError("expected a failure");
}
