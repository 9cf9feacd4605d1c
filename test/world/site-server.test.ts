// Tests of what the server refuses and allows: headers, methods, files, events, the page.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { SitePortError, serveSite } from "../../src/apps/server/server.ts";
import { failureOf } from "../failure-of.ts";
import { type Document, useServedFund } from "./served-fund.ts";
import { type ServedSite, serveTestSite } from "./served-site.ts";

describe("server of the site", function () {
  const fund = useServedFund();
  let site: ServedSite;
  let folder: string;

  before(function () {
    folder = mkdtempSync(join(tmpdir(), "tm100-page-"));
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>TM Global 100</title>");
    writeFileSync(join(folder, "assets", "app-1a2b.js"), "export {};");
    writeFileSync(join(folder, "..", "secret-of-the-test.txt"), "not of the page");
  });

  after(function () {
    rmSync(folder, { recursive: true });
    rmSync(join(folder, "..", "secret-of-the-test.txt"));
  });

  beforeEach(async function () {
    site = await serveTestSite(fund.served(), { page: folder, isMarketAwaited: false });
  });

  afterEach(async function () {
    await site.close();
  });

  describe("headers", function () {
    const answers = [
      "/api/now",
      "/api/legs.csv",
      "/api/openapi.json",
      "/",
      "/assets/app-1a2b.js",
      "/api/none",
      "/api/legs?limit=0",
    ];
    for (const path of answers) {
      it(`of ${path} allow no other site's anything`, async function () {
        const { headers } = await site.get(path);

        const policy = (headers.get("content-security-policy") ?? "").split("; ");
        expect(policy).to.include.members([
          ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"],
          ...[
            "base-uri 'none'",
            "form-action 'none'",
            "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
          ],
        ]);
        expect(policy.join()).not.to.include("unsafe");
        expect(headers.get("x-content-type-options")).to.equal("nosniff");
        expect(headers.get("x-frame-options")).to.equal("DENY");
        expect(headers.get("referrer-policy")).to.equal("no-referrer");
        expect(headers.get("cross-origin-resource-policy")).to.equal("same-origin");
        expect(headers.get("cross-origin-opener-policy")).to.equal("same-origin-allow-popups");
        expect(headers.get("access-control-allow-origin")).to.equal(null);
      });
    }

    it("of the event stream are the same", async function () {
      const abort = new AbortController();
      const { headers } = await fetch(`${site.url}/api/events`, { signal: abort.signal });
      abort.abort();

      expect(headers.get("content-security-policy")).to.include("default-src 'none'");
      expect(headers.get("content-type")).to.equal("text/event-stream; charset=utf-8");
    });

    it("let a browser keep hashed files for ever, and ask for everything else", async function () {
      const [page, script, view] = await Promise.all(
        ["/", "/assets/app-1a2b.js", "/api/site"].map((path) => site.get(path)),
      );

      expect(page?.headers.get("cache-control")).to.equal("no-cache");
      expect(script?.headers.get("cache-control")).to.equal("public, max-age=31536000, immutable");
      expect(view?.headers.get("cache-control")).to.equal("no-cache");
    });
  });

  describe("methods", function () {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      it(`does not answer ${method}`, async function () {
        const { status, headers } = await site.get("/api/now", { method });

        expect([status, headers.get("allow")]).to.deep.equal([405, "GET, HEAD"]);
      });
    }

    it("answers HEAD without a body", async function () {
      const { status, text, headers } = await site.get("/api/now", { method: "HEAD" });

      expect([status, text]).to.deep.equal([200, ""]);
      expect(Number(headers.get("content-length"))).to.be.greaterThan(500);
    });

    it("refuses a body", async function () {
      const { status } = await site.get("/api/now", { method: "POST", body: "x".repeat(100_000) });

      expect(status).to.equal(405);
    });
  });

  it("answers a question anew only when something has changed", async function () {
    const { headers } = await site.get("/api/now");
    const etag = headers.get("etag") ?? "";
    const same = await site.get("/api/now", { headers: { "if-none-match": etag } });
    await fund.served().world.market.chain.mine();
    await site.site.refresh();
    const changed = await site.get("/api/now", { headers: { "if-none-match": etag } });

    expect([same.status, same.text, changed.status]).to.deep.equal([304, "", 200]);
  });

  describe("page", function () {
    it("is given for every address that is no file and not of the API", async function () {
      for (const path of ["/", "/holdings", "/account/0x12?x=1"]) {
        const { status, headers, text } = await site.get(path);

        expect([status, headers.get("content-type")?.split(";")[0]], path).to.deep.equal([200, "text/html"]);
        expect(text).to.include("TM Global 100");
      }
    });

    it("has no file outside its folder", async function () {
      for (const path of [
        "/../secret-of-the-test.txt",
        "/..%2fsecret-of-the-test.txt",
        "/assets/..%2f..%2f..%2fsecret-of-the-test.txt",
      ]) {
        expect(await rawGet(site.url, path), path).not.to.include("not of the page");
      }
      expect((await site.get("/none.js")).status).to.equal(404);
    });
  });

  it("streams a block and the lines in it when they come", async function () {
    const abort = new AbortController();
    const { body } = await fetch(`${site.url}/api/events`, { signal: abort.signal });
    await fund.tm100("redeem", "3", "--account", "alice");
    await site.site.refresh();

    let text = "";
    for await (const part of body as ReadableStream<Uint8Array>) {
      text += Buffer.from(part).toString();
      if (text.includes("event: block")) break;
    }
    abort.abort();

    expect(text).to.match(/event: line\ndata: \{"sequence":\d+,"event":"RedemptionRequested"\}\n\nevent: block\n/);
  });

  it("writes legs as CSV, a row a leg", async function () {
    const { text, headers } = await site.get("/api/legs.csv?order=oldest");

    const rows = text.trim().split("\r\n");
    const { legs } = (await site.get("/api/legs?order=oldest")).json() as { legs: Document[] };
    expect(headers.get("content-disposition")).to.equal('attachment; filename="tm100-legs.csv"');
    expect(rows.length).to.equal(legs.length + 1);
    expect(rows[1]?.split(",").slice(0, 2)).to.deep.equal([String(legs[0]?.["sequence"]), legs[0]?.["time"]]);
  });

  it("refuses a port that is taken by name", async function () {
    const port = Number(new URL(site.url).port);

    const failure = await failureOf(serveSite({ site: site.site, host: "127.0.0.1", port, page: folder }));

    expect(failure).to.be.instanceOf(SitePortError);
  });

  describe("when the node is gone", function () {
    it("keeps what it knows, says so, and comes back", async function () {
      const { client } = site.site.state().fund;
      const { getBlock } = client;
      client.getBlock = () => Promise.reject(new TypeError("fetch failed"));
      await site.site.refresh();
      const [health, now] = [(await site.get("/api/health")).json(), await site.get("/api/now")];
      client.getBlock = getBlock;
      await site.site.refresh();

      expect([health["ok"], health["troubles"], now.status]).to.deep.equal([false, ["The node does not answer."], 200]);
      expect((await site.get("/api/health")).json()["ok"]).to.equal(true);
    });
  });
});

/** What a server says to a path that no client would send as it is. */
async function rawGet(url: string, path: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  let text = "";
  for await (const part of socket) text += String(part);
  return text;
}
