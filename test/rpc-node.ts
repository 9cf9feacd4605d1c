// Turns a local chain into a node over HTTP that fails the way a test wants.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { LocalChain } from "../src/world/local-chain.ts";

export type RpcCall = { readonly method: string; readonly params: readonly unknown[] };

/** As it comes over the wire. */
type RpcMessage = { readonly id: number; readonly method: string; readonly params?: readonly unknown[] };

/** How a request is answered: `status` without a body, `silent` never, `cut` after the chain did it, or with a result. */
export type Twist = (
  call: RpcCall,
  pass: () => Promise<unknown>,
) => Promise<
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | "silent"
  | "cut"
  | { readonly result: unknown }
  | undefined
>;

/** A node; `twist` may be exchanged while it runs, undefined gives the chain's own answers. */
export type RpcNode = {
  readonly url: string;
  readonly calls: readonly RpcCall[];
  twist: Twist | undefined;
  readonly close: () => Promise<void>;
};

/** Serves a chain on a free port of this machine. Its address has a path that looks like a secret. */
export async function serveNode(chain: LocalChain): Promise<RpcNode> {
  const calls: RpcCall[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      void answer(JSON.parse(Buffer.concat(parts).toString()) as RpcMessage);
    });
    const reply = (id: number, body: object): void => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
    };
    const answer = async ({ id, method, params = [] }: RpcMessage): Promise<void> => {
      calls.push({ method, params });
      const pass = (): Promise<unknown> => chain.provider.request({ method, params: [...params] });
      try {
        const twisted = await node.twist?.({ method, params }, pass);
        if (twisted === "silent") return;
        if (twisted === "cut") response.destroy();
        else if (twisted === undefined) reply(id, { result: await pass() });
        else if ("status" in twisted) response.writeHead(twisted.status, twisted.headers).end("{}");
        else reply(id, twisted);
      } catch (error) {
        const { code = -32_000, message, data } = error as { code?: number; message: string; data?: unknown };
        reply(id, { error: { code, message, data } });
      }
    };
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const node: RpcNode = {
    url: `http://127.0.0.1:${port}/v2/SECRET`,
    calls,
    twist: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return node;
}
