// Tests that backtest, compare and sweep say the same from a history store as from the folder of files it was made of.
import { join } from "node:path";
import { expect } from "chai";
import { dateOfDay, dayNumber, isoDate } from "../../../../src/core/time.ts";
import { simulateMarket } from "../../../../src/market/simulate.ts";
import { runCli } from "../../../cli-run.ts";
import { COINGECKO_HEADER, type TemporaryFolder, temporaryFolder } from "../../../market-files.ts";

const MARKET = simulateMarket({ seed: 3, coins: 30, from: isoDate("2019-01-01"), to: isoDate("2021-12-27") });
const SUPPLEMENT_HEADER = "date,coin_id,symbol,source,price_usd,market_cap_usd,volume_usd";

function rows(isSupplement: boolean): string[] {
  return MARKET.providers.flatMap(({ coins }) =>
    coins
      .filter(({ coinId }) => (coinId === "ethereum") === isSupplement)
      .flatMap(({ coinId, symbol, firstDay, priceUsd, capUsd, volumeUsd }) =>
        [...priceUsd].flatMap((price, i) => {
          if (Number.isNaN(price)) return [];
          const name = isSupplement ? `${coinId},${symbol},sj_export` : `${coinId},${symbol}`;
          return [`${dateOfDay(firstDay + i)},${name},${price},${capUsd[i] ?? ""},${volumeUsd[i] ?? ""}`];
        }),
      ),
  );
}

/** A line a day. */
function daily(rest: (i: number) => string): string[] {
  const first = dayNumber(isoDate("2019-01-01"));
  return Array.from({ length: 1091 }, (_, i) => `${dateOfDay(first + i)},${rest(i)}`);
}

describe("research on a history store", function () {
  let files: TemporaryFolder;
  let store: TemporaryFolder;
  before(async function () {
    [files, store] = [temporaryFolder(), temporaryFolder()];
    files.write("daily.csv", [COINGECKO_HEADER, ...rows(false)]);
    files.write("fear_greed.csv", ["date,value,class", ...daily((i) => `${i % 100},Fear`)]);
    files.write("open_interest.csv", [
      "date,coin,market,unit,open_interest",
      ...daily((i) => `BTC,BTCUSD_PERP.A,usd,${1000 + (i % 77)}`),
    ]);
    files.write("funding.csv", [
      "time_utc,exchange,symbol,funding_rate_8h",
      ...daily((i) => `binance,BTCUSDT,${(i % 9) / 10_000}`).map((line) => line.replace(",", "T08:00:00Z,")),
    ]);
    files.write("supplement.csv", [SUPPLEMENT_HEADER, ...rows(true)]);
    expect((await runCli(["data", "import", files.path, "--data", store.path])).code).to.equal(0);
  });
  after(function () {
    files.remove();
    store.remove();
  });

  async function ask(data: string, args: readonly string[]): Promise<Record<string, unknown>> {
    const register = join(data, "trials.jsonl");
    const { code, out, err } = await runCli([...args, "--data", data, "--register", register, "--json"]);
    expect([code, err.includes("error")]).to.deep.equal([0, false]);
    return { ...(JSON.parse(out) as Record<string, unknown>), data: "" };
  }

  for (const args of [
    ["backtest", "--rules", "baseline"],
    ["backtest", "--rules", "methodology"],
    ["compare", "ensemble", "faber-20"],
    ["compare", "ensemble", "faber-20", "--rules", "baseline"],
    ["sweep", "--grid", "lookbacks"],
  ]) {
    it(`${args.join(" ")} gives the same numbers as the folder`, async function () {
      expect(await ask(store.path, args)).to.deep.equal(await ask(files.path, args));
    });
  }

  it("signal reads and judges the same gauges", async function () {
    const said = async (data: string) => {
      const { code, out } = await runCli(["signal", "--data", data, "--as-of", "2021-12-27", "--json"]);
      expect(code).to.equal(0);
      return (JSON.parse(out) as { gauges: { name: string; latest: number; hitRate: { weeks: number } }[] }).gauges;
    };

    const gauges = await said(store.path);

    expect(gauges).to.deep.equal(await said(files.path));
    const own = ["score of the votes", "breadth of prices", "breadth of trader grades", "breadth of investor grades"];
    const levels = ["volatility of 13 weeks, annual", "percentile of volatility", "drawdown of the index"];
    const outside = ["funding of bitcoin", "open interest of bitcoin", "fear & greed"];
    expect(gauges.map(({ name }) => name)).to.deep.equal([...own, ...levels, "state of the jump model", ...outside]);
    expect(gauges.at(-1)?.latest).to.equal(90); // 2021-12-26 is 1090 days after 2019-01-01
    for (const { hitRate } of gauges.slice(-3)) expect(hitRate.weeks).to.be.within(50, 143);
  });

  it("leaves supplements out under the baseline's rules alone", async function () {
    const [baseline, methodology] = [
      await ask(store.path, ["compare", "ensemble", "hold", "--rules", "baseline"]),
      await ask(store.path, ["compare", "ensemble", "hold", "--rules", "methodology"]),
    ];

    expect(baseline["dataDigest"]).to.not.equal(methodology["dataDigest"]);
  });

  it("names a store without CoinGecko's daily file", async function () {
    const empty = temporaryFolder();
    try {
      const supplement = join(files.path, "supplement.csv");
      expect((await runCli(["data", "import", supplement, "--data", empty.path])).code).to.equal(0);
      const { code, err } = await runCli(["compare", "--data", empty.path]);

      expect(code).to.equal(3);
      expect(err).to.include("NO_MARKET_DATA").and.to.include("without rows of CoinGecko's daily file");
    } finally {
      empty.remove();
    }
  });
});
