// Tests of src/market/defects/lists.ts and tickers.ts.
import { expect } from "chai";
import { type ListedPlace, listDefects } from "../../../../src/market/defects/lists.ts";
import { reusedTickers } from "../../../../src/market/defects/tickers.ts";
import { watchOf } from "../../../../src/market/defects/watched.ts";
import { FIRST_DAY, series } from "../../../series.ts";
import { historyOf, rowsOf } from "./support.ts";

function place(day: number, rank: number, rest: Partial<ListedPlace> = {}): ListedPlace {
  const about = { list: "weekly", day: FIRST_DAY + day * 7, rank, symbol: `S${rank}` };
  return { ...about, priceUsd: 2, capUsd: 100, supply: 50, ...rest };
}

describe("listDefects", function () {
  it("finds none in sound lists", function () {
    expect(listDefects([place(0, 1), place(0, 2), place(1, 1), place(1, 2)])).to.deep.equal([]);
  });

  it("names a ticker that stands twice in a list, once for all its days", function () {
    const places = [0, 1].flatMap((day) => [place(day, 1, { symbol: "ONE" }), place(day, 2, { symbol: "ONE" })]);

    expect(rowsOf(listDefects(places))).to.deep.equal([["ONE", 0, 7, "ticker at ranks 1, 2, on 2 days of the list"]]);
  });

  it("names a list that ends early", function () {
    const places = [place(0, 1), place(0, 2), place(1, 1), place(1, 2), place(2, 1)];

    expect(rowsOf(listDefects(places))).to.deep.equal([["*", 14, 14, "1 of 2 places"]]);
  });

  it("names a place without a price", function () {
    expect(rowsOf(listDefects([place(0, 1), place(0, 2, { priceUsd: null })]))).to.deep.equal([
      ["S2", 0, 0, "no price at rank 2"],
    ]);
  });

  it("names a supply in another unit than price and cap", function () {
    expect(rowsOf(listDefects([place(0, 1, { supply: 50_000_000 })]))).to.deep.equal([
      ["S1", 0, 0, "price times supply is 10^6 times the market cap"],
    ]);
  });
});

describe("reusedTickers", function () {
  it("names the coins of one ticker from the day on which the second begins", function () {
    const first = { ...series("a", { price: [1, 1, 1] }), symbol: "T" };
    const second = { ...series("b", { price: [1, 1] }), symbol: "T", firstDay: FIRST_DAY + 1 };
    const history = historyOf([first, second, series("c", { price: [1] })]);

    expect(rowsOf(reusedTickers(history, watchOf(history)))).to.deep.equal([["a b", 1, 2, "ticker T of 2 coins"]]);
  });

  it("takes no slug for a ticker", function () {
    const coin = { ...series("a", { price: [1] }), symbol: "a" };
    const history = historyOf([coin, { ...coin, coinId: "b", symbol: "b" }]);

    expect(reusedTickers(history, watchOf(history))).to.deep.equal([]);
  });
});
