// Turns what goes wrong with a question into a status, a code and words for whoever asked.
import { type z } from "zod";

import { AppError } from "../../core/errors.ts";
import { SECURITY_HEADERS } from "./headers.ts";

/** The question does not keep to its form or bounds. */
export class BadParameterError extends AppError {
  readonly code = "BAD_PARAMETER";
  readonly kind = "usage";

  constructor(error: z.ZodError) {
    const words = error.issues.map(({ path, message }) => `${path.join(".") || "question"}: ${message}`);
    super(words.join("; ").slice(0, LONGEST));
  }
}

/** Too many ask at once for what takes long. */
export class BusyError extends AppError {
  readonly code = "BUSY";
  readonly kind = "chain";
  override readonly retryable = true;

  constructor() {
    super("Too many questions are under way. Ask again in a few seconds.");
  }
}

/** {character} Of a refusal. */
const LONGEST = 500;
const STATUSES: Readonly<Record<string, number>> = {
  BAD_PARAMETER: 400,
  NOT_FOUND: 404,
  NOT_READY: 503,
  BUSY: 503,
};

/** A refusal; of what is no deliberate failure nothing is told but that it happened. */
export function refusalOf(error: unknown): { readonly status: number; readonly body: string } {
  if (error instanceof AppError) {
    const status = STATUSES[error.code] ?? (error.kind === "chain" ? 502 : 500);
    return { status, body: bodyOf(error.code, status === 500 ? "The answer could not be made." : error.message) };
  }
  const { statusCode } = error as { readonly statusCode?: unknown };
  const isRefused = typeof statusCode === "number" && statusCode >= 400 && statusCode < 500;
  if (isRefused) return { status: statusCode, body: bodyOf("BAD_REQUEST", "The question cannot be understood.") };
  return { status: 500, body: bodyOf("UNEXPECTED", "The answer could not be made.") };
}

/** The JSON of a refusal. */
export function bodyOf(error: string, message: string): string {
  return `${JSON.stringify({ error, message })}\n`;
}

/** What node's parser refuses before it is a question. */
const PARSER_STATUSES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** A whole answer, head included, to what is no question of HTTP; the connection ends with it. */
export function rawRefusal(code: string): string {
  const body = bodyOf("BAD_REQUEST", "The question cannot be understood.");
  const headers = { ...SECURITY_HEADERS, "content-type": "application/json; charset=utf-8", connection: "close" };
  const lines = Object.entries({ ...headers, "content-length": String(body.length) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `HTTP/1.1 ${PARSER_STATUSES[code] ?? "400 Bad Request"}\r\n${lines.join("")}\r\n${body}`;
}
