// Tests of a bad week: it holds the regime, is named in the decision, replays to the same hash, and --strict ends with 3.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { DEFAULT_PARAMETERS } from "../../../src/config/schema.ts";
import { addDays, dateOfDay, dayNumber, isoDate } from "../../../src/core/time.ts";
import { type Decision, decisionHash } from "../../../src/engine/decision.ts";
import { decisionAt, decisionChain, spanOf } from "../../../src/engine/run.ts";
import { type CoinSeries, type History, valueOn } from "../../../src/market/history.ts";
import { simulateMarket } from "../../../src/market/simulate.ts";
import { truncateHistory } from "../../../src/market/truncate.ts";
import { runCli } from "../../cli-run.ts";
import { COINGECKO_HEADER, type TemporaryFolder, temporaryFolder } from "../../market-files.ts";

const WHOLE = simulateMarket({ seed: 9, coins: 40, from: isoDate("2021-01-01"), to: isoDate("2022-06-15") });
/** A Monday on which the votes lead out of the market, so that a hold shows. */
const MONDAY = isoDate("2022-05-16");
const SUNDAY = dayNumber(MONDAY) - 1;
const MARKET = truncateHistory(WHOLE, MONDAY);
const SOUND = decide(MARKET);
const HALF = SOUND.index.filter((_, i) => i % 2 === 1).map(({ coinId }) => coinId);

function decide(history: History, date = MONDAY): Decision {
  return decisionAt(history, { date }, DEFAULT_PARAMETERS);
}

type Cell = { readonly coin: CoinSeries; readonly column: "priceUsd" | "capUsd" | "volumeUsd"; readonly day: number };

/** A market with other values. */
function changed(market: History, valueOf: (value: number, cell: Cell) => number): History {
  const change = (coin: CoinSeries): CoinSeries => {
    const column = (name: Cell["column"]): Float64Array =>
      coin[name].map((value, i) => valueOf(value, { coin, column: name, day: coin.firstDay + i }));
    return { ...coin, priceUsd: column("priceUsd"), capUsd: column("capUsd"), volumeUsd: column("volumeUsd") };
  };
  return { ...market, providers: market.providers.map((one) => ({ ...one, coins: one.coins.map(change) })) };
}

/** The market without the rows of some coins on some days. */
function without(isLost: (coinId: string, day: number) => boolean): History {
  return changed(MARKET, (value, { coin, day }) => (isLost(coin.coinId, day) ? Number.NaN : value));
}

/** What is known of a market up to Sunday, and the true rows after it. */
function withFuture(market: History): History {
  const known = new Map(market.providers[0]?.coins.map((coin) => [coin.coinId, coin]));
  const history = changed(WHOLE, (value, { coin, column, day }) => {
    const series = known.get(coin.coinId);
    return day > SUNDAY || series === undefined ? value : valueOn(series, column, day);
  });
  return { ...history, references: market.references };
}

/** A market in which another source states bitcoin so many times as high at the close. */
function besides(factor: number, from = SUNDAY, market = MARKET): History {
  const bitcoin = market.providers[0]?.coins.find(({ coinId }) => coinId === "bitcoin");
  const closes = new Map(
    [...(bitcoin?.priceUsd ?? [])].map((price, i) => {
      const day = (bitcoin?.firstDay ?? 0) + i;
      return [day, day >= from ? price * factor : price] as const;
    }),
  );
  return { ...market, references: [{ source: "binance BTCUSDT", closes }] };
}

const BAD_WEEKS: readonly (readonly [what: string, market: History, heldBy: string, words: RegExp])[] = [
  [
    "half of the coins are unknown (NaN) all week",
    without((coinId, day) => HALF.includes(coinId) && day > SUNDAY - 7),
    "missing-prices",
    /^\d\d\.\d % of the index \(\d\d\.\d % of its names\) had no price in the week to 2022-05-15$/,
  ],
  [
    "half of the coins are missing at the close",
    without((coinId, day) => HALF.includes(coinId) && day === SUNDAY),
    "late-source",
    /^\d\d\.\d % of the index \(\d\d\.\d % of its names\) has no price at the close of 2022-05-15$/,
  ],
  [
    "the source ends a day and a half before the decision",
    truncateHistory(MARKET, dateOfDay(SUNDAY)),
    "late-source",
    /^100\.0 % of the index \(100\.0 % of its names\) has no price .* newest close was 24\.5 h old at the decision$/,
  ],
  [
    "two sources state bitcoin 2 % apart",
    besides(1.02),
    "sources-apart",
    /^sources state bitcoin 2\.0 % apart on 2022-05-15: binance BTCUSDT \d+.*, simulated \d+/,
  ],
];

describe("a bad week", function () {
  it("is compared with a sound one that leads out of the market", function () {
    expect(SOUND).to.deep.include({ previousRegime: "bull", regime: "bear", heldBy: null, defects: [] });
    expect(SOUND.badDataSince).to.equal(null);
    expect(decide(besides(1.01))).to.deep.include({ regime: "bear", heldBy: null, defects: [] });
  });

  for (const [what, market, heldBy, words] of BAD_WEEKS) {
    describe(`in which ${what}`, function () {
      const decision = decide(market);

      it("holds the regime, and says so", function () {
        expect(decision).to.include({ previousRegime: "bull", regime: "bull", heldBy, badDataSince: MONDAY });
        expect(decision.regimeSince).to.equal("2022-01-31");
        expect(decision.defects[0]).to.match(words);
      });

      it("changes nothing of what is held", function () {
        const before = decide(market, addDays(MONDAY, -7));

        expect(decision.weights).to.deep.equal(before.weights);
        expect(decision.capped).to.deep.equal(before.capped);
      });

      it("replays to the same hash, also when later rows are known", function () {
        const later = withFuture(market);

        expect(decisionHash(decide(later))).to.equal(decisionHash(decision));
        expect(decisionHash(decide(truncateHistory(later, MONDAY)))).to.equal(decisionHash(decision));
      });
    });
  }

  it("has other bytes when a second source states another price, though nothing is decided by it", function () {
    const [one, other] = [decide(besides(1.001)), decide(besides(1.002))];

    expect(one.inputDigest).to.not.equal(other.inputDigest);
    expect([one.regime, other.regime]).to.deep.equal(["bear", "bear"]);
  });

  it("delays the way out by 21 days when data stay bad, and not longer", function () {
    const bad = besides(1.5, SUNDAY - 21, WHOLE); // three weeks before the votes turn
    const decisions = [...decisionChain(bad, spanOf(bad, DEFAULT_PARAMETERS), DEFAULT_PARAMETERS)];
    const shown = decisions
      .filter(({ date }) => date >= addDays(MONDAY, -21) && date <= MONDAY)
      .map(({ regime, heldBy, badDataSince }) => [regime, heldBy, badDataSince]);

    expect(shown).to.deep.equal([
      ["bull", "sources-apart", "2022-04-25"],
      ["bull", "sources-apart", "2022-04-25"],
      ["bull", "sources-apart", "2022-04-25"],
      ["bear", null, "2022-04-25"], // 21 days, and the votes want to leave
    ]);
  });

  it("refuses a source that ends four days before the close", function () {
    expect(decide(truncateHistory(MARKET, dateOfDay(SUNDAY - 2))).dataQuality.sourceAgeHours).to.equal(72.5);
    expect(() => decide(truncateHistory(MARKET, dateOfDay(SUNDAY - 3)))).to.throw(/No decision for 2022-05-16/);
  });
});

/** A market in CoinGecko's format. */
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

/** What a second source states, as an exchange's candles. */
function candlesOf({ references }: History): string[] {
  const rows = references.flatMap(({ closes }) =>
    [...closes].map(([day, price]) => `${dateOfDay(day)},BTCUSDT,${price},${price},${price},${price},1000`),
  );
  return ["date,symbol,open,high,low,close,quote_volume_usdt", ...rows];
}

describe("a bad week on the command line", function () {
  let folder: TemporaryFolder;
  beforeEach(function () {
    folder = temporaryFolder();
  });
  afterEach(function () {
    folder.remove();
  });

  function write(history: History): void {
    folder.write("coins.csv", linesOf(history));
    folder.write("candles.csv", candlesOf(history));
  }

  async function ask(command: string, ...more: string[]) {
    return runCli([command, "--data", folder.path, "--as-of", MONDAY, ...more]);
  }

  function contents(): string[] {
    return readdirSync(folder.path, { recursive: true, encoding: "utf8" })
      .sort()
      .map((file) => `${file} ${readFileSync(join(folder.path, file)).toString("base64")}`);
  }

  for (const [what, market, heldBy] of BAD_WEEKS) {
    it(`in which ${what} is shown, ends with 3 under --strict alone, and leaves the data as they were`, async function () {
      write(market);
      const before = contents();

      const plain = await ask("signal");
      const json = await ask("decide", "--json", "--strict");

      expect([plain.code, json.code]).to.deep.equal([0, 3]);
      expect(plain.out).to.include("Regime BULL since 2022-01-31").and.to.include("bad week: ");
      const { decision } = JSON.parse(json.out) as { decision: Decision };
      expect(decision).to.include({ heldBy, regime: "bull", previousRegime: "bull" });
      expect(json.err).to.include("BAD_WEEK").and.to.include(decision.defects[0]);
      expect(contents()).to.deep.equal(before);
    });
  }

  it("with a value that is no number is refused, with and without --strict, and the last decision stays", async function () {
    write(MARKET);
    const last = addDays(MONDAY, -7);
    const good = await ask("decide", "--json", "--as-of", last);
    const bad = folder.write("coins.csv", [...linesOf(MARKET), `2022-05-15,zzz,ZZZ,NaN,1,1`]);

    const [plain, strict] = [await ask("signal"), await ask("signal", "--strict")];

    expect([plain.code, strict.code]).to.deep.equal([3, 3]);
    expect(plain.err).to.include(bad).and.to.include("NaN");
    write(MARKET);
    expect((await ask("decide", "--json", "--as-of", last)).out).to.equal(good.out);
  });

  it("is the same from a store", async function () {
    write(besides(1.02));
    const store = temporaryFolder();
    try {
      const { code } = await runCli(["data", "import", folder.path, "--data", store.path]);
      const args = ["decide", "--as-of", MONDAY, "--json", "--data"];
      const [fromStore, fromFolder] = [await runCli([...args, store.path]), await runCli([...args, folder.path])];

      expect(code).to.equal(0);
      expect(JSON.parse(fromStore.out)).to.deep.equal(JSON.parse(fromFolder.out));
      expect(fromStore.out).to.include('"heldBy": "sources-apart"').and.to.include("binance BTCUSDT");
    } finally {
      store.remove();
    }
  });

  it("shows in universe and weights, and a sound week ends with 0 under --strict", async function () {
    write(besides(1.03));
    for (const command of ["universe", "weights"]) {
      const { code, out } = await ask(command, "--strict");
      expect([command, code]).to.deep.equal([command, 3]);
      expect(out).to.include("bad week: sources state bitcoin 3.0 % apart");
    }
    write(besides(1.001));
    expect((await ask("signal", "--strict")).code).to.equal(0);
  });
});
