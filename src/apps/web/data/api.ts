// Turns a question to this server's API into its checked answer, or into a named failure.
import "./zod-setup.ts";
import type { z } from "zod";

import { FILES, SNAPSHOT, VIEWS, type ViewName as Endpoint } from "../../../site/endpoints.ts";
import { refusalSchema } from "../../../site/answers/health.ts";
import { PageError } from "../errors.ts";
import { type Store, createStore, useStore } from "./store.ts";

/** What an endpoint answers. */
export type Answer<Name extends Endpoint> = z.output<(typeof VIEWS)[Name]["answer"]>;

/** What the page knows of the fund before it asks anything else. */
export type Site = Answer<"site">;

/** Parts of the path and of the query; what is undefined or empty is left out. */
export type Question = Readonly<Record<string, string | number | undefined>>;

/** HTTP's Service Unavailable. */
const UNREADY = 503;

/** The server cannot be asked, or does not know: what follows must come from the chain. */
export class ServerDownError extends PageError {
  constructor(found: string, cause?: unknown) {
    super("SERVER_DOWN", `Expected an answer from this page's server, found ${found}.`, cause);
  }
}

/** The server is there, but cannot answer yet or is too busy. */
export class ServerUnreadyError extends ServerDownError {}

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
  try {
    const answer = await answerTo(name, question, signal);
    answeredAt = Date.now();
    silence.set(undefined);
    return answer;
  } catch (error) {
    const isSilent = error instanceof ServerDownError && !(error instanceof ServerUnreadyError);
    if (isSilent && silence.get() === undefined) silence.set({ answeredAt });
    throw error;
  }
}

/** The server does not answer; when it last did. */
export type Silence = { readonly answeredAt: number | undefined }; // {ms} since 1970, by this browser's clock

let answeredAt: number | undefined;
const silence: Store<Silence | undefined> = createStore<Silence | undefined>(undefined);

/** From a question without an answer on, until one is answered. */
export function useSilence(): Silence | undefined {
  return useStore(silence);
}

async function answerTo<Name extends Endpoint>(
  name: Name,
  question: Question,
  signal: AbortSignal | undefined,
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

/** The text of a file of this server. @param most {byte} @throws PageError when it is larger. */
export async function fetchText(address: string, most: number, signal: AbortSignal): Promise<string> {
  const { body } = await fetched(address, signal);
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  for await (const part of partsOf(body)) {
    size += part.length;
    if (size > most)
      throw new PageError("FILE_TOO_LARGE", `Expected ${most} bytes at most from ${address}, found more.`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Browsers lack the iterator that node has. */
async function* partsOf(body: Response["body"]): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) yield part.value;
  } finally {
    await reader?.cancel();
  }
}

async function fetchJson(address: string, signal: AbortSignal | undefined): Promise<unknown> {
  const response = await fetched(address, signal);
  const body: unknown = await response.json().catch(() => undefined);
  if (body === undefined) throw new ServerDownError("an answer that is no JSON");
  return body;
}

/** @throws ServerDownError, ServerUnreadyError, ServerRefusedError unless there is what was asked for. */
async function fetched(address: string, signal: AbortSignal | undefined): Promise<Response> {
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
  if (response.ok) return response;
  const refusal = refusalSchema.safeParse(await response.json().catch(() => undefined));
  if (response.status < 500 && refusal.success) throw new ServerRefusedError(refusal.data.message);
  if (response.status === UNREADY && refusal.success)
    throw new ServerUnreadyError(`status ${UNREADY}: ${refusal.data.message}`);
  throw new ServerDownError(refusal.success ? refusal.data.message : `status ${response.status}`);
}
