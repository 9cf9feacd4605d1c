// Tests of src/market/defects/missing.ts.
import { expect } from "chai";
import { missingCaps, missingRows, missingSteps } from "../../../../src/market/defects/missing.ts";
import { watchOf } from "../../../../src/market/defects/watched.ts";
import { FIRST_DAY, series } from "../../../series.ts";
import { historyOf, rowsOf } from "./support.ts";

const U = Number.NaN;

describe("missingRows", function () {
  it("names each run of missing days with its first and last day", function () {
    const defects = missingRows(historyOf([series("a", { price: [1, U, 1, U, U, 1] })]));

    expect(rowsOf(defects)).to.deep.equal([
      ["a", 1, 1, "no row for 1 day"],
      ["a", 3, 4, "no row for 2 days"],
    ]);
  });

  it("names a day that nearly every coin lacks once, and not again for each coin", function () {
    const coins = ["a", "b", "c", "d", "e"].map((id) => series(id, { price: [1, U, 1, 1] }));
    const other = series("f", { price: [1, U, U, 1] });

    expect(rowsOf(missingRows(historyOf([...coins, other])))).to.deep.equal([
      ["*", 1, 1, "6 coins have no row"],
      ["f", 2, 2, "no row for 1 day"],
    ]);
  });

  it("finds none in a full series", function () {
    expect(missingRows(historyOf([series("a", { price: [1, 1, 1] })]))).to.deep.equal([]);
  });
});

describe("missingCaps", function () {
  it("names a market cap that is unknown for four days of a watched coin", function () {
    const history = historyOf([series("a", { price: [1, 1, 1, 1, 1, 1], cap: [2e7, U, U, U, U, 2e7] })]);

    expect(rowsOf(missingCaps(history, watchOf(history)))).to.deep.equal([
      ["a", 1, 4, "market cap unknown for 4 days, 20 M USD before"],
    ]);
  });

  it("leaves three days alone", function () {
    const history = historyOf([series("a", { price: [1, 1, 1, 1, 1], cap: [2e7, U, U, U, 2e7] })]);

    expect(missingCaps(history, watchOf(history))).to.deep.equal([]);
  });

  it("names the days before any coin has a volume", function () {
    const history = historyOf([
      series("a", { price: [1, 1, 1], volume: [U, U, 5] }),
      series("b", { price: [1, 1, 1], volume: [U, U, U] }),
    ]);

    expect(rowsOf(missingCaps(history, watchOf(history)))).to.deep.equal([["*", 0, 1, "no coin has a volume"]]);
  });
});

describe("missingSteps", function () {
  const weekly = Array.from({ length: 30 }, (_, week) => FIRST_DAY + week * 7);

  it("names what a regular series lacks, with how many rows", function () {
    const days = weekly.filter((_, week) => week !== 11 && week !== 12);

    expect(rowsOf(missingSteps({ table: "t", series: "s", days }))).to.deep.equal([["s", 77, 90, "2 rows missing"]]);
  });

  it("finds none in a series of business days", function () {
    const days = Array.from({ length: 70 }, (_, i) => FIRST_DAY + i).filter((day) => day % 7 < 5);

    expect(missingSteps({ table: "t", series: "s", days })).to.deep.equal([]);
  });
});
