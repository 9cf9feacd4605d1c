// Tests of src/keeper/due.ts: whatever the clock of the machine says, and whichever zone it is in.
import { expect } from "chai";

import { DAY, isoDate, startOfDay } from "../../../src/core/time.ts";
import { HOUR, ID, PUBLICATION, RULES, agenda, tasks } from "./due-support.ts";

describe("dueWork with a clock that is wrong", function () {
  it("does nothing while clock and chain are too far apart, in either direction", function () {
    for (const apart of [RULES.clockTolerance + 1, -RULES.clockTolerance - 1]) {
      const found = agenda(PUBLICATION, { chain: { time: PUBLICATION - apart } });

      expect([found.due, found.next]).to.deep.equal([[], undefined]);
      expect(found.notes[0]?.key).to.equal("clock");
      expect(found.notes[0]?.text).to.match(/^the clock is 901 s (ahead of|behind) block 100; nothing is done$/);
    }
  });

  it("acts at the edge of what is allowed", function () {
    expect(tasks(PUBLICATION, { chain: { time: PUBLICATION - RULES.clockTolerance } })).to.deep.equal([
      `publish:${ID}`,
    ]);
  });

  it("waits for no failure that lies in the future: the clock went back", function () {
    const marks = { [`publish:${ID}`]: { failures: 3, failedAt: PUBLICATION + DAY } };

    expect(tasks(PUBLICATION, { marks })).to.deep.equal([`publish:${ID}`]);
  });

  it("does not depend on the machine's time zone: summer time changes no hour", function () {
    // The last Sunday of October and of March, and the Mondays after, in a zone with summer time.
    const zone = process.env["TZ"];
    try {
      const answers = ["Europe/Berlin", "America/New_York", "UTC"].map((name) => {
        process.env["TZ"] = name;
        return ["2021-11-01", "2021-03-29"].map((monday) => {
          const at = startOfDay(isoDate(monday)) + HOUR / 2;
          return [tasks(at - 1), tasks(at, { chain: { lastId: 0 } })];
        });
      });
      expect(answers[0]).to.deep.equal(answers[2]);
      expect(answers[1]).to.deep.equal(answers[2]);
      expect(answers[2]?.map(([, at]) => at?.length)).to.deep.equal([1, 1]);
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  });
});
