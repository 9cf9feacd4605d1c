// Tests of src/universe/index-history.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { isoDate } from "../../../src/core/time.ts";
import {
  type IndexDay,
  type IndexRule,
  type Weighting,
  indexHistory,
  levelDifference,
} from "../../../src/universe/index-history.ts";
import { expectAllClose, expectClose } from "../../close.ts";
import vector from "../../vectors/index.json" with { type: "json" };

const [FIRST, SECOND, THIRD] = [isoDate("2024-01-07"), isoDate("2024-01-14"), isoDate("2024-01-21")];
const RULE: IndexRule = { weighting: "cap", cap: 1, size: 100 };

function vectorDays(): IndexDay[] {
  const days = new Map<string, IndexDay["quotes"][number][]>();
  for (const [date, coinId, price, cap] of vector.quotes) {
    const quotes = days.get(String(date)) ?? [];
    if (price !== null)
      quotes.push({ coinId: String(coinId), priceUsd: Number(price), size: cap === null ? undefined : Number(cap) });
    days.set(String(date), quotes);
  }
  return [...days].map(([date, quotes]) => ({ date: isoDate(date), quotes }));
}

describe("indexHistory", function () {
  for (const { weighting, cap, size, levels, weights } of vector.cases) {
    describe(`of ${size} coins by ${weighting}, none above ${cap}`, function () {
      const points = indexHistory(vectorDays(), { weighting: weighting as Weighting, cap, size });

      it("has the levels of pandas, chained and by divisor", function () {
        expectAllClose(
          points.map(({ level }) => level),
          levels,
        );
        expectAllClose(
          points.map(({ levelByDivisor }) => levelByDivisor),
          levels,
        );
      });

      it("has one level to 1e-9 by both ways", function () {
        expect(levelDifference(points)).to.be.lessThan(1e-9);
      });

      it("has its weights", function () {
        points.forEach(({ members }, i) => {
          const expected: Record<string, number | undefined> = weights[i] ?? {};
          expect(members.map(({ coinId }) => coinId)).to.have.members(Object.keys(expected));
          for (const { coinId, weight } of members) expectClose(weight, expected[coinId] ?? Number.NaN);
        });
      });
    });
  }

  it("moves no level when members change", function () {
    const points = indexHistory(
      [
        { date: FIRST, quotes: [{ coinId: "a", priceUsd: 10, size: 100 }] },
        {
          date: SECOND,
          quotes: [
            { coinId: "a", priceUsd: 12, size: 120 },
            { coinId: "b", priceUsd: 5, size: 480 },
          ],
        },
        {
          date: THIRD,
          quotes: [
            { coinId: "a", priceUsd: 12, size: 120 },
            { coinId: "b", priceUsd: 10, size: 960 },
          ],
        },
      ],
      RULE,
    );

    // 1000, then 12/10; then b is 480 of 600 and doubles: 1200 * (0.2 + 0.8 * 2) = 2160
    expectAllClose(
      points.map(({ level }) => level),
      [1000, 1200, 2160],
    );
    // 100 / 1000; 600 / 1200; 1080 / 2160
    expectAllClose(
      points.map(({ divisor }) => divisor),
      [0.1, 0.5, 0.5],
    );
  });

  it("counts a coin without a price as no return, and names it", function () {
    const quotes = [
      { coinId: "a", priceUsd: 10, size: 100 },
      { coinId: "b", priceUsd: 10, size: 100 },
    ];
    const later = [{ coinId: "a", priceUsd: 20, size: 200 }];

    const [, point] = indexHistory(
      [
        { date: FIRST, quotes },
        { date: SECOND, quotes: later },
      ],
      RULE,
    );

    expect(point?.missing).to.deep.equal(["b"]);
    expectClose(point?.level, 1500); // 1000 * (½ * 2 + ½ * 1)
    expectClose(point?.levelByDivisor, 1500);
  });

  it("keeps its level over a date without coins", function () {
    const quotes = [{ coinId: "a", priceUsd: 10, size: 100 }];
    const points = indexHistory(
      [
        { date: FIRST, quotes },
        { date: SECOND, quotes: [{ coinId: "a", priceUsd: 15, size: undefined }] },
        { date: THIRD, quotes },
      ],
      RULE,
    );

    expectAllClose(
      points.map(({ level }) => level),
      [1000, 1500, 1500],
    );
    expectAllClose(
      points.map(({ levelByDivisor }) => levelByDivisor),
      [1000, 1500, 1500],
    );
  });

  it("names the date on which the cap leaves no room", function () {
    const days = [{ date: FIRST, quotes: [{ coinId: "a", priceUsd: 10, size: 100 }] }];

    expect(() => indexHistory(days, { ...RULE, cap: 0.3 })).to.throw(OutOfRangeError, "cap of a weight on 2024-01-07");
  });

  it("rejects a size of no coin", function () {
    expect(() => indexHistory([], { ...RULE, size: 0 })).to.throw(OutOfRangeError);
  });
});
