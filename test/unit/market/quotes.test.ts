// Tests of src/market/quotes.ts.
import { expect } from "chai";
import { dateOfDay } from "../../../src/core/time.ts";
import type { ProviderHistory } from "../../../src/market/history.ts";
import { type Quote, quotesBefore } from "../../../src/market/quotes.ts";
import { FIRST_DAY, series } from "../../series.ts";

const U = Number.NaN;
const HISTORY: ProviderHistory = {
  provider: "coingecko",
  firstDay: FIRST_DAY,
  lastDay: FIRST_DAY + 3,
  coins: [series("a", { price: [1, 2, U, 4], cap: [10, 0, U, 40], volume: [6, 8, U, 100] })],
};

function quote(day: number, maxAgeDays: number): Quote | undefined {
  return quotesBefore(HISTORY, { date: dateOfDay(day), coinIds: ["a", "absent"], maxAgeDays }).get("a");
}

describe("quotesBefore", function () {
  it("takes the close of the day before", function () {
    expect(quote(FIRST_DAY + 1, 1)).to.deep.equal({
      coinId: "a",
      symbol: "A",
      priceUsd: 1,
      close: dateOfDay(FIRST_DAY),
      capUsd: 10,
      volumeUsd: 6,
    });
  });

  it("takes the last close over a gap, with its date, its unknown supply and the mean volume", function () {
    const found = quote(FIRST_DAY + 3, 7);

    expect(found).to.include({ priceUsd: 2, close: dateOfDay(FIRST_DAY + 1), volumeUsd: 7 }); // (6 + 8) / 2
    expect(found?.capUsd).to.equal(undefined);
  });

  it("leaves out a coin whose last price is too old, and one that is not there", function () {
    expect(quote(FIRST_DAY + 3, 1)).to.equal(undefined);
    expect(quotesBefore(HISTORY, { date: dateOfDay(FIRST_DAY + 4), coinIds: ["absent"], maxAgeDays: 7 }).size).to.equal(
      0,
    );
  });
});
