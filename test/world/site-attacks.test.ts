// Tests of the server against those who mean it no good: broken questions, streams without end, readers that do not read.
import { once } from "node:events";
import { connect } from "node:net";

import { expect } from "chai";

import { EventStreams } from "../../src/apps/server/events.ts";
import { BusyError } from "../../src/apps/server/refusals.ts";
import { useServedFund } from "./served-fund.ts";
import { type ServedSite, serveTestSite } from "./served-site.ts";

/** Of `FileSlots`: as many files are given at once. */
const MOST_FILES = 8;

describe("server of the site under attack", function () {
  const fund = useServedFund();
  let site: ServedSite;

  before(async function () {
    site = await serveTestSite(fund.served(), { isMarketAwaited: false });
  });

  after(async function () {
    await site.close();
  });

  /** What the server says to bytes as they are. */
  async function told(text: string): Promise<string> {
    const socket = connect(Number(new URL(site.url).port), "127.0.0.1");
    socket.write(text);
    let answer = "";
    for await (const part of socket) answer += String(part);
    return answer;
  }

  describe("a question that is none", function () {
    const broken: Readonly<Record<string, string>> = {
      "a path that cannot be decoded": "GET /% HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
      "an unknown method": "FOO /api/now HTTP/1.1\r\nhost: x\r\n\r\n",
      "two lengths": "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      "no HTTP at all": "\x16\x03\x01 hello\r\n\r\n",
      "a head that is too large": `GET / HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(9000)}\r\n\r\n`,
    };
    for (const [name, text] of Object.entries(broken)) {
      it(`is refused with all headers of safety: ${name}`, async function () {
        const answer = await told(text);

        expect(answer).to.match(/^HTTP\/1.1 4\d\d /);
        expect(answer).to.include("content-security-policy: default-src 'none'");
        expect(answer).to.include('{"error":"BAD_REQUEST","message":"The question cannot be understood."}');
      });
    }

    for (const path of [
      ...["/api/legs?from=0000-01-01", "/api/decisions/0001-01-01", "/api/events?x=1", "/api/openapi.json?x=1"],
      ...["/api/legs?__proto__=1", "/api/legs?limit[]=1", "/api/legs?limit=%EF%BC%91"],
    ]) {
      it(`is refused as out of bounds: ${path}`, async function () {
        const { status, json } = await site.get(path);

        expect([status, json()["error"]]).to.deep.equal([400, "BAD_PARAMETER"]);
      });
    }
  });

  it("knows its own mark in a list, and when a proxy has made it weak", async function () {
    const { headers } = await site.get("/api/site");
    const etag = headers.get("etag") ?? "";

    for (const marks of [`W/${etag}`, `"other", ${etag}`, "*"]) {
      expect((await site.get("/api/site", { headers: { "if-none-match": marks } })).status, marks).to.equal(304);
    }
    expect((await site.get("/api/site", { headers: { "if-none-match": '"other"' } })).status).to.equal(200);
  });

  it("gives files again when those who held them are gone", async function () {
    const port = Number(new URL(site.url).port);
    const asked = Array.from({ length: 3 * MOST_FILES }, async () => {
      const socket = connect(port, "127.0.0.1");
      socket.write("GET /api/ledger.jsonl HTTP/1.1\r\nhost: x\r\n\r\n");
      await once(socket, "data");
      socket.destroy();
    });
    await Promise.all(asked);

    let status = 503;
    while (status === 503) ({ status } = await site.get("/api/legs.csv"));
    expect(status).to.equal(200);
  });

  describe("streams of events", function () {
    const FULL = 1000;

    /** As much of a response as a stream needs. */
    class Reader {
      writableLength = 0;
      isDestroyed = false;
      #onClose = (): void => undefined;
      readonly writeHead = (): void => undefined;
      readonly write = (): void => undefined;
      once(_: string, onClose: () => void): void {
        this.#onClose = onClose;
      }
      destroy(): void {
        this.isDestroyed = true;
        this.#onClose();
      }
      end(): void {
        this.#onClose();
      }
    }
    type Response = Parameters<EventStreams["open"]>[0];

    it("are a thousand at most, and a place is free again when a reader leaves", function () {
      const streams = new EventStreams({ subscribe: () => () => true });
      const readers = Array.from({ length: FULL }, () => new Reader());
      for (const reader of readers) streams.open(reader as unknown as Response);

      const late = new Reader() as unknown as Response;
      expect(() => {
        streams.open(late);
      }).to.throw(BusyError);
      readers[7]?.destroy();
      streams.open(late);
      streams.close();
    });

    it("send away who does not read, and listen to the site once for all", function () {
      const listeners = new Set<(event: { name: "line"; data: { sequence: number; event: string } }) => void>();
      const streams = new EventStreams({
        subscribe: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      });
      const [quick, slow] = [new Reader(), new Reader()];
      for (const reader of [quick, slow]) streams.open(reader as unknown as Response);
      slow.writableLength = 1_000_001;
      for (const listener of listeners) listener({ name: "line", data: { sequence: 1, event: "LegExecuted" } });

      expect([quick.isDestroyed, slow.isDestroyed, listeners.size]).to.deep.equal([false, true, 1]);
      streams.close();
      expect(listeners.size).to.equal(0);
    });
  });
});
