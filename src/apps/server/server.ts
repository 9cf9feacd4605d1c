// Turns a site's state into a read-only HTTP server: the API, its description, events, and the built page.
import { existsSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";

import fastifyStatic from "@fastify/static";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

import { AppError } from "../../core/errors.ts";
import { EVENTS_PATH, FILES, OPENAPI_PATH, VIEWS, type ViewName } from "../../site/endpoints.ts";
import { noQuery } from "../../site/queries.ts";
import type { Site } from "../../site/site.ts";
import { checked, isKnown } from "./asked.ts";
import { AnswerCache, type CachedAnswer } from "./answer-cache.ts";
import { EventStreams } from "./events.ts";
import { FileSlots } from "./file-slots.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import { openApi } from "./openapi.ts";
import { BusyError, bodyOf, rawRefusal, refusalOf } from "./refusals.ts";
import { addSnapshot } from "./snapshot.ts";
import { FILE_MAKERS, MAKERS, type PathValues } from "./views.ts";

/** What the server asks of a site. */
export type ServedSite = Pick<Site, "state" | "version" | "subscribe">;

/** What to serve, and where. */
export type ServerOptions = {
  readonly site: ServedSite;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Folder of the built page. */
  readonly page: string;
};

/** A server that listens. */
export type SiteServer = { readonly url: string; readonly close: () => Promise<void> };

/** The port cannot be listened on. */
export class SitePortError extends AppError {
  readonly code = "SITE_PORT_TAKEN";
  readonly kind = "usage";

  constructor(host: string, port: number, cause: unknown) {
    super(`Expected to serve the page at ${host}:${port}, but cannot listen there. Name a free port with --port.`, {
      cause,
    });
  }
}

const JSON_TYPE = "application/json; charset=utf-8";
/** {byte} Of all headers of a question, its address included. */
const LONGEST_HEAD = 8192;
const LONGEST_PART = 100;
/** {ms} For the head of a question to come in. */
const PATIENCE = 10_000;
/** Questions to the node that visitors may cause at once. */
const MOST_READS = 16;
/** {ms} That a reader may take nothing of what waits for it. */
const IDLE = 60_000;

/** Listens. @throws SitePortError */
export async function serveSite(options: ServerOptions): Promise<SiteServer> {
  const { site, host, port } = options;
  const app = fastify({
    http: { maxHeaderSize: LONGEST_HEAD },
    routerOptions: { maxParamLength: LONGEST_PART },
    bodyLimit: 1,
    requestTimeout: PATIENCE,
    connectionTimeout: IDLE,
    forceCloseConnections: true,
    frameworkErrors: (error, _, reply: FastifyReply) => {
      void refuse(reply.headers(SECURITY_HEADERS), error);
    },
    clientErrorHandler: ({ code }, socket) => {
      if (code === "ECONNRESET" || !socket.writable) socket.destroy();
      else socket.end(rawRefusal(code));
    },
  });
  const streams = new EventStreams(site);
  addRefusals(app);
  addViews(app, site);
  const slots = new FileSlots();
  addFiles(app, site, slots);
  addSnapshot(app, site, slots);
  addDescription(app);
  app.get(EVENTS_PATH, { exposeHeadRoute: false }, (request, reply) => {
    checked(noQuery, request.query);
    streams.open(reply.raw);
    reply.hijack();
  });
  await addPage(app, options.page);
  try {
    return {
      url: await app.listen({ host, port }),
      close: async () => {
        streams.close();
        await app.close();
      },
    };
  } catch (cause) {
    throw new SitePortError(host, port, cause);
  }
}

function addRefusals(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (request.method === "GET" || request.method === "HEAD") return;
    await reply
      .code(405)
      .headers({ allow: "GET, HEAD", "content-type": JSON_TYPE })
      .send(bodyOf("METHOD_NOT_ALLOWED", "Everything here is read with GET."));
  });
  app.setErrorHandler((error, _, reply) => refuse(reply, error));
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, body } = refusalOf(error);
  const retry = status === 503 ? { "retry-after": "3" } : {};
  return reply
    .code(status)
    .headers({ "content-type": JSON_TYPE, "cache-control": "no-store", ...retry })
    .send(body);
}

function addViews(app: FastifyInstance, site: ServedSite): void {
  const cache = new AnswerCache();
  let reads = 0;
  for (const name of Object.keys(VIEWS) as ViewName[]) {
    const view = VIEWS[name];
    const make = MAKERS[name] as (state: unknown, query: unknown, path: PathValues) => unknown;
    const isReading = "parameters" in view && name !== "decision";
    app.get(view.path, async (request, reply) => {
      const query = checked(view.query, request.query);
      const values = "parameters" in view ? checked(view.parameters, request.params) : {};
      const question = JSON.stringify([name, query, values]).toLowerCase();
      const answer = await cache.get(question, site.version, async () => {
        if (!isReading) return make(site.state(), query, values);
        if (reads >= MOST_READS) throw new BusyError();
        reads++;
        try {
          return await make(site.state(), query, values);
        } finally {
          reads--;
        }
      });
      return sendJson(request, reply, answer);
    });
  }
}

/** `no-cache` lets a browser keep the answer and ask whether it still holds. */
function sendJson(request: FastifyRequest, reply: FastifyReply, { body, etag }: CachedAnswer) {
  reply.headers({ etag, "cache-control": "no-cache" });
  if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.header("content-type", JSON_TYPE).send(body);
}

function addFiles(app: FastifyInstance, site: ServedSite, slots: FileSlots): void {
  for (const [name, file] of Object.entries(FILES)) {
    const make = FILE_MAKERS[name as keyof typeof FILES];
    app.get(file.path, { exposeHeadRoute: false }, (request, reply) => {
      const query = checked(file.query, request.query);
      const values = "parameters" in file ? checked(file.parameters, request.params) : {};
      slots.take(reply);
      const parts = Readable.from(make(site.state(), query, values));
      const suffix = path.extname(file.path);
      return reply
        .headers({
          "content-type": `${file.type}; charset=utf-8`,
          "content-disposition": `attachment; filename="tm100-${name}${suffix}"`,
          "cache-control": "no-store",
        })
        .send(parts);
    });
  }
}

function addDescription(app: FastifyInstance): void {
  const body = `${JSON.stringify(openApi())}\n`;
  app.get(OPENAPI_PATH, (request, reply) => {
    checked(noQuery, request.query);
    return reply.header("content-type", JSON_TYPE).send(body);
  });
}

/** Files whose names hold their content's hash never change; everything that is no file is the page itself. */
async function addPage(app: FastifyInstance, folder: string): Promise<void> {
  const isBuilt = existsSync(path.join(folder, "index.html"));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: path.resolve(folder),
      preCompressed: true,
      setHeaders: (reply, file) => {
        const isHashed = path.relative(folder, file).startsWith(`assets${path.sep}`);
        reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const isOfApi = request.url.startsWith("/api");
    if (isOfApi || path.extname(request.url.split("?")[0] ?? "") !== "") {
      return reply.code(404).header("content-type", JSON_TYPE).send(bodyOf("NOT_FOUND", "There is nothing here."));
    }
    if (isBuilt) return reply.sendFile("index.html");
    return reply
      .type("text/plain; charset=utf-8")
      .send("The page is not built: npm run build. The API is at /api/openapi.json.\n");
  });
}
