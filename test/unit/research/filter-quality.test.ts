// Tests of src/research/filter-quality.ts.
import { expect } from "chai";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import type { CoinFlags, History } from "../../../src/market/history.ts";
import { filterReport, precisionOf, recallOf } from "../../../src/research/filter-quality.ts";
import { FIRST_DAY, series } from "../../series.ts";

const DAYS = 100; // one Monday with 90 days of listing before its close
const NO_FLAGS: CoinFlags = { stable: false, wrapped: false, realWorld: false };
const days = (price: (day: number) => number): number[] => Array.from({ length: DAYS }, (_, i) => price(i));
const moving = (scale: number, own = 0): number[] => days((i) => scale * Math.exp((i % 2) * 0.05 + (i % 3) * own));

/** Five coins: a leader, a labelled shadow, an unlabelled one, a labelled peg, and a stablecoin that left its peg. */
function market(flags: Readonly<Record<string, Partial<CoinFlags>>>): History {
  const coin = (coinId: string, price: number[], cap: number) => series(coinId, { price, cap: price.map(() => cap) });
  const coins = [
    coin("copy", moving(7), 1e8),
    coin(
      "dollar",
      days(() => 1.01),
      2e8,
    ),
    coin("fallen", moving(0.3, 0.1), 3e8),
    coin("leader", moving(50), 9e8),
    coin("twin", moving(51), 5e8),
  ];
  const provider = { provider: "simulated" as const, firstDay: FIRST_DAY, lastDay: FIRST_DAY + DAYS - 1, coins };
  const entries = coins.map(({ coinId }) => [coinId, { ...NO_FLAGS, ...flags[coinId] }] as const);
  return {
    providers: [provider],
    flags: new Map(entries.filter(([coinId]) => coinId in flags)),
    references: [],
    lists: [],
  };
}

const FLAGS = { copy: {}, dollar: { stable: true }, fallen: { stable: true }, leader: {}, twin: { wrapped: true } };

describe("filterReport", function () {
  const report = filterReport(market(FLAGS), DEFAULT_PARAMETERS);
  const [peg, shadow, either] = report.qualities;
  const mondays = report.mondays;

  it("counts what each test finds and misses against the flags", function () {
    expect(mondays).to.be.within(1, 2);
    expect(peg?.coins).to.deep.equal({ found: 1, missed: 1, unlabelled: 0 });
    expect(shadow?.coins).to.deep.equal({ found: 1, missed: 0, unlabelled: 1 });
    expect(either?.mondays).to.deep.equal({ found: 2 * mondays, missed: mondays, unlabelled: mondays });
  });

  it("weighs by the market cap of the Monday's cases", function () {
    expect(peg?.capShare).to.deep.equal({ found: 2 / 20, missed: 3 / 20, unlabelled: 0 });
  });

  it("names those about which test and flag disagree", function () {
    expect(peg?.missed).to.deep.equal([{ coinId: "fallen", mondays, foundOn: 0, bestRank: 3, repeats: null }]);
    expect(shadow?.unlabelled).to.deep.equal([
      { coinId: "copy", mondays, foundOn: mondays, bestRank: 5, repeats: "leader" },
    ]);
  });

  it("leaves out coins that the list does not know", function () {
    const { dollar, fallen, leader, twin } = FLAGS; // without the copy

    expect(
      filterReport(market({ dollar, fallen, leader, twin }), DEFAULT_PARAMETERS).qualities[1]?.coins.unlabelled,
    ).to.equal(0);
  });
});

describe("precision and recall", function () {
  it("are shares of what was found and of what is labelled", function () {
    const tally = { found: 6, missed: 2, unlabelled: 4 };

    expect(precisionOf(tally)).to.equal(0.6); // 6 / 10
    expect(recallOf(tally)).to.equal(0.75); // 6 / 8
  });

  it("are not known where nothing was found or labelled", function () {
    expect(precisionOf({ found: 0, missed: 1, unlabelled: 0 })).to.be.NaN;
    expect(recallOf({ found: 0, missed: 0, unlabelled: 1 })).to.be.NaN;
  });
});
