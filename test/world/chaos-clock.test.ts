// Tests of the scenario of clocks (src/world/chaos): seeded, small, on the real local chain.
import { expect } from "chai";

import { randomStream } from "../../src/core/random.ts";
import { WEEK } from "../../src/core/time.ts";
import { planMoments } from "../../src/world/chaos/clock-plan.ts";
import { playClocks } from "../../src/world/chaos/clocks.ts";
import { raceKeepers } from "../../src/world/chaos/races.ts";

const NEVER = Number.POSITIVE_INFINITY;

describe("the moments of a keeper whose clock is set", function () {
  const plans = Array.from({ length: 20 }, (_, seed) => planMoments(randomStream(seed), 8));

  it("follow one another, and end with four sound days", function () {
    for (const moments of plans) {
      expect(moments.map(({ at }) => at)).to.deep.equal(moments.map(({ at }) => at).sort((a, b) => a - b));
      const last = moments.filter(({ at }) => at >= 8 * WEEK - 4 * 86_400);
      expect(last.every(({ off, isUp }) => off === 0 && isUp)).to.equal(true);
    }
  });

  it("hold clocks that are off by minutes, hours and days in both directions, and outages of weeks", function () {
    const all = plans.flat();

    for (const most of [900, 3600, 86_400, 10 * 86_400]) {
      expect(all.some(({ off }) => off > most / 10 && off <= most)).to.equal(true);
      expect(all.some(({ off }) => -off > most / 10 && -off <= most)).to.equal(true);
    }
    expect(plans.some((moments) => moments.filter(({ isUp }) => !isUp).length > 3 * 25)).to.equal(true);
  });

  it("are the same for the same seed", function () {
    expect(planMoments(randomStream(3), 8)).to.deep.equal(plans[3]);
  });
});

describe("two keepers on one journal", function () {
  this.timeout(600_000);

  it("publish each week once and leave at once, whatever their clock says", async function () {
    const [calmer, wilder] = await playClocks(2, { rounds: 2, weeks: 6, until: NEVER });

    expect([calmer?.breaches, wilder?.breaches]).to.deep.equal([[], []]);
    expect(calmer?.account.weeks.size).to.equal(6); // off for hours only
    expect(wilder?.account.weeks.size).to.be.lessThan(6); // off for weeks
    expect(calmer?.account.finished).to.be.at.least(2); // into the market, and out of it
  });

  it("of processes that start at once finish one rebalance", async function () {
    const { breaches, rounds, finished } = await raceKeepers(4, { rounds: 1, until: NEVER });

    expect([breaches, rounds, finished]).to.deep.equal([[], 2, 2]);
  });
});
