// Tests of src/research/price-breadth.ts: shares by hand, who is counted, and nothing later than the close.
import { expect } from "chai";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { addDays, dateOfDay } from "../../../src/core/time.ts";
import { truncateHistory } from "../../../src/market/truncate.ts";
import { loadResearch } from "../../../src/research/index-path.ts";
import type { Panel } from "../../../src/research/panel.ts";
import { priceBreadthOf } from "../../../src/research/price-breadth.ts";
import { methodologyRules } from "../../../src/research/rules.ts";
import { SIMULATED_DATA, pathOf } from "../../research-data.ts";

const WEEKS = 41;
/** The last week of the closes. */
const NOW = WEEKS - 1;

const rising = (week: number): number => 100 + week;
const falling = (week: number): number => 100 - week;
const flat = (): number => 100;

type CloseOf = (week: number) => number;

/** The breadth at a week of an index of coins with such closes. */
function breadthAt(week: number, closes: readonly CloseOf[]): number | undefined {
  const panel = {
    ...(SIMULATED_DATA.panels[0] as Panel),
    coinIds: closes.map((_, i) => `coin-${i}`),
    weeks: WEEKS,
  };
  const close = Float64Array.from({ length: WEEKS * closes.length }, (_, i) =>
    (closes[i % closes.length] as CloseOf)(Math.floor(i / closes.length)),
  );
  const coins = closes.map((_, i) => i);
  const composition = {
    panel: { ...panel, columns: { ...panel.columns, close } },
    week,
    coins,
    weights: coins.map(() => 1 / coins.length),
  };
  return priceBreadthOf({ compositions: [composition] })[0];
}

const times = (count: number, closes: CloseOf): CloseOf[] => Array.from({ length: count }, () => closes);

describe("priceBreadthOf", function () {
  it("is the share of the coins above the mean of their last 40 closes; at the mean is not above it", function () {
    // 10 rise, 8 fall and 2 stand at their mean: 10 / 20.
    expect(breadthAt(NOW, [...times(10, rising), ...times(8, falling), ...times(2, flat)])).to.equal(0.5);
  });

  it("takes the mean of 40 closes, the present one included", function () {
    // The close of 40 weeks before is not among them: 39 closes of 100 and one of 101 have a mean below 101.
    const risen = (week: number): number => (week === 0 ? 1e6 : week === NOW ? 101 : 100);

    expect(breadthAt(NOW, times(20, risen))).to.equal(1);
  });

  it("counts a coin that lacks one of these weeks neither as above nor among all", function () {
    const young = (week: number): number => (week < 2 ? Number.NaN : 100 + week);
    const holed = (week: number): number => (week === 20 ? Number.NaN : 100 + week);

    // 5 of 20; with the six others it would be 11 of 26.
    const closes = [...times(5, rising), ...times(15, falling), ...times(3, young), ...times(3, holed)];
    expect(breadthAt(NOW, closes)).to.equal(0.25);
  });

  it("is not read with fewer than 20 coins that have so long a history", function () {
    const young = (week: number): number => (week === 1 ? Number.NaN : 100);

    expect(breadthAt(NOW, [...times(19, rising), ...times(9, young)])).to.deep.equal(Number.NaN);
    expect(breadthAt(38, times(30, rising))).to.deep.equal(Number.NaN); // 39 weeks
    expect(breadthAt(39, times(30, rising))).to.equal(1);
  });

  it("stays the same to the last bit when rows are appended", function () {
    const path = pathOf(SIMULATED_DATA, methodologyRules());
    const whole = priceBreadthOf(path);

    for (const weeks of [60, 110, 170]) {
      // The decision of the Monday after the last of the weeks needs that Monday's day in the data's span.
      const end = addDays(dateOfDay(path.firstDay + 7 * (weeks - 1)), 2);
      const known = loadResearch(truncateHistory(SIMULATED_DATA.history, end), DEFAULT_PARAMETERS);

      const then = priceBreadthOf(pathOf(known, methodologyRules()));

      expect([...then]).to.deep.equal([...whole.subarray(0, weeks)]);
      expect(then.at(-1)).to.be.within(0, 1);
    }
  });
});
