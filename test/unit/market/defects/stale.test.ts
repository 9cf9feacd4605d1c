// Tests of src/market/defects/stale.ts.
import { expect } from "chai";
import { endedSeries, repeatedRows, shiftedDays } from "../../../../src/market/defects/stale.ts";
import { watchOf } from "../../../../src/market/defects/watched.ts";
import { series } from "../../../series.ts";
import { historyOf, rowsOf } from "./support.ts";

const IDS = ["a", "b", "c", "d", "e", "f"];

describe("repeatedRows", function () {
  it("names the days on which price and volume repeat", function () {
    const history = historyOf([series("a", { price: [1, 1, 1, 2], volume: [5, 5, 5, 5] })]);

    expect(rowsOf(repeatedRows(history, watchOf(history)))).to.deep.equal([
      ["a", 1, 2, "price and volume repeat the day before"],
    ]);
  });

  it("takes a price that stands still for none when the volume moves", function () {
    const history = historyOf([series("a", { price: [1, 1], volume: [5, 6] })]);

    expect(repeatedRows(history, watchOf(history))).to.deep.equal([]);
  });

  it("names a day on which many coins repeat once", function () {
    const history = historyOf(IDS.map((id) => series(id, { price: [1, 1, 2], volume: [5, 5, 6] })));

    expect(rowsOf(repeatedRows(history, watchOf(history)))).to.deep.equal([
      ["*", 1, 1, "6 coins repeat the day before"],
    ]);
  });
});

describe("endedSeries", function () {
  it("names a watched coin without rows in the provider's last week", function () {
    const history = historyOf([series("a", { price: [1, 1] }), series("b", { price: Array<number>(10).fill(1) })]);

    expect(rowsOf(endedSeries(history, watchOf(history)))).to.deep.equal([["a", 2, 9, "no row after 2024-10-05"]]);
  });
});

describe("shiftedDays", function () {
  const truth = [100, 110, 90, 120, 100, 130];

  function pair(closes: readonly number[]) {
    return [
      historyOf(IDS.map((id) => series(id, { price: closes }))),
      historyOf(
        IDS.map((id) => series(id, { price: truth })),
        "coinmarketcap",
      ),
    ] as const;
  }

  it("names the day whose closes are those of the next", function () {
    const [history, other] = pair([100, 110, 120, 120, 100, 130]); // day 2 has the close of day 3

    const [defect] = rowsOf(shiftedDays(history, other));

    expect(defect?.slice(0, 3)).to.deep.equal(["*", 2, 2]);
    expect(defect?.[3]).to.match(/^carries the close of 2024-10-07 of coinmarketcap/);
  });

  it("finds none where two providers agree", function () {
    expect(shiftedDays(...pair(truth))).to.deep.equal([]);
  });
});
