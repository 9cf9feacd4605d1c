// Tests of src/research/fund.ts: returns, costs and delays worked out by hand.
import { expect } from "chai";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { isoDate } from "../../../src/core/time.ts";
import { type FundPlan, type FundRun, runFund } from "../../../src/research/fund.ts";
import type { MarketPath } from "../../../src/research/market-path.ts";
import { pathOfLevels } from "../../research-data.ts";
import { expectClose } from "../../close.ts";

const LEVELS = [100, 110, 99, 99, 118.8]; // +10 %, -10 %, 0, +20 %
const WEEKS = LEVELS.length - 1;

/** In or out from each Sunday on, one a week. */
function run(
  weekly: readonly number[],
  changes: Partial<FundPlan> = {},
  path: MarketPath = pathOfLevels(LEVELS),
): FundRun {
  const inMarket = Uint8Array.from(path.daily, (_, day) => weekly[Math.floor(day / 7)] ?? 0);
  const costs = { ofSwitch: new Float64Array(5).fill(0.01), ofStaying: new Float64Array(5) };
  const range = { from: isoDate("2018-01-01"), to: isoDate("2018-12-31") };
  return runFund(path, { inMarket, switches: [], heldBy: [] }, { costs, delayDays: 0, cashRate: 0, range, ...changes });
}

function expectReturns(found: readonly number[], expected: readonly number[]): void {
  expect(found).to.have.length(expected.length);
  found.forEach((value, i) => {
    expectClose(value, expected[i] ?? Number.NaN, 1e-12);
  });
}

describe("runFund", function () {
  it("follows the index where it is in the market, and dates a week by its closing Sunday", function () {
    const { returns, dates, switches, positions } = run([1, 1, 1, 1, 1], {
      costs: { ofSwitch: new Float64Array(5), ofStaying: new Float64Array(5) },
    });

    expectReturns(returns, [0.1, -0.1, 0, 0.2]);
    expect(dates).to.deep.equal(["2018-01-07", "2018-01-14", "2018-01-21", "2018-01-28"]);
    expect([switches, positions]).to.deep.equal([0, [1, 1, 1, 1]]);
  });

  it("multiplies the cost in at the switch, in the week after it", function () {
    const { returns, switches } = run([1, 0, 0, 1, 1]);

    // In from the first close on: 1.1 * 0.99; out: 0.99; nothing; back: 1.2 * 0.99.
    expectReturns(returns, [1.1 * 0.99 - 1, -0.01, 0, 1.2 * 0.99 - 1]);
    expect(switches).to.equal(2); // the position that the range begins with is no switch
  });

  it("trades a day or a week later when told to", function () {
    const late = run([0, 1, 1, 1, 1], { delayDays: 7 });
    const dayLate = run([0, 0, 0, 1, 1], { delayDays: 1 });

    expectReturns(late.returns, [0, 0, -0.01, 0.2]); // in at the second close, traded at the third: 0.99 * 99/99
    // In at the close of 99, traded a day later at 99 + 19.8/7.
    expectReturns(dayLate.returns, [0, 0, 0, (0.99 * 118.8) / (99 + 19.8 / 7) - 1]);
    expectClose(dayLate.positions[3], 6 / 7, 1e-12);
  });

  it("earns interest in stablecoins by the day", function () {
    expectReturns(run([0, 0, 0, 0, 0], { cashRate: 0.0365 }).returns, Array(WEEKS).fill(1.0001 ** 7 - 1) as number[]);
  });

  it("pays for a week's trades when it stays", function () {
    const costs = { ofSwitch: new Float64Array(5), ofStaying: new Float64Array(5).fill(0.002) };

    // The first day is a switch into the market; every later Sunday pays for staying.
    expectReturns(run([1, 1, 1, 1, 1], { costs }).returns, [0.1, 0.9 * 0.998 - 1, -0.002, 1.2 * 0.998 - 1]);
  });

  it("refuses a range with fewer than two weeks", function () {
    const range = { from: isoDate("2018-01-22"), to: isoDate("2018-02-28") };

    expect(() => run([1, 1, 1, 1, 1], { range })).to.throw(OutOfRangeError);
  });
});
