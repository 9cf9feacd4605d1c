// Turns a question to this server's API into its checked answer, or into a named failure.
import "./zod-setup.ts";
import type { z } from "zod";

import { FILES, SNAPSHOT, VIEWS, type ViewName as Endpoint } from "../../../site/endpoints.ts";
import { refusalSchema } from "../../../site/answers/health.ts";
import { PageError } from "../errors.ts";

/** What an endpoint answers. */
export type Answer<Name extends Endpoint> = z.output<(typeof VIEWS)[Name]["answer"]>;

/** What the page knows of the fund before it asks anything else. */
export type Site = Answer<"site">;

/** Parts of the path and of the query; what is undefined or empty is left out. */
export type Question = Readonly<Record<string, string | number | undefined>>;

/** The server cannot be asked, or does not know: what follows must come from the chain. */
export class ServerDownError extends PageError {
  constructor(found: string, cause?: unknown) {
    super("SERVER_DOWN", `Expected an answer from this page's server, found ${found}.`, cause);
  }
}

/** The server refuses a question. */
export class ServerRefusedError extends PageError {
  constructor(words: string) {
    super("SERVER_REFUSED", words);
  }
}

/**
 * Asks the server.
 *
 * @throws ServerDownError when there is no answer or not one as described; ServerRefusedError when it says why not.
 */
export async function ask<Name extends Endpoint>(
  name: Name,
  question: Question = {},
  signal?: AbortSignal,
): Promise<Answer<Name>> {
  const { path, answer } = VIEWS[name];
  const body = await fetchJson(addressOf(path, question), signal);
  const parsed = answer.safeParse(body);
  if (!parsed.success) throw new ServerDownError(`an answer of another form for ${path}`, parsed.error);
  return parsed.data as Answer<Name>;
}

/** The address of a file, for a link. */
export function fileAddress(name: keyof typeof FILES, question: Question = {}): string {
  return addressOf(FILES[name].path, question);
}

/** The address of what a Monday's decision was taken from. */
export function snapshotAddress(monday: string): string {
  return addressOf(SNAPSHOT.path, { week: monday });
}

function addressOf(path: string, question: Question): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const [key, value] of Object.entries(question)) {
    if (value === undefined || value === "") continue;
    if (filled.includes(`:${key}`)) filled = filled.replace(`:${key}`, encodeURIComponent(value));
    else query.set(key, String(value));
  }
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

async function fetchJson(address: string, signal: AbortSignal | undefined): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { accept: "application/json" },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new ServerDownError("none", cause);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  const refusal = refusalSchema.safeParse(body);
  if (response.status < 500 && refusal.success) throw new ServerRefusedError(refusal.data.message);
  throw new ServerDownError(refusal.success ? refusal.data.message : `status ${response.status}`);
}
