// Tests of src/keeper on a fund of the local market: a week is played once, wherever the keeper dies.
import { expect } from "chai";

import { DAY } from "../../src/core/time.ts";
import type { MarketSnapshot } from "../../src/world/market.ts";
import type { World } from "../../src/world/week.ts";
import {
  BULL,
  FIRST,
  type Plot,
  type Stage,
  crashingAt,
  linesOf,
  live,
  openStage,
  startFund,
  wallClock,
} from "./keeper-support.ts";
import { MONDAY } from "./support.ts";

const INTO_THE_MARKET: Plot = { weeks: { [FIRST]: { regime: "bull", parts: BULL } } };
/** {s} */
const PUBLICATION = MONDAY + 1800;
const NOON = MONDAY + DAY / 2;

describe("a keeper that dies", function () {
  this.timeout(600_000);
  let world: World;
  let saved: MarketSnapshot;

  before(async function () {
    ({ world, saved } = await startFund());
    wallClock.time = 1_600_000_000_000;
  });
  afterEach(async function () {
    saved = await world.market.revert(saved);
  });
  after(() => world.market.close());

  for (const moment of ["before", "after"] as const) {
    it(`plays the week once although it dies at each write, ${moment} the line is on disk`, async function () {
      const clean = await world.market.snapshot();
      let back = clean;
      let deaths = 0;
      for (let write = 1; ; write++) {
        const own = openStage(world);
        const crash = crashingAt(write, moment);
        await live(own, [PUBLICATION, NOON], { plot: INTO_THE_MARKET, wrap: crash.wrap });
        const found = await accountOf(own);
        await own.remove();
        back = await world.market.revert(back);
        if (!crash.hasDied()) break;
        deaths += 1;

        expect(found, `death at write ${write}`).to.deep.include({ published: 1, started: 1, finished: 1, open: 0 });
        expect(new Set(found.positions).size, `death at write ${write}`).to.equal(found.positions.length);
        expect(found.sent, `death at write ${write}`).to.equal(found.journaled);
      }

      expect(deaths).to.be.at.least(16); // two tasks of two lines each, and two transactions of six
    });
  }

  async function accountOf(own: Stage) {
    const { chain } = world.market;
    const lines = await own.store().journal("key:keeper").entries();
    const legs = await linesOf(world, "LegExecuted");
    return {
      published: (await linesOf(world, "TargetPublished")).length,
      started: (await linesOf(world, "RebalanceStarted")).length,
      finished: (await linesOf(world, "RebalanceFinished")).length,
      positions: legs.map(({ args }) => Number(args.position)),
      open: (await own.store().journal("key:keeper").unfinished()).length,
      sent: await chain.publicClient.getTransactionCount({ address: chain.accounts.keeper.address }),
      journaled: lines.filter(({ step }) => step === "final").length,
    };
  }
});
