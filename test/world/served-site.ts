// A page and API over a fund that is served, looked at whenever a test says so.
import { createPublicClient, http } from "viem";

import { type SiteServer, serveSite } from "../../src/apps/server/server.ts";
import { Site } from "../../src/site/site.ts";
import type { ServedFund } from "./served-fund.ts";

/** What the server answered. */
export type Got = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: () => Record<string, unknown>;
};

/** A server with its site. */
export type ServedSite = {
  readonly site: Site;
  readonly url: string;
  readonly get: (path: string, init?: RequestInit) => Promise<Got>;
  readonly close: () => Promise<void>;
};

/** Serves on a free port; the chain was looked at once, and market data are there. */
export async function serveTestSite(
  { rpc, world }: Pick<ServedFund, "rpc" | "world">,
  { page = "/nonexistent", isMarketAwaited = true, folder = "/nonexistent" } = {},
): Promise<ServedSite> {
  const client = createPublicClient({ transport: http(rpc), cacheTime: 0 });
  const fund = { client, deployment: world.fund.deployment() };
  const site = new Site({ fund, file: ":memory:", folder, data: "simulated", rpc, clock: () => performance.now() });
  await site.refresh();
  while (isMarketAwaited && site.state().market.state === "reading") {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const server: SiteServer = await serveSite({ site, host: "127.0.0.1", port: 0, page });
  return {
    site,
    url: server.url,
    get: async (path, init) => {
      const answer = await fetch(`${server.url}${path}`, init);
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        json: () => JSON.parse(text) as Record<string, unknown>,
      };
    },
    close: async () => {
      await server.close();
      await site.close();
    },
  };
}
