// Tests of src/universe/vacancies.ts and src/market/ranked-lists.ts.
import { expect } from "chai";
import { dayNumber, isoDate } from "../../../src/core/time.ts";
import type { ListedPlace } from "../../../src/market/defects/lists.ts";
import type { CoinSeries, ProviderHistory, RankedList } from "../../../src/market/history.ts";
import { fullLists } from "../../../src/market/ranked-lists.ts";
import { type Vacancies, isInHole, vacanciesAt } from "../../../src/universe/vacancies.ts";
import { expectClose } from "../../close.ts";

const SUNDAY = dayNumber(isoDate("2019-06-02"));

// Each place is 30 % smaller than the one before, so that none can be taken for another.
function capOf(rank: number): number {
  return 2 ** (60 - rank / 2);
}

function listOn(day: number, length = 100): RankedList {
  const places = Array.from({ length }, (_, i) => ({ rank: i + 1, priceUsd: null, capUsd: capOf(i + 1) }));
  return { day, places };
}

/** Coins with prices at these ranks of the list, their caps 5 % off. */
function historyOf(ranks: readonly number[], provider: ProviderHistory["provider"] = "coingecko"): ProviderHistory {
  const coins = ranks.map((rank): CoinSeries => {
    const columns = { priceUsd: Float64Array.of(1), capUsd: Float64Array.of(1.05 * capOf(rank)) };
    return { coinId: `coin${rank}`, symbol: "X", firstDay: SUNDAY, ...columns, volumeUsd: Float64Array.of(1) };
  });
  return { provider, firstDay: SUNDAY, lastDay: SUNDAY, coins };
}

function found(history: ProviderHistory, list: RankedList, close = SUNDAY): Vacancies | undefined {
  return vacanciesAt(history, [list], close);
}

describe("vacanciesAt", function () {
  it("counts the coins above each place that none of them holds", function () {
    const vacancies = found(historyOf([1, 3, 4]), listOn(SUNDAY));

    expect(vacancies?.places).to.equal(97);
    expect(vacancies?.after.slice(0, 3)).to.deep.equal([1, 3, 3]); // the 2nd after coin 1, the 5th and 6th after all
  });

  it("states the share of the hundred largest that has no price", function () {
    const vacancies = found(historyOf([1, 2]), listOn(SUNDAY, 200));

    expect(vacancies?.places).to.equal(98);
    // 1 and r = 2^-1/2: two of a geometric series make 1 - r^2 = 1/2 of it, but for r^100.
    expectClose(vacancies?.capShare ?? Number.NaN, 0.5);
  });

  it("takes the last list of the 49 days to the close", function () {
    const history = historyOf([1]);

    expect(found(history, listOn(SUNDAY), SUNDAY + 48)?.list.day).to.equal(SUNDAY);
    expect(found(history, listOn(SUNDAY), SUNDAY + 49)).to.equal(undefined);
    expect(vacanciesAt(history, [listOn(SUNDAY - 7), listOn(SUNDAY)], SUNDAY)?.list.day).to.equal(SUNDAY);
  });

  it("looks at no list of a later day", function () {
    expect(found(historyOf([1]), listOn(SUNDAY + 1))).to.equal(undefined);
  });

  it("holds ranks in the hole alone: CoinGecko's closes from 2018-03-25 to 2019-12-31", function () {
    const isIn = (date: string): boolean => isInHole({ provider: "coingecko" }, dayNumber(isoDate(date)));

    expect(["2018-03-18", "2018-03-25", "2019-12-29", "2020-01-05"].map(isIn)).to.deep.equal([
      false,
      true,
      true,
      false,
    ]);
    expect(found(historyOf([1], "simulated"), listOn(SUNDAY))).to.equal(undefined);
  });
});

describe("fullLists", function () {
  const placesOf = (list: string, { day, places }: RankedList): ListedPlace[] =>
    places.map((place) => ({ ...place, list, day, symbol: "X", supply: null }));

  it("takes the longest list of a day, oldest day first, and leaves out short ones", function () {
    const lists = fullLists([
      ...placesOf("b", listOn(SUNDAY, 100)),
      ...placesOf("a", listOn(SUNDAY, 120)),
      ...placesOf("a", listOn(SUNDAY - 7, 100)),
      ...placesOf("top10", listOn(SUNDAY - 14, 99)),
    ]);

    expect(lists.map(({ day, places }) => [day - SUNDAY, places.length])).to.deep.equal([
      [-7, 100],
      [0, 120],
    ]);
  });

  it("leaves out lists that were made from the prices themselves", function () {
    expect(fullLists(placesOf("coingecko_weekly_top250", listOn(SUNDAY)))).to.deep.equal([]);
  });
});
