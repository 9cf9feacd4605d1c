// Tests of src/engine/bad-week.ts and of --strict: a bad week is named, held, and ends with exit code 3.
import { expect } from "chai";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { dateOfDay, dayNumber, isoDate } from "../../../src/core/time.ts";
import { weekDefects } from "../../../src/engine/bad-week.ts";
import { decisionAt } from "../../../src/engine/run.ts";
import type { CoinSeries, History } from "../../../src/market/history.ts";
import { simulateMarket } from "../../../src/market/simulate.ts";
import { runCli } from "../../cli-run.ts";
import { COINGECKO_HEADER, type TemporaryFolder, temporaryFolder } from "../../market-files.ts";

const MONDAY = isoDate("2022-03-28");
const MARKET = simulateMarket({ seed: 9, coins: 40, from: isoDate("2021-01-01"), to: MONDAY });
const SUNDAY = dayNumber(MONDAY) - 1;

/** The market without the prices of some coins on some days. */
function without(isLost: (coinId: string, day: number) => boolean): History {
  const lost = (coin: CoinSeries): CoinSeries => ({
    ...coin,
    priceUsd: coin.priceUsd.map((price, i) => (isLost(coin.coinId, coin.firstDay + i) ? Number.NaN : price)),
  });
  return { ...MARKET, providers: MARKET.providers.map((one) => ({ ...one, coins: one.coins.map(lost) })) };
}

const LARGEST = decisionAt(MARKET, { date: MONDAY }, DEFAULT_PARAMETERS)
  .index.slice(0, 15)
  .map(({ coinId }) => coinId);
const HALF_GONE = without((coinId, day) => LARGEST.includes(coinId) && day > SUNDAY - 7);
const LATE = without((coinId, day) => LARGEST.includes(coinId) && day > SUNDAY - 1);

function defectsOf(history: History): string[] {
  return weekDefects(history, decisionAt(history, { date: MONDAY }, DEFAULT_PARAMETERS), DEFAULT_PARAMETERS);
}

/** The market in CoinGecko's format. */
function linesOf({ providers }: History): string[] {
  const rows = providers.flatMap(({ coins }) =>
    coins.flatMap(({ coinId, symbol, firstDay, priceUsd, capUsd, volumeUsd }) =>
      [...priceUsd].flatMap((price, i) =>
        Number.isNaN(price)
          ? []
          : [`${dateOfDay(firstDay + i)},${coinId},${symbol},${price},${capUsd[i] ?? ""},${volumeUsd[i] ?? ""}`],
      ),
    ),
  );
  return [COINGECKO_HEADER, ...rows];
}

describe("weekDefects", function () {
  it("finds nothing in a sound week", function () {
    expect(defectsOf(MARKET)).to.deep.equal([]);
  });

  it("names a week in which the largest coins have no price, and the regime is held", function () {
    const decision = decisionAt(HALF_GONE, { date: MONDAY }, DEFAULT_PARAMETERS);
    const before = decisionAt(HALF_GONE, { date: isoDate("2022-03-21") }, DEFAULT_PARAMETERS);

    expect([decision.heldBy, decision.regime]).to.deep.equal(["missing-prices", before.regime]);
    expect(weekDefects(HALF_GONE, decision, DEFAULT_PARAMETERS)[0]).to.include("the regime is held");
  });

  it("names a source that is late at the close", function () {
    expect(defectsOf(LATE)).to.have.length(1);
    expect(defectsOf(LATE)[0]).to.match(/^\d\d\.\d % of the index has no price at the close of 2022-03-27$/);
  });

  it("names two sources that are 3 % apart on bitcoin, and not 1 %", function () {
    const second = (factor: number): History => {
      const [first] = MARKET.providers;
      const coins = (first?.coins ?? []).filter(({ coinId }) => coinId === "bitcoin");
      const moved = coins.map((coin) => ({ ...coin, priceUsd: coin.priceUsd.map((price) => price * factor) }));
      return {
        ...MARKET,
        providers: [...MARKET.providers, { ...(first as (typeof MARKET.providers)[0]), coins: moved }],
      };
    };

    expect(defectsOf(second(1.03))).to.deep.equal(["two sources state bitcoin 3.0 % apart on 2022-03-27"]);
    expect(defectsOf(second(1.01))).to.deep.equal([]);
  });
});

describe("--strict", function () {
  let folder: TemporaryFolder;
  beforeEach(function () {
    folder = temporaryFolder();
  });
  afterEach(function () {
    folder.remove();
  });

  async function signal(history: History, ...more: string[]) {
    folder.write("coins.csv", linesOf(history));
    return runCli(["signal", "--data", folder.path, "--as-of", MONDAY, "--json", ...more]);
  }

  it("prints the held regime all the same, and ends with exit code 3", async function () {
    const { code, out, err } = await signal(HALF_GONE, "--strict");

    expect(code).to.equal(3);
    expect(JSON.parse(out)).to.include({ heldBy: "missing-prices" });
    expect(err).to.include("BAD_WEEK");
  });

  it("changes nothing in a sound week, and a bad one without it only shows what is wrong", async function () {
    expect((await signal(MARKET, "--strict")).code).to.equal(0);
    expect((await signal(LATE)).code).to.equal(0);
  });

  it("is not needed for a source that ends before the Sunday: that is refused", async function () {
    const ended = without((_, day) => day > SUNDAY - 1);

    const { code, err } = await signal(ended);

    expect([code, err.includes("DATE_OUT_OF_DATA")]).to.deep.equal([3, true]);
  });
});
