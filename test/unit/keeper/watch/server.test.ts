// Tests of src/keeper/watch/server.ts over HTTP.
import { request } from "node:http";

import { expect } from "chai";

import { type KeeperServer, PortTakenError, serveDesk } from "../../../../src/keeper/watch/server.ts";
import { failureOf } from "../../../failure-of.ts";

describe("serveDesk", function () {
  let server: KeeperServer;
  let troubles: string[];
  let paused: string | undefined;

  beforeEach(async function () {
    [troubles, paused] = [[], undefined];
    server = await serveDesk(
      {
        troubles: () => troubles,
        metrics: () => Promise.resolve({ type: "text/plain", text: "tm100_keeper_due 0\n" }),
        status: () => Promise.resolve({ regime: "bull" }),
        pause: (reason) => {
          paused = reason;
          return Promise.resolve();
        },
        resume: () => {
          paused = undefined;
          return Promise.resolve();
        },
      },
      0,
    );
  });
  afterEach(() => server.close());

  const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  const post = (path: string, body: string, type = "application/json") =>
    ask(path, { method: "POST", body, headers: { "content-type": type } });

  it("is healthy while there is no trouble", async function () {
    const well = await ask("/healthz");
    troubles = ["no cycle has ended for 16 minutes"];
    const ill = await ask("/healthz");

    expect([well.status, await well.json()]).to.deep.equal([200, { ok: true, troubles: [] }]);
    expect([ill.status, await ill.json()]).to.deep.equal([503, { ok: false, troubles }]);
  });

  it("gives figures and state", async function () {
    expect(await (await ask("/metrics")).text()).to.equal("tm100_keeper_due 0\n");
    expect(await (await ask("/status?x=1")).json()).to.deep.equal({ regime: "bull" });
  });

  it("pauses with a reason, and resumes", async function () {
    const answer = await post("/pause", '{"reason":"a look"}');
    const during = paused;
    await post("/resume", "{}");

    expect([answer.status, during, paused]).to.deep.equal([200, "a look", undefined]);
  });

  for (const body of ["", "{}", '{"reason":" "}', `{"reason":"${"x".repeat(5000)}"}`]) {
    it(`refuses to pause for ${body.slice(0, 20) || "nothing"}`, async function () {
      expect((await post("/pause", body)).status).to.equal(400);
      expect(paused).to.equal(undefined);
    });
  }

  it("takes no form of another site: it must be JSON, for which a browser asks first", async function () {
    expect((await post("/pause", '{"reason":"x"}', "text/plain")).status).to.equal(415);
    expect((await ask("/pause", { method: "OPTIONS" })).status).to.equal(405);
    expect(paused).to.equal(undefined);
  });

  it("answers no other name than this machine's: a page cannot make its own name point here", async function () {
    const status = await new Promise((resolve) => {
      const headers = { host: "evil.example" };
      request({ port: server.port, host: "127.0.0.1", path: "/status", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });

    expect(status).to.equal(403);
  });

  it("knows nothing else", async function () {
    expect((await ask("/")).status).to.equal(404);
    expect((await post("/metrics", "{}")).status).to.equal(404);
  });

  it("says when the port is taken", async function () {
    const desk = { troubles: () => [] } as unknown as Parameters<typeof serveDesk>[0];

    expect(await failureOf(serveDesk(desk, server.port))).to.be.instanceOf(PortTakenError);
  });
});
