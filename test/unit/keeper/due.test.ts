// Tests of src/keeper/due.ts: what is due follows from chain, journal and time alone.
import { expect } from "chai";

import { DAY, WEEK } from "../../../src/core/time.ts";
import { dueWork } from "../../../src/keeper/due.ts";
import { HOUR, ID, MONDAY, PUBLICATION, RULES, agenda, query, tasks } from "./due-support.ts";

describe("dueWork", function () {
  describe("on the way to a week's publication", function () {
    it("waits until Monday 00:30, to the second", function () {
      const before = agenda(PUBLICATION - 1, { marks: { "check:2021-09-05": { doneAt: 1 } } });

      expect(before.due).to.deep.equal([]);
      expect(before.next?.at).to.equal(PUBLICATION);
      expect(tasks(PUBLICATION)).to.deep.equal([`publish:${ID}`]);
    });

    it("is due until it may no longer be caught up with, and then says so", function () {
      const last = PUBLICATION + RULES.catchUp;

      expect(tasks(last - 1)).to.include(`publish:${ID}`);
      expect(tasks(last)).to.not.include(`publish:${ID}`);
      expect(agenda(last).notes).to.deep.equal([
        {
          key: "week-missed:2021-09-06",
          text: "the week of 2021-09-06 passed without a decision: it is too late to catch up",
        },
      ]);
    });

    it("does not call a week missed that the chain has behind it, when the clock is a little behind", function () {
      const level = { regime: "bear", lastId: ID - 16, isWeekPublished: false } as const; // no target, but a level

      const { due, notes } = agenda(MONDAY - 300, { chain: { ...level, time: MONDAY + 300 } });

      expect([due, notes]).to.deep.equal([[], []]);
    });

    it("names the next moment after a week that was missed", function () {
      const missed = PUBLICATION + RULES.catchUp;

      const { next } = dueWork(query(missed, { chain: { regime: "bear" } }), { ...RULES, upkeepEvery: 2 * WEEK });

      expect(next?.at).to.equal(PUBLICATION + WEEK);
    });

    it("is done when the week has its target or level", function () {
      expect(tasks(PUBLICATION + 60, { chain: { isWeekPublished: true } })).to.deep.equal([]);
    });

    it("is given up when an exit of the week is already there: its id is higher", function () {
      expect(tasks(PUBLICATION + 2 * DAY, { chain: { lastId: ID + 3, regime: "bear" } })).to.deep.equal([]);
    });

    it("never publishes an older week after a long outage", function () {
      const weeksLater = PUBLICATION + 5 * WEEK;

      expect(tasks(weeksLater)).to.deep.equal([`publish:${ID + 40}`]);
    });
  });

  describe("with a pending target", function () {
    const pending = {
      id: ID,
      regime: "bull",
      executableAt: MONDAY + 11.5 * HOUR,
      validUntil: PUBLICATION + 6 * DAY,
    } as const;
    const chain = { pending, isWeekPublished: true };

    it("goes into the market at noon, although the chain would allow it half an hour earlier", function () {
      expect(agenda(MONDAY + 12 * HOUR - 1, { chain })).to.deep.include({ due: [] });
      expect(agenda(MONDAY + 12 * HOUR - 1, { chain }).next?.at).to.equal(MONDAY + 12 * HOUR);
      expect(tasks(MONDAY + 12 * HOUR, { chain })).to.deep.equal([`rebalance:${ID}`]);
    });

    it("starts an exit when the newest block allows it, whatever its own clock says", function () {
      const exit = { ...pending, regime: "bear", executableAt: PUBLICATION } as const;
      const at = (now: number, time: number) => agenda(now, { chain: { ...chain, pending: exit, time } });

      expect(at(PUBLICATION + 600, PUBLICATION - 1).due).to.deep.equal([]); // the chain would refuse it
      expect(at(PUBLICATION + 600, PUBLICATION - 1).next?.at).to.equal(PUBLICATION + 601);
      expect(at(PUBLICATION - 600, PUBLICATION).due.map(({ task }) => task)).to.deep.equal([`rebalance:${ID}`]);
    });

    it("leaves a target that the newest block calls expired", function () {
      const time = pending.validUntil + 1;

      expect(tasks(time - 600, { chain: { ...chain, time } }).filter((task) => task.startsWith("rebal"))).to.deep.equal(
        [],
      );
    });

    it("waits for the chain when the veto ends after noon", function () {
      const late = { ...pending, executableAt: MONDAY + 20 * HOUR };

      expect(tasks(MONDAY + 19 * HOUR, { chain: { ...chain, pending: late } })).to.deep.equal([]);
      expect(tasks(MONDAY + 20 * HOUR, { chain: { ...chain, pending: late } })).to.deep.equal([`rebalance:${ID}`]);
    });

    it("goes into stablecoins at once, before everything else", function () {
      const exit = { ...pending, regime: "bear", executableAt: PUBLICATION } as const;
      const marks = { upkeep: {} };

      expect(tasks(PUBLICATION, { chain: { ...chain, pending: exit }, marks })).to.deep.equal([
        `rebalance:${ID}`,
        "upkeep",
      ]);
    });

    it("is past when it was not started in time, and says so", function () {
      const late = agenda(pending.validUntil + 1, { chain, marks: { "check:2021-09-12": { doneAt: 1 } } });

      expect(late.due).to.deep.equal([]);
      expect(late.notes).to.deep.equal([{ key: `target-expired:${ID}`, text: `target ${ID} was not started in time` }]);
    });

    it("stops neither a check nor a rebalance past its deadline once it has expired", function () {
      const expired = { ...pending, regime: "bear", validUntil: MONDAY + DAY } as const;
      const running = { id: ID - 8, regime: "bull", deadline: MONDAY, position: 3, skipped: 0 } as const;
      const at = MONDAY + 2 * DAY + HOUR;

      expect(tasks(at, { chain: { ...chain, pending: expired } })).to.deep.equal(["check:2021-09-08"]);
      expect(tasks(at, { chain: { ...chain, pending: expired, running } })).to.deep.equal([
        `rebalance:${ID - 8}`,
        "check:2021-09-08",
      ]);
    });
  });

  describe("with a rebalance under way", function () {
    const running = { id: ID, regime: "bull", deadline: MONDAY + 36 * HOUR, position: 4, skipped: 2 } as const;
    const chain = { running, lastId: ID, isWeekPublished: true };

    it("goes on at once, and says how many skipped legs it tries again", function () {
      const [due] = agenda(MONDAY + 13 * HOUR, { chain }).due;

      expect(due).to.include({ kind: "rebalance", id: ID, isExit: false, failures: 0 });
      expect(due?.why).to.equal(`rebalance ${ID} is under way at leg 4: 2 skipped legs are tried again`);
    });

    it("rests after a failure, twice as long after each further one, up to a limit", function () {
      const at = MONDAY + 13 * HOUR;
      const restAfter = (failures: number): number | undefined =>
        agenda(at, { chain, marks: { [`rebalance:${ID}`]: { failures, failedAt: at } } }).next?.at;

      expect([1, 2, 3, 4, 9].map((failures) => (restAfter(failures) ?? 0) - at)).to.deep.equal([
        300, 600, 1200, 2400, 3600,
      ]); // the last: upkeep is sooner than 7200
      expect(tasks(at + 300, { chain, marks: { [`rebalance:${ID}`]: { failures: 1, failedAt: at } } })).to.include(
        `rebalance:${ID}`,
      );
    });

    it("waits for the time of its next round, which is no failure, and for its deadline at the latest", function () {
      const at = MONDAY + 13 * HOUR;
      const waiting = (goesOnAt: number) => ({ chain, marks: { [`rebalance:${ID}`]: { goesOnAt } } });
      const early = agenda(at, waiting(at + 900));

      expect([early.due, early.nextRound, early.next?.at]).to.deep.equal([[], at + 900, at + 900]);
      expect(tasks(at + 900, waiting(at + 900))).to.include(`rebalance:${ID}`);
      expect(agenda(at, waiting(running.deadline + 1)).nextRound).to.equal(running.deadline);
    });

    it("waits for no pool on the way into stablecoins", function () {
      const at = MONDAY + 13 * HOUR;
      const exit = { ...chain, running: { ...running, regime: "bear" } as const };

      expect(tasks(at, { chain: exit, marks: { [`rebalance:${ID}`]: { goesOnAt: at + 900 } } })).to.deep.equal([
        `rebalance:${ID}`,
      ]);
    });

    it("rests shortly on the way into stablecoins, however often it failed", function () {
      const at = MONDAY + 13 * HOUR;
      const exit = { ...chain, running: { ...running, regime: "bear" } as const };
      const marks = { [`rebalance:${ID}`]: { failures: 9, failedAt: at } };

      expect(tasks(at + 59, { chain: exit, marks })).to.deep.equal([]);
      expect(tasks(at + 60, { chain: exit, marks })).to.deep.equal([`rebalance:${ID}`]);
    });

    it("is left for a pending exit", function () {
      const pending = { id: ID + 2, regime: "bear", executableAt: 0, validUntil: MONDAY + WEEK } as const;

      expect(tasks(MONDAY + DAY + HOUR, { chain: { ...chain, pending } })).to.deep.equal([`rebalance:${ID + 2}`]);
    });

    it("is left for the next week's target only after its deadline", function () {
      const pending = { id: ID + 8, regime: "bull", executableAt: MONDAY, validUntil: MONDAY + 2 * WEEK } as const;
      const old = { ...chain, pending, running: { ...running, deadline: MONDAY + WEEK + 13 * HOUR } };

      expect(tasks(MONDAY + WEEK + 13 * HOUR, { chain: old })).to.include(`rebalance:${ID}`);
      expect(tasks(MONDAY + WEEK + 13 * HOUR + 1, { chain: old })).to.include(`rebalance:${ID + 8}`);
    });

    it("goes on with sales after its deadline, and says so", function () {
      const late = agenda(running.deadline + 1, { chain, marks: { "check:2021-09-07": { doneAt: 1 } } });

      expect(late.due[0]?.why).to.contain("past its deadline with sales alone");
      expect(late.notes).to.deep.equal([{ key: `past-deadline:${ID}`, text: `rebalance ${ID} is past its deadline` }]);
    });
  });

  describe("between Mondays", function () {
    const chain = { lastId: ID, isWeekPublished: true };
    const TUESDAY = MONDAY + DAY + HOUR / 2;

    it("checks each day from Tuesday on at 00:30, once", function () {
      expect(tasks(TUESDAY - 1, { chain })).to.deep.equal([]);
      expect(tasks(TUESDAY, { chain })).to.deep.equal(["check:2021-09-07"]);
      expect(tasks(TUESDAY, { chain, marks: { "check:2021-09-07": { doneAt: TUESDAY } } })).to.deep.equal([]);
    });

    it("checks again when the exit that the check published is not on chain and not final", function () {
      const marks = { "check:2021-09-07": { doneAt: TUESDAY, isFinal: false } };
      const pending = { id: ID + 1, regime: "bear", executableAt: TUESDAY, validUntil: MONDAY + WEEK } as const;

      expect(tasks(TUESDAY + 60, { chain, marks })).to.deep.equal(["check:2021-09-07"]);
      expect(tasks(TUESDAY + 60, { chain: { ...chain, pending }, marks })).to.deep.equal([`rebalance:${ID + 1}`]);
    });

    it("does not check a day that passed: its close is in the next day's", function () {
      expect(tasks(TUESDAY + 3 * DAY, { chain })).to.deep.equal(["check:2021-09-10"]);
    });

    it("has no check in stablecoins, but on the way into the market", function () {
      const pending = { id: ID, regime: "bull", executableAt: MONDAY + 3 * DAY, validUntil: MONDAY + 6 * DAY } as const;

      expect(tasks(TUESDAY, { chain: { ...chain, regime: "bear" } })).to.deep.equal([]);
      expect(tasks(TUESDAY, { chain: { ...chain, lastId: ID - 8, regime: "bear", pending } })).to.deep.equal([
        "check:2021-09-07",
      ]);
    });

    it("has no check once an exit of the day is published or carried out", function () {
      const pending = { id: ID + 2, regime: "bear", executableAt: TUESDAY, validUntil: MONDAY + WEEK } as const;

      expect(tasks(TUESDAY, { chain: { ...chain, pending } })).to.deep.equal([`rebalance:${ID + 2}`]);
      expect(tasks(TUESDAY, { chain: { ...chain, lastId: ID + 2 } })).to.deep.equal([]);
    });

    it("strikes in stablecoins when nothing else will", function () {
      const bear = { ...chain, regime: "bear", isRequestDue: true } as const;
      const pending = { id: ID + 2, regime: "bear", executableAt: TUESDAY, validUntil: MONDAY + WEEK } as const;

      expect(tasks(TUESDAY, { chain: bear })).to.deep.equal([`strike:${ID}`]);
      expect(tasks(TUESDAY, { chain: { ...bear, isWeekPublished: false } })).to.not.include(`strike:${ID}`);
      expect(tasks(TUESDAY, { chain: { ...bear, pending } })).to.not.include(`strike:${ID}`);
    });

    it("looks after the assets every hour, and at first at once", function () {
      expect(tasks(TUESDAY - 60, { chain, marks: { upkeep: {} } })).to.deep.equal(["upkeep"]);
      expect(tasks(TUESDAY - 60, { chain, marks: { upkeep: { doneAt: TUESDAY - 60 - 3599 } } })).to.deep.equal([]);
      expect(tasks(TUESDAY - 60, { chain, marks: { upkeep: { doneAt: TUESDAY - 60 - 3600 } } })).to.deep.equal([
        "upkeep",
      ]);
    });
  });
});
