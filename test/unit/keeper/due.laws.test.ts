// Laws of src/keeper/due.ts, on facts of all kinds.
import { expect } from "chai";
import fc from "fast-check";

import { DAY, WEEK } from "../../../src/core/time.ts";
import type { Due } from "../../../src/keeper/due.ts";
import { ID, MONDAY, agenda } from "./due-support.ts";

describe("dueWork, for any facts", function () {
  const facts = fc.record({
    now: fc.integer({ min: MONDAY, max: MONDAY + 2 * WEEK }),
    regime: fc.constantFrom("bull" as const, "bear" as const),
    isWeekPublished: fc.boolean(),
    isRequestDue: fc.boolean(),
    pending: fc.option(
      fc.record({
        id: fc.integer({ min: ID, max: ID + 23 }),
        regime: fc.constantFrom("bull" as const, "bear" as const),
        executableAt: fc.integer({ min: MONDAY, max: MONDAY + 2 * WEEK }),
        validUntil: fc.integer({ min: MONDAY, max: MONDAY + 3 * WEEK }),
      }),
      { nil: undefined },
    ),
    running: fc.option(
      fc.record({
        id: fc.integer({ min: ID - 8, max: ID + 23 }),
        regime: fc.constantFrom("bull" as const, "bear" as const),
        deadline: fc.integer({ min: MONDAY, max: MONDAY + 2 * WEEK }),
        position: fc.nat(50),
        skipped: fc.nat(5),
      }),
      { nil: undefined },
    ),
  });
  const agendaOf = ({ now, ...chain }: Parameters<Parameters<typeof facts.map>[0]>[0]) => agenda(now, { chain });

  it("gives the same answer twice, whoever asks: two crons at once agree", function () {
    fc.assert(
      fc.property(facts, (found) => {
        expect(agendaOf(found)).to.deep.equal(agendaOf(found));
      }),
    );
  });

  it("names at most one rebalance, each task once, and exits first", function () {
    fc.assert(
      fc.property(facts, (found) => {
        const { due } = agendaOf(found);
        const isExit = (one: Due): boolean => one.kind === "rebalance" && one.isExit;
        expect(due.filter(({ kind }) => kind === "rebalance").length).to.be.at.most(1);
        expect(new Set(due.map(({ task }) => task)).size).to.equal(due.length);
        expect(due.findIndex(isExit)).to.be.at.most(0);
      }),
    );
  });

  it("never starts what leads into the market before noon of its Monday, or after its end", function () {
    fc.assert(
      fc.property(facts, (found) => {
        const started = agendaOf(found).due.find((one) => one.kind === "rebalance" && one.id === found.pending?.id);
        const { pending, now, running } = found;
        if (started === undefined || pending === undefined || running?.id === pending.id) return;
        expect(now).to.be.within(pending.executableAt, pending.validUntil);
        if (pending.regime === "bull") {
          const monday = MONDAY + Math.floor((pending.id - ID) / 8) * WEEK;
          expect(now).to.be.at.least(monday + DAY / 2);
        }
      }),
    );
  });

  it("has something due at the next moment that it names, if nothing is now", function () {
    fc.assert(
      fc.property(facts, (found) => {
        const { due, next } = agendaOf(found);
        if (due.length > 0 || next === undefined) return;
        expect(next.at).to.be.greaterThan(found.now);
        const { now, ...chain } = found;
        const isNewWeek = Math.floor((next.at - MONDAY) / WEEK) > Math.floor((now - MONDAY) / WEEK);
        const later = { ...chain, isWeekPublished: chain.isWeekPublished && !isNewWeek };
        fc.pre((chain.pending?.id ?? 0) < ID + 8 * (1 + Math.floor((now - MONDAY) / WEEK))); // not of a week to come
        expect(agenda(next.at, { chain: later, marks: { upkeep: { doneAt: now } } }).due).to.not.deep.equal([]);
      }),
    );
  });
});
