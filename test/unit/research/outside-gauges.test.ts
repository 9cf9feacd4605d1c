// Tests of src/research/outside-gauges.ts and hit-rate.ts: values by hand, and nothing later than the close.
import { expect } from "chai";
import { NO_OUTSIDE_SERIES, type OutsideSeries } from "../../../src/market/outside-series.ts";
import { hitRateOf } from "../../../src/research/hit-rate.ts";
import { outsideGauges } from "../../../src/research/outside-gauges.ts";
import { expectClose } from "../../close.ts";

const DAYS = Array.from({ length: 60 }, (_, day) => day);
const SERIES: OutsideSeries = {
  funding: new Map(DAYS.map((day) => [day, day / 10_000])),
  openInterest: [new Map(DAYS.map((day) => [day, 100 + day])), new Map([[35, 7]])],
  fearGreed: new Map(DAYS.filter((day) => day < 30).map((day) => [day, day])),
};

function valuesOf(series: OutsideSeries): (readonly number[])[] {
  return outsideGauges({ firstDay: 0, count: 6 }, series).map(({ values }) => values); // closes on days 0, 7 ... 35
}

describe("outsideGauges", function () {
  it("gives the week's mean funding, four weeks' change of open interest, and the last sentiment", function () {
    const [funding, interest, sentiment] = valuesOf(SERIES);

    expect(funding?.[0]).to.be.NaN; // one day of the week is known
    expectClose(funding?.[1], 0.04, 1e-12); // days 1 to 7: mean 4 / 10,000, in percent
    expect(interest?.slice(0, 4).every(Number.isNaN)).to.equal(true);
    expectClose(interest?.[4], 28, 1e-12); // 128 / 100 - 1; the second market has no day 7
    expectClose(interest?.[5], 100 * (135 / 107 - 1), 1e-12);
    expect(sentiment).to.deep.equal([0, 7, 14, 21, 28, 29]); // day 29 is the last of the week that ends with day 35
  });

  it("looks at nothing after a week's close", function () {
    const cut = (values: ReadonlyMap<number, number>) => new Map([...values].filter(([day]) => day <= 21));
    const { funding, openInterest, fearGreed } = SERIES;
    const short = { funding: cut(funding), openInterest: openInterest.map(cut), fearGreed: cut(fearGreed) };

    expect(valuesOf(short).map((values) => values.slice(0, 4))).to.deep.equal(
      valuesOf(SERIES).map((values) => values.slice(0, 4)),
    );
  });

  it("reads nothing where there are no data", function () {
    expect(valuesOf(NO_OUTSIDE_SERIES).flat().every(Number.isNaN)).to.equal(true);
  });
});

describe("hitRateOf", function () {
  const readings = Array.from({ length: 120 }, (_, week) => (week % 2 === 0 ? 1 : 3) + week / 1e6);
  const range = { first: 0, last: 119 };

  /** The index rises in the week after a low reading, and falls after a high one. */
  function weekly(fallsAfterLow = false): number[] {
    const levels = [100];
    for (let week = 0; week < 119; week++) {
      const isUp = (week % 2 === 0) !== fallsAfterLow;
      levels.push((levels.at(-1) ?? 0) * (isUp ? 1.1 : 0.9));
    }
    return levels;
  }

  it("learns what above means from the past, whichever way it is", function () {
    for (const levels of [weekly(), weekly(true)]) {
      const { weeks, hits, hit_rate, always_up } = hitRateOf(readings, levels, range);

      expect([weeks, hits, hit_rate]).to.deep.equal([67, 67, 1]); // 119 - 26 for the median - 26 for the direction
      expectClose(always_up, 0.5, 0.01);
    }
  });

  it("judges each week by earlier ones alone", function () {
    const levels = weekly();
    const until = (last: number, source: readonly number[]) => hitRateOf(source, levels, { first: 0, last });
    const poisoned = readings.map((reading, week) => (week < 90 ? reading : -reading));

    expect(until(90, poisoned)).to.deep.equal(until(90, readings));
    expect(until(119, poisoned).hits).to.be.lessThan(until(119, readings).hits);
  });

  it("has Wilson's interval", function () {
    const [low, high] = hitRateOf(readings, weekly(), range).interval;

    expectClose(low, 0.945774, 1e-6); // n / (n + z^2) for n of n hits: 67 / (67 + 3.841459)
    expectClose(high, 1, 1e-12);
  });

  it("judges no week of a gauge without readings", function () {
    const none = hitRateOf(
      readings.map(() => Number.NaN),
      weekly(),
      range,
    );

    expect([none.weeks, none.hit_rate]).to.deep.equal([0, Number.NaN]);
  });
});
