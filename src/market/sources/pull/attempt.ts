// Turns a request that may fail for a while into one that is tried again, with growing pauses.
import { setTimeout as wait } from "node:timers/promises";
import pRetry from "p-retry";
import type { z } from "zod";
import { AppError } from "../../../core/errors.ts";
import { RateLimitedError, SchemaDriftError } from "./errors.ts";

/** How often a request is tried again, and how long the pauses are. */
export type Patience = {
  readonly retries: number;
  /** {ms} The first pause; each is twice the one before. */
  readonly pause: number;
  /** {ms} */
  readonly longestPause: number;
};

/** A minute in all. */
export const USUAL_PATIENCE: Patience = { retries: 5, pause: 2000, longestPause: 60_000 };

/** Calls until it succeeds, fails for good, or has been tried often enough; waits as long as a source asks for. */
export async function attempt<T>(call: () => Promise<T>, patience: Patience): Promise<T> {
  return await pRetry(call, {
    retries: patience.retries,
    minTimeout: patience.pause,
    maxTimeout: patience.longestPause,
    factor: 2,
    shouldRetry: ({ error }) => error instanceof AppError && error.retryable,
    onFailedAttempt: async ({ error, retriesLeft }) => {
      if (retriesLeft > 0 && error instanceof RateLimitedError && error.wait !== undefined) await wait(error.wait);
    },
  });
}

/** {ms} What a Retry-After header asks for: seconds, or a date. */
export function retryAfter(header: string | null | undefined, now: number): number | undefined {
  if (header === null || header === undefined || header === "") return undefined;
  const milliseconds = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

/** The answer as the schema has it. @throws SchemaDriftError naming the first field that does not fit. */
export function checkedAnswer<T>(request: string, schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SchemaDriftError(request, issue?.path.join(".") ?? "", issue?.message ?? "");
}
