// Tests that the check finds the known defects of the real market data.
import { expect } from "chai";
import type { Defect, DefectKind } from "../../../src/market/defects/defect.ts";
import { type CheckInput, type CheckResult, findDefects } from "../../../src/market/defects/find.ts";
import { coverageOf } from "../../../src/market/coverage.ts";
import { filesAt } from "../../../src/market/sources/directory.ts";
import { fillDraft } from "../../../src/market/sources/store/import.ts";
import { readCheckInput } from "../../../src/market/sources/store/read-check.ts";
import { Draft } from "../../../src/market/sources/store/store.ts";
import { realDataOrSkip } from "../../real-data.ts";
import { expectClose } from "../../close.ts";

/** What the data's own description lists, and two defects that it does not: of coin, first and last day. */
const KNOWN: readonly (readonly [kind: DefectKind, source: string, coin: string, from: string, to: string])[] = [
  ["gap", "coingecko", "*", "2018-02-07", "2018-02-07"],
  ["gap", "coingecko", "*", "2013-04-28", "2013-12-26"], // no volume before
  ["gap", "coingecko", "maker", "2021-09-18", "2022-06-11"],
  ["gap", "coingecko", "klaytn", "2021-09-18", "2022-02-03"],
  ["gap", "coingecko", "terra-luna", "2022-06-11", "2022-09-05"], // market cap, and so on to swissborg
  ["gap", "coingecko", "quark-chain", "2018-07-05", "2018-08-20"],
  ["gap", "coingecko", "ravencoin", "2018-08-24", "2018-08-30"],
  ["gap", "coingecko", "usd-coin", "2018-10-18", "2018-10-23"],
  ["gap", "coingecko", "swissborg", "2019-01-25", "2020-01-13"],
  ["gap", "snapshots", "cmc_weekly_top200_2020", "2020-05-10", "2020-05-16"],
  ["gap", "cmc_weekly_top200_2020", "*", "2021-01-31", "2021-01-31"], // 163 places
  ["gap", "cmc_monthly_top200_2020_2024", "BabyDoge", "2024-01-01", "2024-12-01"],
  ["gap", "fear_greed", "*", "2018-04-14", "2018-04-16"],
  ["gap", "fear_greed", "*", "2024-10-26", "2024-10-26"],
  ["gap", "btc_grades", "*", "2022-11-09", "2022-11-11"],
  ["stale", "coingecko", "*", "2018-02-21", "2018-02-21"],
  ["stale", "coingecko", "*", "2019-10-02", "2019-10-02"], // not described: 105 coins repeat the day before
  ["jump", "coingecko", "iexec-rlc", "2017-10-16", "2017-10-16"],
  ["jump", "coingecko", "medibloc", "2019-03-12", "2019-03-12"],
  ["jump", "coingecko", "terra-luna", "2022-05-12", "2022-05-12"],
  ["jump", "coinmarketcap", "flappycoin", "2014-10-10", "2014-10-10"],
  ["jump", "coinmarketcap", "topcoin", "2014-09-13", "2014-09-13"],
  ["jump", "coinmarketcap", "pluton", "2016-11-05", "2016-11-05"],
  ["supply-revision", "coingecko", "solana", "2021-01-07", "2021-01-07"],
  ["supply-revision", "coingecko", "polygon-ecosystem-token", "2024-09-05", "2024-09-05"],
  ["supply-revision", "coingecko", "okb", "2023-03-09", "2023-03-09"],
  ["supply-revision", "coingecko", "ontology", "2018-08-10", "2018-08-10"],
  ["supply-revision", "coingecko", "quark-chain", "2018-06-06", "2018-06-06"],
  ["supply-revision", "coingecko", "loopring", "2018-01-12", "2018-01-12"],
  ["supply-revision", "coingecko", "algorand", "2021-03-10", "2021-03-10"],
  ["supply-revision", "coingecko", "flow", "2021-10-16", "2021-10-16"],
  ["supply-revision", "coingecko", "terra-luna", "2022-05-12", "2022-05-12"],
  ["ticker-reuse", "cmc_monthly_top200_2020_2024", "BNX", "2023-03-01", "2023-03-01"],
  ["unit-error", "binance", "1000PEPEUSDT", "2024-01-10", "2024-12-31"],
];

/** Tickers that several coins bear on 2024-12-31, with how many. */
const TICKERS: readonly (readonly [string, number])[] = [
  ["WETH", 7],
  ["DOGE", 2],
  ["TON", 2],
  ["FRAX", 2],
  ["NEIRO", 2],
  ["WBTC", 2],
  ["BUSD", 2],
  ["USDX", 2],
];

describe("defects of the real market data", function () {
  this.timeout(240_000);
  let found: CheckResult;
  let input: CheckInput;
  before(async function () {
    const directory = realDataOrSkip(this);
    const draft = await Draft.open();
    await fillDraft(draft, filesAt(directory), () => {});
    input = await readCheckInput(draft);
    found = findDefects(input);
    draft.close();
  });

  function of(kind: DefectKind, source: string): Defect[] {
    return found.defects.filter((defect) => defect.kind === kind && defect.source === source);
  }

  for (const [kind, source, coin, from, to] of KNOWN) {
    it(`names the ${kind} of ${source} ${coin} from ${from} to ${to}`, function () {
      const days = of(kind, source)
        .filter((defect) => defect.coin === coin)
        .map(({ date, to: last }) => [date, last]);

      expect(days).to.deep.include([from, to]);
    });
  }

  it("names the nine missing days of the grades", function () {
    const missing = of("gap", "btc_grades").map(({ detail }) => Number.parseInt(detail, 10));

    expect(missing.reduce((sum, days) => sum + days, 0)).to.equal(9);
  });

  it("names the flips of mossland from July to September 2018", function () {
    const flips = of("jump", "coingecko").filter(({ coin }) => coin === "mossland");

    expect(flips.filter(({ date }) => date >= "2018-07-21" && date <= "2018-09-05")).to.have.length(22);
  });

  it("names supplies of 2020 that are a power of ten too large, which no description mentions", function () {
    const tomo = of("unit-error", "cmc_weekly_top200_2020").find(({ coin }) => coin === "TOMO");

    expect(tomo?.detail).to.match(/^price times supply is 10\^6 times the market cap/);
  });

  for (const [ticker, coins] of TICKERS) {
    it(`names the ${coins} coins with the ticker ${ticker}`, function () {
      const [reuse] = of("ticker-reuse", "coingecko").filter(({ detail }) => detail.startsWith(`ticker ${ticker} of`));

      expect(reuse?.coin.split(" ")).to.have.length(coins);
      expect(reuse?.to).to.equal("2024-12-31");
    });
  }

  it("measures how much of the top 100 has prices as the data's description does by matching names", function () {
    // Places matched and share of cap, yearly means, as the description states them.
    const stated: readonly (readonly [number, number])[] = [
      [65, 0.974],
      [87, 0.986],
      [92, 0.991],
      [95, 0.997],
      [97, 0.998],
    ];
    const monthly = input.lists.filter(({ list }) => list === "cmc_monthly_top200_2020_2024");

    const coverage = coverageOf(input.providers, monthly);

    expect(coverage.map(({ year, lists }) => [year, lists])).to.deep.equal(
      ["2020", "2021", "2022", "2023", "2024"].map((year) => [year, 12]),
    );
    for (const [i, [places, share]] of stated.entries()) {
      expect(coverage[i]?.places).to.be.within(places - 6, places);
      expectClose(coverage[i]?.capShare, share, 0.01);
    }
  });

  it("takes dogecoin's jump of 2021-01-28 for shared, because a list shows both levels", function () {
    const [dogecoin] = found.sharedJumps.filter(({ coin, date }) => coin === "dogecoin" && date === "2021-01-28");

    expect(dogecoin?.sharedBy).to.equal("cmc_monthly_top200_2020_2024 DOGE");
    expect(of("jump", "coingecko").filter(({ coin }) => coin === "dogecoin")).to.deep.equal([]);
  });
});
