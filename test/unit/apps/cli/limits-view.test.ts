import { expect } from "chai";

import { limitRows } from "../../../../src/apps/cli/limits-view.ts";
import { limitsJson } from "../../../../src/site/fund-json.ts";
import type { FundLimits } from "../../../../src/execute/read-status.ts";

/** 2021-09-13T00:00:00Z */
const MONDAY = 1_631_491_200;

const LIMITS: FundLimits = {
  cutoff: MONDAY,
  returnFrom: 0,
  anyoneFrom: undefined,
  extraOpensAt: undefined,
  rebalance: { used: 2_500_000_000_000_000n, limit: 10_000_000_000_000_000n }, // 0.25 % of 1 %
  window: { used: 0n, limit: 15_000_000_000_000_000n },
  exit: { used: 0n, limit: 15_000_000_000_000_000n },
  prices: [
    { index: 0, kind: "feed", isFresh: true, age: 5400, heartbeat: 90_000 },
    { index: 4, kind: "pool", isFresh: false, age: 0, heartbeat: 0 },
  ],
};

describe("limitRows", function () {
  it("says when requests close, what is lost, and how old prices are", function () {
    expect(limitRows(LIMITS, MONDAY)).to.deep.equal([
      ["requests", "of this week close on 2021-09-13 00:00Z"],
      ["losses", "rebalance 0.25 of 1.00 %, 30 days 0.00 of 1.50 %, exit 0.00 of 1.50 %"],
      ["prices", "1 of 2 fresh, none of asset 4; oldest answer 1.5 h"],
    ]);
  });

  it("says when an exit opens to all and gets more budget", function () {
    const rows = limitRows({ ...LIMITS, anyoneFrom: MONDAY + 7200, extraOpensAt: MONDAY + 86_400 }, MONDAY);

    expect(rows.slice(2, 4)).to.deep.equal([
      ["exit open to all", "from 2021-09-13 02:00Z"],
      ["exit budget", "3 % more from 2021-09-14 00:00Z"],
    ]);
  });
});

describe("limitRows of a fund that left the market lately", function () {
  it("say when it may go back", function () {
    const rows = limitRows({ ...LIMITS, returnFrom: MONDAY + 86_400 }, MONDAY);

    expect(rows[2]).to.deep.equal(["return to bull", "from 2021-09-14 00:00Z at the earliest"]);
  });
});

describe("limitsJson", function () {
  it("gives parts as decimals, and ages of feeds alone", function () {
    expect(limitsJson(LIMITS)).to.deep.equal({
      cutoff: "2021-09-13T00:00:00Z",
      returnFrom: "1970-01-01T00:00:00Z",
      exitOpenToAll: null,
      exitExtraOpens: null,
      losses: {
        rebalance: { used: "0.0025", limit: "0.01" },
        window: { used: "0", limit: "0.015" },
        exit: { used: "0", limit: "0.015" },
      },
      prices: [
        { index: 0, kind: "feed", isFresh: true, age: 5400, heartbeat: 90_000 },
        { index: 4, kind: "pool", isFresh: false },
      ],
    });
  });
});
