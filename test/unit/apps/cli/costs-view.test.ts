import { expect } from "chai";

import { costRows, guardRows } from "../../../../src/apps/cli/costs-view.ts";
import { costsJson, guardsJson } from "../../../../src/site/fund-json.ts";
import type { FundCosts, FundGuards } from "../../../../src/execute/read-costs.ts";

/** 2021-09-13T00:00:00Z */
const MONDAY = 1_631_491_200;
const COIN = { symbol: "USDC", decimals: 6 };

const COSTS: FundCosts = {
  swing: { deposit: 30, redemption: 45, least: 30, most: 100 },
  measured: { mean: 12, rebalances: 3 },
  fee: { now: 150, bull: 150, bear: 40, mostBull: 200, mostBear: 50 },
  cap: { limit: 1500n * 10n ** 18n, used: 1200n * 10n ** 18n, room: 300_000_000n },
  depositsPausedUntil: MONDAY,
  leastDeposit: 1_000_000n,
  leastRedemption: 10n ** 18n,
};

const NO_GUARDS: FundGuards = { buyingPausedUntil: undefined, closed: [], quarantined: [], abandonedFrom: undefined };
const GUARDS: FundGuards = { buyingPausedUntil: MONDAY, closed: [3, 7], quarantined: [4], abandonedFrom: MONDAY };

describe("costRows", function () {
  it("say every cost and limit of a depositor", function () {
    expect(costRows(COSTS, COIN)).to.deep.equal([
      ["deposit costs", "0.30 %; least 1.000000 USDC"],
      ["redemption costs", "0.45 %; least 1.000000 TM100, or all"],
      ["swing", "0.30 % to 1.00 %; last 3 rebalances cost 0.12 % on average"],
      ["management fee", "1.50 % a year now; bull 1.50 % (most 2.00 %), bear 0.40 % (most 0.50 %)"],
      ["deposit cap", "1,200.00 of 1,500.00 USD, room for 300.0000 USDC"],
      ["deposits", "paused until 2021-09-13 00:00Z"],
    ]);
  });

  it("say that there is no cap, no pause and nothing measured", function () {
    const rows = costRows({ ...COSTS, measured: undefined, cap: undefined, depositsPausedUntil: undefined }, COIN);

    expect(rows.slice(2)).to.deep.equal([
      ["swing", "0.30 % to 1.00 %; no rebalance has finished"],
      ["management fee", "1.50 % a year now; bull 1.50 % (most 2.00 %), bear 0.40 % (most 0.50 %)"],
      ["deposit cap", "none"],
    ]);
  });
});

describe("guardRows", function () {
  it("say what keeps the fund from trading", function () {
    expect(guardRows(GUARDS)).to.deep.equal([
      ["buying", "paused until 2021-09-13 00:00Z"],
      ["closed to buying", "asset 3, asset 7"],
      ["quarantine", "asset 4"],
      ["abandoned", "from 2021-09-13 00:00Z anyone may sell, if nothing finishes before"],
    ]);
  });

  it("say nothing when nothing does", function () {
    expect(guardRows(NO_GUARDS)).to.deep.equal([]);
  });
});

describe("costsJson and guardsJson", function () {
  it("give basis points, and amounts as decimals", function () {
    expect(costsJson(COSTS, COIN)).to.deep.equal({
      swingBps: { deposit: 30, redemption: 45, least: 30, most: 100 },
      measuredBps: { mean: 12, rebalances: 3 },
      feeBpsPerYear: { now: 150, bull: 150, bear: 40, mostBull: 200, mostBear: 50 },
      depositCap: { limitUsd: "1500", usedUsd: "1200", room: "300" },
      depositsPausedUntil: "2021-09-13T00:00:00Z",
      leastDeposit: "1",
      leastRedemption: "1",
    });
  });

  it("give null where there is nothing", function () {
    expect(guardsJson(NO_GUARDS)).to.deep.equal({
      buyingPausedUntil: null,
      closed: [],
      quarantined: [],
      abandonedFrom: null,
    });
    expect(guardsJson(GUARDS)).to.deep.equal({
      buyingPausedUntil: "2021-09-13T00:00:00Z",
      closed: [3, 7],
      quarantined: [4],
      abandonedFrom: "2021-09-13T00:00:00Z",
    });
  });
});
