// Tests of src/universe/observe.ts and labels.ts.
import { expect } from "chai";
import { dayNumber, isoDate } from "../../../src/core/time.ts";
import type { CoinSeries, Provider } from "../../../src/market/history.ts";
import { labelOf } from "../../../src/universe/labels.ts";
import { type CoinObservation, observeCoins } from "../../../src/universe/observe.ts";
import { universeSchema } from "../../../src/universe/parameters.ts";
import { FIRST_DAY, series } from "../../series.ts";

const U = Number.NaN;

function observe(coin: CoinSeries, day: number): CoinObservation | undefined {
  const history = { provider: "coingecko" as const, firstDay: FIRST_DAY, lastDay: FIRST_DAY + 200, coins: [coin] };
  return observeCoins(history, new Map(), { day, parameters: universeSchema.parse({}) })[0];
}

function repeated(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value);
}

describe("observeCoins", function () {
  it("averages the caps of seven days and takes the last one for the weight", function () {
    const coin = series("a", { price: repeated(7, 1), cap: [1, 2, 3, 4, 5, 6, 14] });

    expect(observe(coin, FIRST_DAY + 6)).to.include({ averageCapUsd: 5, capUsd: 14 }); // 35 / 7
  });

  it("takes the last known cap and price of the week over a gap", function () {
    const coin = series("a", { price: [8, 8, 8, 8, 9, U, U], cap: [1, 2, 3, 4, 5, U, U] });

    expect(observe(coin, FIRST_DAY + 6)).to.include({ averageCapUsd: 3, capUsd: 5, priceUsd: 9, priceAgeDays: 2 });
  });

  it("takes the median volume of thirty days", function () {
    const coin = series("a", { price: repeated(30, 1), volume: [...repeated(15, 2), ...repeated(15, 4)] });

    expect(observe(coin, FIRST_DAY + 29)?.volumeUsd).to.equal(3);
  });

  it("counts the days since the first row", function () {
    expect(observe(series("a", { price: repeated(91, 1) }), FIRST_DAY + 90)?.listedDays).to.equal(90);
  });

  it("does not see a coin before its first row", function () {
    expect(observe(series("a", { price: [1] }), FIRST_DAY - 1)).to.equal(undefined);
  });

  it("finds a peg by 95 % of the closes within 5 cents of 1 USD", function () {
    const pegged = series("a", { price: [...repeated(4, 1.2), ...repeated(86, 1.01)] }); // 86/90 = 95.6 %
    const loose = series("a", { price: [...repeated(5, 1.2), ...repeated(85, 1.01)] }); // 85/90 = 94.4 %

    expect(observe(pegged, FIRST_DAY + 89)?.isPegged).to.equal(true);
    expect(observe(loose, FIRST_DAY + 89)?.isPegged).to.equal(false);
  });
});

describe("labelOf", function () {
  const NO_FLAGS = { stable: false, wrapped: false, realWorld: false };
  const kindOf = (provider: Provider, coinId: string, date = "2022-01-01"): string | undefined =>
    labelOf({ provider, coinId, day: dayNumber(isoDate(date)) }, NO_FLAGS)?.kind;

  it("knows coins of both namespaces by its own table", function () {
    expect(
      ["tether", "wrapped-bitcoin", "staked-ether", "compound-ether", "pax-gold"].map((id) => kindOf("coingecko", id)),
    ).to.deep.equal(["stable", "wrapped", "staked", "receipt", "metal"]);
    expect(["tether", "bitcny", "bitgold", "c20"].map((id) => kindOf("coinmarketcap", id))).to.deep.equal([
      "stable",
      "stable",
      "metal",
      "fund",
    ]);
  });

  it("freezes a coin for the decisions from one date to another", function () {
    const closes = ["2022-05-11", "2022-05-12", "2022-08-09", "2022-08-10"]; // decisions of the days after

    expect(closes.map((date) => kindOf("coingecko", "terra-luna", date))).to.deep.equal([
      undefined,
      "frozen",
      "frozen",
      undefined,
    ]);
  });

  it("takes the provider's flags where its own table is silent", function () {
    const flagged = { ...NO_FLAGS, wrapped: true };

    expect(labelOf({ provider: "coingecko", coinId: "new-wrapped", day: 0 }, flagged)?.kind).to.equal("wrapped");
    expect(labelOf({ provider: "coingecko", coinId: "olympus", day: 0 }, flagged)).to.equal(undefined);
    expect(labelOf({ provider: "coinmarketcap", coinId: "new-wrapped", day: 0 }, flagged)).to.equal(undefined);
  });
});
