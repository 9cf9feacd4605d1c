// Turns what goes wrong in the page into named errors with words for the person in front of it.
import { AppError } from "../../core/errors.ts";

/** Something in the page did not work. The message says what was expected, what was found and what to do. */
export class PageError extends AppError {
  readonly kind = "usage";
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** One sentence for whatever was thrown. */
export function wordsOfError(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof Error) return error.message.split("\n")[0] ?? error.message;
  return String(error);
}
