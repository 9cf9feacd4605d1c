// Turns what a node says instead of logs into whether to ask for fewer blocks, or later; nodes have no common words for it.
import {
  BaseError,
  HttpRequestError,
  ProviderRpcError,
  ResponseBodyTooLargeError,
  RpcError,
  RpcRequestError,
  TimeoutError,
} from "viem";

import { AppError } from "../core/errors.ts";

/** Why a node gave nothing. */
export type Refusal =
  /** Later: it limits the rate. `waitMs` {ms} is what it asks for; undefined when it does not say. */
  | { readonly kind: "busy"; readonly waitMs: number | undefined }
  /** Fewer blocks may do. `most` {block} is the largest range that it says it takes, `next` one that would do this time. */
  | { readonly kind: "too-much"; readonly most?: number; readonly next?: number }
  /** It took too long, which fewer blocks may help. */
  | { readonly kind: "slow" };

/** "Limit exceeded" of EIP-1474, which stands for too many requests as well as for too many results. */
const LIMIT_EXCEEDED = -32005;
/** QuickNode's own, and that of nodes which repeat HTTP's in the body. */
const RATE_CODES: ReadonlySet<number> = new Set([429, -32007]);
const RATE_WORDS =
  /rate.?limit|too many requests|request (limit|count)|requests? per|per second|compute units|throughput|throttl/i;
/** Of a call that a contract refused. */
const REVERTED = 3;
const REVERT_WORDS = /^execution reverted/i;
/** A node that is behind, or prunes, answers so about a block that it does not have. */
const BLOCK_MISSING = /header not found|unknown block|block not found|missing trie node|not (yet )?available/i;
const METHOD_MISSING = -32601;
const SIZE_WORDS = /results|logs|response|size|range|blocks/i;
const TOO_MANY_REQUESTS = 429;
const TOO_LARGE = 413;
const UNAVAILABLE = 503;
const GATEWAY_TIMEOUT = 504;
/** "[0x1, 0x2f]", as Alchemy and Infura propose. */
const PROPOSED = /\[(0x[0-9a-f]+),\s*(0x[0-9a-f]+)\]/i;
/** "retry with the range 16-47", as reth proposes. */
const PROPOSED_PLAIN = /range (\d+)-(\d+)/i;
/** "limited to a 10,000 range", "up to a 2K block range", "maximum block range: 50000", "ranges over 10000 blocks", … */
const STATED =
  /(?:limited to|up to|max(?:imum)? (?:block )?range|maximum is set to|limit of|limit is|ranges? over|greater than|blocks is)[:\s]+(?:an? |0 - )?([\d,]*\d)(k?)\b(?![\d,])(?! *(?:results|logs))/i;

/** Undefined when nothing says that another question could be answered. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof BaseError)) return undefined;
  // What has a name already is about something else, for example that no node can be used.
  if (causeIn(error, AppError) !== undefined) return undefined;
  if (causeIn(error, ResponseBodyTooLargeError) !== undefined) return { kind: "too-much" };
  if (causeIn(error, TimeoutError) !== undefined) return { kind: "slow" };
  const http = causeIn(error, HttpRequestError);
  if (http !== undefined) return httpRefusal(http);
  const said = causeIn(error, RpcRequestError) ?? causeIn(error, RpcError);
  // A wallet that says no means it.
  if (said === undefined || said instanceof ProviderRpcError) return undefined;
  return rpcRefusal(said.code, said.details);
}

/** True when a node says that it does not have a block. */
export function isBlockMissing(words: string): boolean {
  return BLOCK_MISSING.test(words);
}

/** True when a node's refusal is about the rate of requests, and not about one of them. */
export function isAboutRate(code: number, words: string): boolean {
  if (code === REVERTED || REVERT_WORDS.test(words)) return false; // a contract's words, whatever they say
  if (RATE_CODES.has(code) || RATE_WORDS.test(words)) return true;
  return code === LIMIT_EXCEEDED && !SIZE_WORDS.test(words);
}

function rpcRefusal(code: number, words: string): Refusal | undefined {
  if (isAboutRate(code, words)) return { kind: "busy", waitMs: undefined };
  return code === METHOD_MISSING || isBlockMissing(words) ? undefined : tooMuch(words);
}

/** With what the words say of blocks. */
function tooMuch(words: string): Refusal {
  const [, from, to] = PROPOSED.exec(words) ?? PROPOSED_PLAIN.exec(words) ?? [];
  const [, digits = "", thousand = ""] = STATED.exec(words) ?? [];
  const most = Number(digits.replaceAll(",", "")) * (thousand === "" ? 1 : 1000);
  const isOfBlocks = most > 0 && /range|block/i.test(words) && from === undefined;
  return {
    kind: "too-much",
    ...(from === undefined ? {} : { next: Number(to) - Number(from) + 1 }),
    ...(isOfBlocks ? { most } : {}),
  };
}

function httpRefusal({ status, headers }: HttpRequestError): Refusal | undefined {
  const waitMs = waitIn(headers?.get("Retry-After") ?? "");
  if (status === TOO_MANY_REQUESTS) return { kind: "busy", waitMs };
  if (status === UNAVAILABLE && waitMs !== undefined) return { kind: "busy", waitMs };
  if (status === TOO_LARGE) return { kind: "too-much" };
  return status === GATEWAY_TIMEOUT ? { kind: "slow" } : undefined;
}

/** {ms} Of a Retry-After: seconds, or a date. */
function waitIn(text: string): number | undefined {
  if (text === "") return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function causeIn<Kind>(error: BaseError, kind: abstract new (...args: never[]) => Kind): Kind | undefined {
  return (error.walk((cause) => cause instanceof kind) as Kind | null) ?? undefined;
}
