import { expect } from "chai";
import { HttpRequestError, LimitExceededRpcError, RpcRequestError, TimeoutError, UserRejectedRequestError } from "viem";

import { LogSpan } from "../../../src/execute/log-span.ts";
import { isAboutRate, refusalOf } from "../../../src/execute/log-refusals.ts";
import { AppError } from "../../../src/core/errors.ts";

const url = "http://node";

const said = (code: number, message: string) =>
  refusalOf(new RpcRequestError({ body: {}, error: { code, message }, url }));

describe("refusalOf", function () {
  // As the nodes of each provider write them.
  const TOO_MUCH: readonly (readonly [string, number, string, object])[] = [
    [
      "Alchemy",
      -32602,
      "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the " +
        "response size, or you can request any block range with a cap of 10K logs in the response. Based on your " +
        "parameters and the response size limit, this block range should work: [0x10, 0x2f]",
      { next: 32 },
    ],
    ["Infura", -32005, "query returned more than 10000 results. Try with this block range [0x1, 0x4].", { next: 4 }],
    ["Infura's range", -32602, "range 1000000 exceeds limit of 10000", { most: 10_000 }],
    ["QuickNode", -32614, "eth_getLogs is limited to a 10,000 range", { most: 10_000 }],
    ["publicnode", -32701, "exceed maximum block range: 50000", { most: 50_000 }],
    ["drpc", 35, "ranges over 10000 blocks are not supported on freetier", { most: 10_000 }],
    [
      "thirdweb",
      -32005,
      "Log response size exceeded. Maximum allowed number of requested blocks is 1000",
      { most: 1000 },
    ],
    ["reth's results", -32602, "query exceeds max results 20000, retry with the range 16-47", { next: 32 }],
    ["reth's range", -32602, "query exceeds max block range 100000", { most: 100_000 }],
    ["geth", -32000, "query timeout exceeded", {}],
    ["a comma in a limit of results", -32005, "limit of 10,000 results, narrow the block range", {}],
    ["a comma before logs", -32005, "limit is 20,000 logs per block range", {}],
    ["a limit of results alone", -32005, "logs matched by query exceeds limit of 10000", {}],
  ];
  for (const [node, code, message, stated] of TOO_MUCH) {
    it(`reads from ${node} that it is too much`, function () {
      expect(said(code, message)).to.deep.equal({ kind: "too-much", ...stated });
    });
  }

  for (const [node, code, message] of [
    ["Infura", -32005, "daily request count exceeded, request rate limited"],
    ["Alchemy", 429, "Your app has exceeded its compute units per second capacity"],
    ["QuickNode", -32007, "15/second request limit reached - reduce calls per second"],
    ["others", -32005, "limit exceeded"],
  ] as const) {
    it(`reads from ${node} that it is too often`, function () {
      expect(said(code, message)).to.deep.equal({ kind: "busy", waitMs: undefined });
    });
  }

  it("takes a contract's own words for no limit, and a lack of block or method for nothing to ask again", function () {
    expect(isAboutRate(3, "execution reverted: rate limit")).to.equal(false);
    expect(isAboutRate(-32000, "execution reverted: 5 per second")).to.equal(false);
    expect(said(-32601, "the method eth_getLogs does not exist")).to.equal(undefined);
    expect(said(-32000, "missing trie node 12ab")).to.equal(undefined);
  });

  it("reads how long to wait from seconds and from a date", function () {
    const busy = (retryAfter: string) =>
      refusalOf(new HttpRequestError({ url, status: 429, headers: new Headers({ "Retry-After": retryAfter }) }));

    expect(busy("7")).to.deep.equal({ kind: "busy", waitMs: 7000 });
    expect(busy("Mon, 01 Jan 2024 00:00:00 GMT")).to.deep.equal({ kind: "busy", waitMs: 0 });
  });

  it("looks through viem's own errors", function () {
    const inner = new RpcRequestError({ body: {}, error: { code: -32005, message: "limit exceeded" }, url });

    expect(refusalOf(new LimitExceededRpcError(inner))?.kind).to.equal("busy");
    expect(refusalOf(new TimeoutError({ body: {}, url }))).to.deep.equal({ kind: "slow" });
  });

  it("finds none in what fewer blocks do not help", function () {
    class Named extends AppError {
      readonly code = "NAMED";
      readonly kind = "chain";
    }

    expect(refusalOf(new HttpRequestError({ url, status: 401 }))).to.equal(undefined);
    expect(refusalOf(new UserRejectedRequestError(new TypeError("no")))).to.equal(undefined);
    expect(refusalOf(new LimitExceededRpcError(new Named("no node is left")))).to.equal(undefined);
  });
});

describe("LogSpan", function () {
  it("keeps to the range that a node states, for good", function () {
    const span = new LogSpan(100);

    expect(span.refused({ kind: "too-much", most: 30 }, 100)).to.equal(true);
    for (let page = 0; page < 100; page++) span.answered(30);

    expect(span.size).to.equal(30);
  });

  it("takes what a node proposes, and comes back to more after thirty answers", function () {
    const span = new LogSpan(100);
    span.refused({ kind: "too-much", next: 20 }, 100);
    for (let page = 0; page < 29; page++) span.answered(20);
    const before = span.size;

    span.answered(20);

    expect([before, span.size]).to.deep.equal([20, 40]);
  });

  it("halves down to one block, and no further", function () {
    const span = new LogSpan(4);

    expect(span.refused({ kind: "too-much" }, 4)).to.equal(true);
    expect(span.refused({ kind: "too-much", next: 2 }, 2)).to.equal(true);
    expect(span.size).to.equal(1);
    expect(span.refused({ kind: "too-much" }, 1)).to.equal(false);
  });

  it("stays with what most nodes take once a larger range brought nothing, and no word why", function () {
    const span = new LogSpan(80_000);

    expect(span.failed(80_000)).to.equal(true);
    expect(span.failed(10_000)).to.equal(false);
    for (let page = 0; page < 100; page++) span.answered(span.size);
    expect(span.size).to.equal(10_000);
  });

  it("counts ranges that were asked for together as slow once", function () {
    const span = new LogSpan(1000);

    expect([1000, 1000, 1000, 1000].map((blocks) => span.refused({ kind: "slow" }, blocks))).to.not.include(false);
    expect(span.size).to.equal(500);
  });

  it("gives up on a node that is slow with any range", function () {
    const span = new LogSpan(1000);

    expect([1000, 500, 250, 125].map((blocks) => span.refused({ kind: "slow" }, blocks))).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
  });
});
