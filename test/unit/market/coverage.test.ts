// Tests of src/market/coverage.ts.
import { expect } from "chai";
import { dayNumber, isoDate } from "../../../src/core/time.ts";
import { coverageOf } from "../../../src/market/coverage.ts";
import type { ListedPlace } from "../../../src/market/defects/lists.ts";
import type { CoinSeries, ProviderHistory } from "../../../src/market/history.ts";
import { expectClose } from "../../close.ts";

const DAY = dayNumber(isoDate("2019-06-01"));

function coin(id: number, cap: number, price: number): CoinSeries {
  const columns = { priceUsd: Float64Array.of(price), capUsd: Float64Array.of(cap), volumeUsd: Float64Array.of(1) };
  return { coinId: `coin${id}`, symbol: "X", firstDay: DAY, ...columns };
}

function historyOf(coins: readonly CoinSeries[]): ProviderHistory {
  return { provider: "coingecko", firstDay: DAY, lastDay: DAY, coins };
}

// A list of 100 places, each 30 % smaller than the one before, so that none can be taken for another.
function capOf(rank: number): number {
  return 2 ** (60 - rank / 2);
}

function list(priceOf: (rank: number) => number | null): ListedPlace[] {
  return Array.from({ length: 100 }, (_, i) => {
    const about = { list: "cmc", day: DAY, rank: i + 1, symbol: `T${i}`, supply: null };
    return { ...about, priceUsd: priceOf(i + 1), capUsd: capOf(i + 1) };
  });
}

describe("coverageOf", function () {
  it("counts the places that a coin of their cap and price holds", function () {
    const coins = [1, 2, 3].map((rank) => coin(rank, capOf(rank) * 1.02, rank));
    const [coverage] = coverageOf(
      [historyOf(coins)],
      list((rank) => rank),
    );

    expect(coverage).to.include({ year: "2019", provider: "coingecko", lists: 1, places: 3 });
  });

  it("takes a coin of the place's cap and another price for none of it", function () {
    const [coverage] = coverageOf(
      [historyOf([coin(1, capOf(1), 5)])],
      list((rank) => rank),
    );

    expect(coverage?.places).to.equal(0);
  });

  it("goes by the cap alone where the list has no prices, and gives no coin two places", function () {
    const [coverage] = coverageOf(
      [historyOf([coin(1, capOf(1), 5)])],
      list(() => null),
    );

    expect(coverage?.places).to.equal(1);
    // 2^59.5 of the sum of a geometric series with ratio 2^-0.5: 1 - 2^-0.5 of it, but for the 100th place.
    expectClose(coverage?.capShare, 1 - Math.SQRT1_2, 1e-4);
  });

  it("has nothing to compare without a list of 100 places", function () {
    expect(coverageOf([historyOf([coin(1, 1, 1)])], list(() => null).slice(0, 99))).to.deep.equal([]);
  });
});
