// Tests of src/keeper/watch/troubles.ts: who is called when, and gas money counted in rebalances.
import { expect } from "chai";

import { AppError } from "../../../../src/core/errors.ts";
import { ContractRefusedError } from "../../../../src/execute/errors.ts";
import { ExitBudgetSpentError } from "../../../../src/execute/exit-budget.ts";
import type { Due } from "../../../../src/keeper/due.ts";
import type { Cycle, View } from "../../../../src/keeper/keeper.ts";
import { type GasMoney, plansLeft, reliefsOf, silenceOf, troublesOf } from "../../../../src/keeper/watch/troubles.ts";

const LIMITS = { fewestPlans: 8, mostFailures: 3 };
/** 0.02 ether a plan: 10 M gas at 2 gwei. */
const money = (plans: number): GasMoney => ({
  balance: BigInt(plans) * 20_000_000_000_000_000n,
  price: 2_000_000_000n,
  gasPerPlan: 10_000_000,
});

class TestError extends AppError {
  readonly code = "TEST";
  readonly kind = "chain";
  override readonly retryable: boolean;

  constructor(retryable: boolean) {
    super("it went wrong");
    this.retryable = retryable;
  }
}

const VIEW: View = {
  ...{ now: 0, due: [], next: undefined, nextRound: undefined, notes: [], pause: undefined },
  chain: {
    ...{ block: 1n, time: 0, regime: "bull", lastId: 0, isWeekPublished: true },
    ...{ pending: undefined, running: undefined, isRequestDue: false },
  },
};
const UPKEEP: Due = { kind: "upkeep", task: "upkeep", why: "", failures: 0 };
const cycleWith = (due: Due, failure?: AppError, notes: View["notes"] = []): Cycle => ({
  view: { ...VIEW, notes },
  deeds: [{ due, outcome: undefined, failure, sent: [] }],
});

describe("plansLeft", function () {
  it("counts whole rebalances at the present price", function () {
    expect(plansLeft(money(9))).to.equal(9);
    expect(plansLeft({ ...money(9), balance: money(9).balance - 1n })).to.equal(8);
    expect(plansLeft({ ...money(9), price: 4_000_000_000n })).to.equal(4); // gas twice as dear
    expect(plansLeft({ ...money(0) })).to.equal(0);
  });

  it("is without end where gas is free", function () {
    expect(plansLeft({ ...money(1), price: 0n })).to.be.greaterThan(1e9);
  });
});

describe("troublesOf", function () {
  const keysOf = (cycle: Cycle, plans = 100) =>
    troublesOf(cycle, money(plans), LIMITS).map(({ key, severity }) => `${key} ${severity}`);

  it("is empty when all went well", function () {
    expect(keysOf(cycleWith(UPKEEP))).to.deep.equal([]);
  });

  it("warns under eight rebalances' gas, and calls when not one can be paid", function () {
    expect([8, 7, 1, 0].map((plans) => keysOf(cycleWith(UPKEEP), plans))).to.deep.equal([
      [],
      ["gas warning"],
      ["gas warning"],
      ["gas critical"],
    ]);
  });

  it("warns of a failure that may pass, and calls at the third", function () {
    const after = (failures: number) => keysOf(cycleWith({ ...UPKEEP, failures }, new TestError(true)));

    expect([0, 1, 2].map(after)).to.deep.equal([["upkeep warning"], ["upkeep warning"], ["upkeep critical"]]);
  });

  it("calls at once for what no retry mends, and for an exit that fails", function () {
    const exit: Due = { kind: "rebalance", task: "rebalance:9", id: 9, isExit: true, why: "", failures: 0 };

    expect(keysOf(cycleWith(UPKEEP, new TestError(false)))).to.deep.equal(["upkeep critical"]);
    expect(keysOf(cycleWith(exit, new TestError(true)))).to.deep.equal(["rebalance:9 critical"]);
  });

  it("tells of an exit's budget apart from its other failures, since somebody can open more", function () {
    const exit: Due = { kind: "rebalance", task: "rebalance:9", id: 9, isExit: true, why: "", failures: 3 };
    const refusal = new ContractRefusedError("leave", { name: "LossAboveBudget", args: [2n, 1n] }, undefined);

    expect(keysOf(cycleWith(exit, new ExitBudgetSpentError(9, "", refusal)))).to.deep.equal([
      "rebalance:9:budget critical",
    ]);
  });

  it("tells what the agenda notes", function () {
    const note = { key: "past-deadline:9", text: "rebalance 9 is past its deadline" } as const;

    expect(keysOf(cycleWith(UPKEEP, undefined, [note]))).to.deep.equal(["past-deadline:9 critical"]);
  });

  it("has one key for a clock that is off, however far it is by now", function () {
    const clocks = [901, 961].map((apart) => ({ key: "clock", text: `the clock is ${apart} s behind` }) as const);

    expect(clocks.flatMap((note) => keysOf(cycleWith(UPKEEP, undefined, [note])))).to.deep.equal([
      "clock critical",
      "clock critical",
    ]);
    expect(reliefsOf(cycleWith(UPKEEP, undefined, clocks), money(8), LIMITS)).to.not.include("clock");
  });

  it("takes back what went well", function () {
    expect(reliefsOf(cycleWith(UPKEEP), money(8), LIMITS)).to.have.members(["gas", "clock", "upkeep", "upkeep:budget"]);
    expect(reliefsOf(cycleWith(UPKEEP, new TestError(true)), money(7), LIMITS)).to.deep.equal(["clock"]);
  });
});

describe("silenceOf", function () {
  it("alarms when no cycle has ended for so long", function () {
    expect(silenceOf({ now: 899, aliveAt: 0 }, 900)).to.equal(undefined);
    expect(silenceOf({ now: 900, aliveAt: 0 }, 900)).to.include({ key: "silence", severity: "critical" });
  });
});
