// Turns a node into one behind a proxy, which decides of each request what becomes of it.
import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A JSON-RPC request. */
export type Asked = {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[] | undefined;
};

/**
 * What becomes of a request: answered; refused with a status; never answered; heard by the node, while the answer is
 * lost; or answered as of the block before the newest.
 */
export type Fate = "pass" | "status-429" | "status-500" | "silence" | "answer-lost" | "stale-head";

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

async function serve(upstream: string, fateOf: FateOf, { request, response }: Exchange): Promise<void> {
  const asked = JSON.parse(await textOf(request)) as Asked;
  const fate = await fateOf(asked);
  if (fate === "silence") return;
  if (fate === "status-429" || fate === "status-500") {
    response.writeHead(Number(fate.slice(-3))).end();
    return;
  }
  const answer = await (fate === "stale-head" ? askLagging(upstream, asked) : ask(upstream, asked));
  if (fate === "answer-lost") response.destroy();
  else response.writeHead(200, { "content-type": "application/json", connection: "close" }).end(answer);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function ask(upstream: string, asked: Asked): Promise<string> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ jsonrpc: "2.0", ...asked });
  return (await fetch(upstream, { method: "POST", headers, body })).text();
}

/** The answer of a node that is one block behind. */
async function askLagging(upstream: string, asked: Asked): Promise<string> {
  const head = JSON.parse(await ask(upstream, { id: 0, method: "eth_blockNumber", params: [] })) as { result: string };
  const before = `0x${(BigInt(head.result) - 1n).toString(16)}`;
  if (asked.method === "eth_blockNumber") return JSON.stringify({ jsonrpc: "2.0", id: asked.id, result: before });
  return ask(upstream, { ...asked, params: (asked.params ?? []).map((one) => (one === "latest" ? before : one)) });
}
