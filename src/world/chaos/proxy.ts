// Turns a node into one behind a proxy, which decides of each request what becomes of it.
import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { numberToHex } from "viem";
import { z } from "zod";

import { type Ask, type Question, falseAnswer, laggingAnswer } from "./lies.ts";

/** What is asked of a node. */
export type Asked = Question;

/**
 * What becomes of a request: answered; refused with a status; never answered; heard by the node, while the answer is
 * lost; taken by nobody although it is said to be (of a transaction); answered as of the block before the newest, or by
 * a node that is `blocks` behind, that lies, or that is of another chain.
 */
export type Fate =
  | "pass"
  | "status-429"
  | "status-500"
  | "silence"
  | "answer-lost"
  | "swallowed"
  | "stale-head"
  | { readonly kind: "behind"; readonly blocks: number }
  | { readonly kind: "lie"; readonly shift: number }
  | { readonly kind: "other-chain"; readonly chainId: number };

/** A node behind a proxy. */
export type Proxy = { readonly url: string; readonly close: () => Promise<void> };

/** Decides of each request, in the order in which they come. */
export type FateOf = (asked: Asked) => Fate | Promise<Fate>;

/** Opens a proxy on a free port of 127.0.0.1. */
export async function openProxy(upstream: string, fateOf: FateOf): Promise<Proxy> {
  const server = createServer((request, response) => {
    void serve(upstream, fateOf, { request, response }).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

const requestSchema = z.object({ id: z.unknown(), method: z.string(), params: z.array(z.unknown()).optional() });

async function serve(upstream: string, fateOf: FateOf, { request, response }: Exchange): Promise<void> {
  const { id, ...asked } = requestSchema.parse(JSON.parse(await textOf(request)));
  const fate = await fateOf(asked);
  if (fate === "silence") return;
  if (fate === "status-429" || fate === "status-500") {
    response.writeHead(Number(fate.slice(-3))).end();
    return;
  }
  const answer = await answerOf((one) => ask(upstream, one), asked, fate);
  const body = JSON.stringify({ jsonrpc: "2.0", id, ...answer });
  if (fate === "answer-lost") response.destroy();
  else response.writeHead(200, { "content-type": "application/json" }).end(body);
}

type Answer = { readonly result: unknown } | { readonly error: unknown };

/** What the node refuses is passed on as it is. */
async function answerOf(ask: Ask, asked: Asked, fate: Exclude<Fate, "silence">): Promise<Answer> {
  try {
    return { result: await resultOf(ask, asked, fate) };
  } catch (error) {
    if (error instanceof RefusalError) return { error: error.refusal };
    throw error;
  }
}

async function resultOf(ask: Ask, asked: Asked, fate: Exclude<Fate, "silence">): Promise<unknown> {
  if (fate === "stale-head") return laggingAnswer(ask, asked, 1);
  if (fate === "swallowed") return HASH_OF_NOTHING;
  if (typeof fate === "string") return ask(asked);
  if (fate.kind === "behind") return laggingAnswer(ask, asked, fate.blocks);
  if (fate.kind === "lie") return falseAnswer(ask, asked, fate.shift);
  return asked.method === "eth_chainId" ? numberToHex(fate.chainId) : ask(asked);
}

const HASH_OF_NOTHING = `0x${"cd".repeat(32)}`;

/** What a node said instead of an answer. */
class RefusalError extends Error {
  readonly refusal: unknown;

  constructor(refusal: unknown) {
    super("the node refused");
    this.refusal = refusal;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function ask(upstream: string, asked: Asked): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 0, ...asked });
  const answer = (await (await fetch(upstream, { method: "POST", headers, body })).json()) as Answer;
  if ("error" in answer) throw new RefusalError(answer.error);
  return answer.result;
}
