// Turns a URL into checked JSON, within a rate limit and with retries.
import pThrottle from "p-throttle";
import type { z } from "zod";
import { type Patience, attempt, checkedAnswer, retryAfter } from "./attempt.ts";
import { BrokenAnswerError, RateLimitedError, SourceRefusedError, SourceUnavailableError } from "./errors.ts";

/** {ms} */
const TIMEOUT = 30_000;
const TOO_MANY = 429;
const SERVER_ERROR = 500;

/** How a source is asked. */
export type HttpOptions = {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Requests allowed in a minute. */
  readonly perMinute: number;
  readonly patience: Patience;
};

/** Asks for a path with a query and checks the answer. */
export type GetJson = <T>(path: string, query: Readonly<Record<string, string>>, schema: z.ZodType<T>) => Promise<T>;

/** A client of one source. */
export function httpClient({ baseUrl, headers, perMinute, patience }: HttpOptions): GetJson {
  const throttled = pThrottle({ limit: perMinute, interval: 60_000 })(
    async (url: URL) => await fetchText(url, headers),
  );
  return async (path, query, schema) => {
    const url = new URL(`${baseUrl}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return await attempt(async () => {
      const text = await throttled(url);
      return checkedAnswer(nameOf(url), schema, parseJson(url, text));
    }, patience);
  };
}

async function fetchText(url: URL, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await reach(url, headers);
  const body = await bodyOf(url, response);
  if (response.ok) return body;
  if (response.status === TOO_MANY)
    throw new RateLimitedError(nameOf(url), retryAfter(response.headers.get("retry-after"), Date.now()));
  if (response.status >= SERVER_ERROR) throw new SourceUnavailableError(nameOf(url), `status ${response.status}`);
  throw new SourceRefusedError(nameOf(url), { status: response.status, body });
}

async function reach(url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT) });
  } catch (cause) {
    throw new SourceUnavailableError(nameOf(url), reason(cause), { cause });
  }
}

async function bodyOf(url: URL, response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new BrokenAnswerError(nameOf(url), reason(cause), { cause });
  }
}

function parseJson(url: URL, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BrokenAnswerError(nameOf(url), `${text.length} characters ending in '${text.slice(-40)}'`, { cause });
  }
}

// Keys travel in headers, so that a URL can be shown.
function nameOf(url: URL): string {
  return `${url.host}${url.pathname}`;
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message} (${cause.cause.message})` : cause.message;
}
