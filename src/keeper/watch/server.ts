// Turns requests of this machine into the keeper's health, figures and state, and into a pause.
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { z } from "zod";

import { AppError } from "../../core/errors.ts";
import type { Json } from "../../core/canonical-json.ts";

/** What the server tells and takes. */
export type Desk = {
  /** Empty while all is well; else what is wrong. */
  readonly troubles: () => readonly string[];
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
  readonly status: () => Promise<Json>;
  readonly pause: (reason: string) => Promise<void>;
  readonly resume: () => Promise<void>;
};

/** A server that listens. */
export type KeeperServer = { readonly port: number; readonly close: () => Promise<void> };

/** The port cannot be listened on. */
export class PortTakenError extends AppError {
  readonly code = "PORT_TAKEN";
  readonly kind = "usage";

  constructor(port: number, cause: unknown) {
    super(`Expected to listen on 127.0.0.1:${port}, but another program does. Name a free port with --port.`, {
      cause,
    });
  }
}

/** {byte} More than any reason for a pause. */
const LONGEST_BODY = 4096;
const HOSTS = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const pauseSchema = z.object({ reason: z.string().trim().min(1).max(500) });

type Answer = { readonly status: number; readonly type: string; readonly text: string };

/** Listens on 127.0.0.1 alone. @param port 0 picks a free one. */
export async function serveDesk(desk: Desk, port: number): Promise<KeeperServer> {
  const server = createServer((request, response) => {
    answer(desk, request)
      .catch((error: unknown) => json(500, { error: error instanceof AppError ? error.code : "UNEXPECTED" }))
      .then((found) => {
        give(response, found);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new PortTakenError(port, cause));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Another site's page in a browser of this machine gets nothing: its Host or content type betrays it. */
async function answer(desk: Desk, request: IncomingMessage): Promise<Answer> {
  if (!HOSTS.test(request.headers.host ?? "")) return json(403, { error: "ask 127.0.0.1" });
  const [path] = (request.url ?? "/").split("?");
  if (request.method === "POST") return change(desk, path ?? "/", request);
  if (request.method !== "GET") return json(405, { error: "GET or POST" });
  switch (path) {
    case "/healthz": {
      const troubles = desk.troubles();
      return json(troubles.length === 0 ? 200 : 503, { ok: troubles.length === 0, troubles });
    }
    case "/metrics": {
      const { type, text } = await desk.metrics();
      return { status: 200, type, text };
    }
    case "/status":
      return json(200, await desk.status());
    default:
      return json(404, { error: "/healthz, /metrics, /status, or POST /pause and /resume" });
  }
}

async function change(desk: Desk, path: string, request: IncomingMessage): Promise<Answer> {
  if (request.headers["content-type"] !== "application/json") return json(415, { error: "send application/json" });
  const body = await bodyOf(request);
  if (path === "/resume") {
    await desk.resume();
    return json(200, { paused: false });
  }
  if (path !== "/pause") return json(404, { error: "POST /pause or /resume" });
  const asked = pauseSchema.safeParse(body);
  if (!asked.success) return json(400, { error: 'expected {"reason":"…"}' });
  await desk.pause(asked.data.reason);
  return json(200, { paused: true });
}

/** Undefined when it is no JSON or too long. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) {
    text += String(part);
    if (text.length > LONGEST_BODY) return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function json(status: number, document: Json): Answer {
  return { status, type: "application/json; charset=utf-8", text: `${JSON.stringify(document)}\n` };
}

function give(response: ServerResponse, { status, type, text }: Answer): void {
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}
