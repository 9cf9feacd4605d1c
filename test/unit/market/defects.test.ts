// Tests of src/market/gaps.ts and jumps.ts.
import { expect } from "chai";
import { dateOfDay } from "../../../src/core/time.ts";
import { findGaps, missingDays } from "../../../src/market/gaps.ts";
import type { CoinSeries, ProviderHistory } from "../../../src/market/history.ts";
import { findJumps } from "../../../src/market/jumps.ts";
import { FIRST_DAY, series } from "../../series.ts";

const U = Number.NaN;

function history(coin: CoinSeries): ProviderHistory {
  return { provider: "coingecko", firstDay: FIRST_DAY, lastDay: FIRST_DAY + 9, coins: [coin] };
}

describe("findGaps", function () {
  it("names each run of missing days with its first and last day", function () {
    const gaps = findGaps(history(series("a", { price: [1, U, 1, U, U, 1] })));

    expect(gaps.map(({ from, to, days }) => [from, to, days])).to.deep.equal([
      [dateOfDay(FIRST_DAY + 1), dateOfDay(FIRST_DAY + 1), 1],
      [dateOfDay(FIRST_DAY + 3), dateOfDay(FIRST_DAY + 4), 2],
    ]);
    expect(missingDays(gaps)).to.equal(3);
  });

  it("finds none in a full series", function () {
    expect(findGaps(history(series("a", { price: [1, 1, 1] })))).to.deep.equal([]);
  });
});

describe("findJumps", function () {
  it("names a price above three times the day before's, and no smaller move", function () {
    const jumps = findJumps(history(series("a", { price: [1, 3, 9.1], cap: [1e9, 3e9, 9.1e9] })), 1e7);

    expect(jumps).to.have.length(1);
    expect(jumps[0]).to.include({ kind: "price", date: dateOfDay(FIRST_DAY + 2), factor: 3.033 }); // 9.1 / 3
  });

  it("names a supply that doubles without a move of the price", function () {
    const jumps = findJumps(history(series("a", { price: [1, 1], cap: [1e9, 2.5e9] })), 1e7);

    expect(jumps.map(({ kind, factor }) => [kind, factor])).to.deep.equal([["supply", 2.5]]);
  });

  it("leaves small coins alone", function () {
    expect(findJumps(history(series("a", { price: [1, 10], cap: [1, 10] })), 1e7)).to.deep.equal([]);
  });
});
