// Turns the built page into a server whose API may be silent, with the security policy that the page must bear.
import { existsSync, readFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

import { PAGE_FOLDER } from "../../src/apps/server/page-folder.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** Nothing but this server's own files, and any node that the visitor names. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' http: https:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A served page. */
export type StaticPage = { readonly origin: string; readonly close: () => Promise<void> };

/** Serves the built page; every question to the API fails. */
export async function serveStaticPage(): Promise<StaticPage> {
  if (!existsSync(join(PAGE_FOLDER, "index.html"))) throw new TypeError("the page is not built: run `npm run build`");
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? "/", "http://page");
  const file = join(PAGE_FOLDER, pathname === "/" ? "index.html" : pathname);
  if (pathname.startsWith("/api/") || !file.startsWith(PAGE_FOLDER) || !existsSync(file)) {
    response.writeHead(pathname.startsWith("/api/") ? 502 : 404).end();
    return;
  }
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain", "content-security-policy": POLICY });
  response.end(readFileSync(file));
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
