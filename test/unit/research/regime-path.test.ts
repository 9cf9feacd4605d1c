// Tests of src/research/regime-path.ts: entry on Sundays, exit on any day, limits on the way back.
import { expect } from "chai";
import type { ExitRule, Wish } from "../../../src/research/deciders/decider.ts";
import { type RegimePath, regimePath } from "../../../src/research/regime-path.ts";
import { regimeSchema } from "../../../src/regime/parameters.ts";
import { pathOfLevels } from "../../research-data.ts";

const PARAMETERS = regimeSchema.parse({});

function paths(wishes: readonly Wish[], exitDays: readonly number[] = [], missing: readonly number[] = []): RegimePath {
  const path = pathOfLevels(wishes.map(() => 100));
  const quality = path.quality.map((one, week) => (missing.includes(week) ? { ...one, missingWeight: 0.5 } : one));
  const exit: ExitRule = {
    name: "days",
    exits: ({ daily }) => Uint8Array.from(daily, (_, day) => (exitDays.includes(day) ? 1 : 0)),
  };
  return regimePath({ ...path, quality }, { decider: { name: "given", wishes: () => [...wishes] }, exit }, PARAMETERS);
}

function sundays({ inMarket }: RegimePath): string {
  return [...inMarket].filter((_, day) => day % 7 === 0).join("");
}

describe("regimePath", function () {
  it("begins in stablecoins and stays as it was without a wish", function () {
    const found = paths([undefined, "bull", undefined, "bear", undefined]);

    expect(sundays(found)).to.equal("01100");
    expect(found.switches.map(({ date, to, isDaily }) => [date, to, isDaily])).to.deep.equal([
      ["2018-01-08", "bull", false], // the Monday after the second Sunday, 2018-01-07
      ["2018-01-22", "bear", false],
    ]);
  });

  it("leaves on the day of a daily exit and comes back on a Sunday, 14 days later at the earliest", function () {
    const found = paths(["bull", "bull", "bull", "bull", "bull"], [3]);

    // Out from day 3 on (decided 2018-01-04). Sundays of days 7 and 14 lie 4 and 11 days after it, day 21 lies 18 after.
    expect([...found.inMarket.subarray(0, 8)].join("")).to.equal("11100000");
    expect(sundays(found)).to.equal("10011");
    expect(found.heldBy.slice(1, 4)).to.deep.equal(["dwell", "dwell", undefined]);
    expect(found.switches[1]).to.deep.equal({ day: 3, date: "2018-01-04", to: "bear", isDaily: true });
  });

  it("does not return while the daily check says to leave", function () {
    expect(sundays(paths(["bull", "bull", "bull", "bull", "bull", "bull"], [3, 21, 28]))).to.equal("100001");
  });

  it("returns to bull three times within 90 days and no more", function () {
    const swing: Wish[] = ["bull", "bear", "bear", "bull", "bear", "bear", "bull", "bear", "bear", "bull"];
    const found = paths([...swing, "bull", "bull", "bull", "bull", "bull"]);

    // Returns on days 1, 22, 43 after the start; the fourth waits until 90 days after the first: the Monday of day 92.
    expect(sundays(found)).to.equal("100100100000011");
    expect(found.heldBy[9]).to.equal("flips");
  });

  it("is held while too much of the index has no price, also when it wants to leave", function () {
    expect(sundays(paths(["bull", "bear", "bear"], [], [1]))).to.equal("110");
  });
});
