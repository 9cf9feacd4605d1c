// Tests of src/market/defects/jumps.ts and units.ts.
import { expect } from "chai";
import {
  type SecondSources,
  jumpDefect,
  priceJumps,
  sharedBy,
  supplyRevisions,
} from "../../../../src/market/defects/jumps.ts";
import { type ListedPlace, listsByDay } from "../../../../src/market/defects/lists.ts";
import { multipleMarkets, unitDifferences, unitJumps } from "../../../../src/market/defects/units.ts";
import { watchOf } from "../../../../src/market/defects/watched.ts";
import type { CoinSeries } from "../../../../src/market/history.ts";
import { FIRST_DAY, series } from "../../../series.ts";
import { historyOf, rowsOf } from "./support.ts";

const U = Number.NaN;

function jumpsOf(coin: CoinSeries) {
  const history = historyOf([coin]);
  return priceJumps(history, watchOf(history));
}

function place(day: number, symbol: string, priceUsd: number): ListedPlace {
  return { list: "monthly", day: FIRST_DAY + day, rank: 1, symbol, priceUsd, capUsd: 1e9, supply: null };
}

describe("priceJumps", function () {
  it("names a price above three times the day before's, and no smaller move", function () {
    const jumps = jumpsOf(series("a", { price: [1, 3, 9.1] }));

    expect(jumps.map(({ day, before, after }) => [day - FIRST_DAY, before, after])).to.deep.equal([[2, 3, 9.1]]);
  });

  it("looks over a gap", function () {
    expect(jumpsOf(series("a", { price: [1, U, U, 0.2] })).map(({ day }) => day - FIRST_DAY)).to.deep.equal([3]);
  });

  it("leaves coins below rank 100 and 10 M USD alone", function () {
    const large = Array.from({ length: 100 }, (_, i) => series(`large${i}`, { price: [1, 1] }));
    const history = historyOf([...large, series("small", { price: [1, 10], cap: [1e6, 1e6] })]);

    expect(priceJumps(history, watchOf(history))).to.deep.equal([]);
  });
});

describe("sharedBy", function () {
  const [jump] = jumpsOf(series("a", { price: [1, 1, 10, 10] }));
  const none: SecondSources = { series: [], lists: new Map() };
  const days = [0, 1, 2, 3].map((day) => FIRST_DAY + day);

  function shared(sources: Partial<SecondSources>) {
    return jump === undefined ? "no jump" : sharedBy(jump, { ...none, ...sources });
  }

  it("names a series that states both levels", function () {
    const other = { source: "binance", label: "AUSDT", days, prices: [1, 1.05, 9.8, 10] };

    expect(shared({ series: [other] })).to.equal("binance AUSDT");
  });

  it("takes no series that states one level only", function () {
    const other = { source: "binance", label: "AUSDT", days, prices: [1, 1, 1, 1] };

    expect(shared({ series: [other] })).to.equal(undefined);
  });

  it("names a list that has the coin's price and cap before and after", function () {
    expect(shared({ lists: listsByDay([place(0, "A", 1.01), place(3, "A", 9.9)]) })).to.equal("monthly A");
  });

  it("takes no two tickers of a list for one coin", function () {
    expect(shared({ lists: listsByDay([place(0, "A", 1.01), place(3, "B", 9.9)]) })).to.equal(undefined);
  });

  it("says that no second source shares a jump, and when it was undone", function () {
    const [alone] = jumpsOf(series("a", { price: [1, 10, 1] }));

    expect(alone === undefined ? [] : rowsOf([jumpDefect(alone, "coingecko")])).to.deep.equal([
      ["a", 1, 1, "price x10, shared by no second source, undone on 2024-10-06"],
    ]);
  });
});

describe("supplyRevisions", function () {
  it("names a supply that doubles without a move of the price", function () {
    const history = historyOf([series("a", { price: [1, 1], cap: [1e9, 2.5e9] })]);

    expect(rowsOf(supplyRevisions(history, watchOf(history)))).to.deep.equal([
      ["a", 1, 1, "supply x2.5, price x1, market cap x2.5"],
    ]);
  });

  it("takes a cap that moves with the price for none", function () {
    const history = historyOf([series("a", { price: [1, 5], cap: [1e9, 5e9] })]);

    expect(supplyRevisions(history, watchOf(history))).to.deep.equal([]);
  });
});

describe("unit errors", function () {
  it("names a jump by a power of ten that is undone", function () {
    const coin = series("a", { price: [1, 1000, 1010, 1.1] });

    expect(rowsOf(unitJumps(historyOf([coin]), jumpsOf(coin)))).to.deep.equal([
      ["a", 1, 2, "price times 10^3 until 2024-10-06"],
    ]);
  });

  it("takes a tenfold price for none: coins do that", function () {
    const coin = series("a", { price: [1, 10, 1] });

    expect(unitJumps(historyOf([coin]), jumpsOf(coin))).to.deep.equal([]);
  });

  it("names a day on which two providers are a power of ten apart", function () {
    const history = historyOf([series("a", { price: [1, 1, 100, 1, 1] })]);
    const other = historyOf([series("a", { price: [1, 1, 1, 1, 1] })], "coinmarketcap");

    expect(rowsOf(unitDifferences(history, other))).to.deep.equal([
      ["a", 2, 2, "price 10^2 times that of coinmarketcap"],
    ]);
  });

  it("names a market that is quoted for a multiple", function () {
    const market = { source: "binance", days: [FIRST_DAY], prices: [1] };
    const defects = multipleMarkets([
      { ...market, label: "1000PEPEUSDT" },
      { ...market, label: "1INCHUSDT" },
    ]);

    expect(rowsOf(defects)).to.deep.equal([["1000PEPEUSDT", 0, 0, "quoted for 1000 coins"]]);
  });
});
