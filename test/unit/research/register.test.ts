// Tests of src/research/register.ts: what a line says, and what is counted.
import { expect } from "chai";
import { isoDate } from "../../../src/core/time.ts";
import { BASELINE_COSTS } from "../../../src/research/costs.ts";
import {
  BrokenRegisterError,
  type RegisteredTrial,
  countTrials,
  parseRegister,
  registerLine,
  registeredTrial,
} from "../../../src/research/register.ts";
import { BASELINE_RULES } from "../../../src/research/rules.ts";
import { pathOfLevels } from "../../research-data.ts";

function trial(tried: string, changes: { trials?: number; delayDays?: number; level?: number } = {}): RegisteredTrial {
  const { trials = 1, delayDays = 0, level = 110 } = changes;
  const range = { from: isoDate("2018-01-07"), to: isoDate("2018-01-14") };
  const setting = { rules: BASELINE_RULES, costs: BASELINE_COSTS, delayDays, cashRate: 0, range };
  const figures = { sharpe: Number.NaN, cagr: 0.123_456_789, max_drawdown: -0.5 };
  return registeredTrial({ tried, trials, range, setting, path: pathOfLevels([100, level, 99]), figures });
}

describe("the register of trials", function () {
  it("gives the same trial on the same data the same id, and any other another", function () {
    const ids = [
      trial("a"),
      trial("b"),
      trial("a", { delayDays: 1 }),
      trial("a", { level: 111 }),
      trial("a", { trials: 2 }),
    ].map(({ id }) => id);

    expect(trial("a").id).to.equal(ids[0]);
    expect(new Set(ids)).to.have.property("size", 5);
  });

  it("counts every trial of a grid, and a repeated line once", function () {
    expect(countTrials([trial("a"), trial("grid:x", { trials: 32 }), trial("a")])).to.equal(33);
  });

  it("reads back what it wrote, undefined figures as null", function () {
    const text = `${registerLine(trial("a"))}\n${registerLine(trial("b"))}\n`;

    expect(parseRegister(text)).to.deep.equal([trial("a"), trial("b")]);
    expect(trial("a")).to.include({ sharpe: null, cagr: 0.123457 });
    expect(parseRegister("")).to.deep.equal([]);
  });

  for (const [what, text] of [
    ["a line that is no JSON", "{\n"],
    ["a line with another key", `${registerLine(trial("a")).replace("cagr", "cagar")}\n`],
    ["a cut last line", registerLine(trial("a"))],
  ] as const) {
    it(`refuses ${what}`, function () {
      expect(() => parseRegister(text)).to.throw(BrokenRegisterError);
    });
  }
});
