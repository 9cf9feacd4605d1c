// Tests of src/engine/run.ts: the chain of decisions looks at nothing later than the close before each.
import { expect } from "chai";
import fc from "fast-check";
import { addDays, dayNumber, isoDate, mondayOf } from "../../../src/core/time.ts";
import { parametersSchema } from "../../../src/config/schema.ts";
import { DateOutOfDataError } from "../../../src/engine/calendar.ts";
import type { Decision } from "../../../src/engine/decision.ts";
import { decisionAt, decisionChain, decisionsBetween, spanOf } from "../../../src/engine/run.ts";
import type { CoinSeries, History } from "../../../src/market/history.ts";
import { simulateMarket } from "../../../src/market/simulate.ts";
import { truncateHistory } from "../../../src/market/truncate.ts";

const PARAMETERS = parametersSchema.parse({
  universe: { size: 20, enterRank: 18, leaveRank: 22 },
  regime: { meanWeeks: [4, 8], momentumWeeks: [3] },
});
const MARKET = simulateMarket({ seed: 11, coins: 45, from: isoDate("2021-01-01"), to: isoDate("2022-07-01") });
const SPAN = spanOf(MARKET, PARAMETERS);
const CHAIN: readonly Decision[] = [...decisionChain(MARKET, SPAN, PARAMETERS)];

function mapSeries(history: History, change: (coin: CoinSeries) => CoinSeries): History {
  return {
    ...history,
    providers: history.providers.map((provider) => ({ ...provider, coins: provider.coins.map(change) })),
  };
}

function scaled(column: Float64Array, factor: number): Float64Array {
  return column.map((value) => value * factor);
}

function poisonedFrom(coin: CoinSeries, day: number): CoinSeries {
  const poison = (column: Float64Array, factor: number): Float64Array =>
    column.map((value, i) => (coin.firstDay + i >= day ? value * factor : value));
  return {
    ...coin,
    priceUsd: poison(coin.priceUsd, 50),
    capUsd: poison(coin.capUsd, 0.01),
    volumeUsd: poison(coin.volumeUsd, 0),
  };
}

describe("decisionChain", function () {
  it("meets both regimes and changes its names, so that the tests below mean something", function () {
    expect(new Set(CHAIN.map(({ regime }) => regime)).size).to.equal(2);
    expect(new Set(CHAIN.flatMap(({ index }) => index.map(({ coinId }) => coinId))).size).to.be.greaterThan(25);
  });

  it("gives the same bytes twice", function () {
    expect([...decisionChain(MARKET, SPAN, PARAMETERS)]).to.deep.equal(CHAIN);
  });

  it("gives each decision unchanged on a history that ends before it", function () {
    for (const decision of CHAIN.filter((_, i) => i % 5 === 0)) {
      expect(decisionAt(truncateHistory(MARKET, decision.date), { date: decision.date }, PARAMETERS)).to.deep.equal(
        decision,
      );
    }
  });

  it("gives each decision unchanged when the future is poisoned", function () {
    for (const decision of CHAIN.filter((_, i) => i % 9 === 0)) {
      const poisoned = mapSeries(MARKET, (coin) => poisonedFrom(coin, dayNumber(decision.date)));

      expect(decisionAt(poisoned, { date: decision.date }, PARAMETERS)).to.deep.equal(decision);
    }
  });

  it("changes the digest when a row before the close changes", function () {
    const decision = CHAIN.at(-1);
    const poisoned = mapSeries(MARKET, (coin) => poisonedFrom(coin, dayNumber(decision?.close ?? SPAN.last)));

    expect([...decisionChain(poisoned, SPAN, PARAMETERS)].at(-1)?.inputDigest).to.not.equal(decision?.inputDigest);
  });

  it("weighs to exactly 1,000,000 in every week, index and target", function () {
    for (const { index, weights } of CHAIN) {
      expect(index.reduce((sum, { weightPpm }) => sum + weightPpm, 0)).to.equal(1_000_000);
      expect(weights.reduce((sum, { weightPpm }) => sum + weightPpm, 0)).to.equal(1_000_000);
    }
  });

  it("changes no weight, level or regime when all prices and caps are scaled", function () {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), (power) => {
        const factor = 2 ** power; // exact in binary, so that no rounding differs
        const larger = mapSeries(MARKET, (coin) => {
          return { ...coin, priceUsd: scaled(coin.priceUsd, factor), capUsd: scaled(coin.capUsd, factor) };
        });
        const relevant = ({ indexLevel, weights, regime }: Decision): unknown => ({ indexLevel, weights, regime });

        expect([...decisionChain(larger, SPAN, PARAMETERS)].map(relevant)).to.deep.equal(CHAIN.map(relevant));
      }),
      { numRuns: 4 },
    );
  });
});

describe("decisionAt", function () {
  it("gives every day of a week the decision of its Monday", function () {
    for (const days of [0, 3, 6]) {
      expect(decisionAt(MARKET, { date: addDays(isoDate("2022-03-07"), days) }, PARAMETERS).date).to.equal(
        "2022-03-07",
      );
    }
  });

  it("does not look at the days between the Monday and the date", function () {
    const thursday = isoDate("2022-03-10");
    const short = truncateHistory(MARKET, thursday);

    expect(decisionAt(short, { date: thursday }, PARAMETERS)).to.deep.equal(
      decisionAt(MARKET, { date: thursday }, PARAMETERS),
    );
  });

  it("reaches from the first Monday after 90 days to the day after the last row", function () {
    expect(SPAN).to.deep.equal({ first: "2021-04-05", last: "2022-07-01" }); // 2021-01-01 + 90 days = 2021-04-01
    expect(decisionAt(MARKET, { date: SPAN.last }, PARAMETERS).date).to.equal(mondayOf(SPAN.last));
  });

  for (const date of ["2021-04-04", "2022-07-02", "1999-01-01"]) {
    it(`refuses ${date} as outside the data`, function () {
      expect(() => decisionAt(MARKET, { date: isoDate(date) }, PARAMETERS)).to.throw(DateOutOfDataError);
    });
  }

  it("refuses a history that is too short for any decision", function () {
    expect(() => spanOf(truncateHistory(MARKET, isoDate("2021-02-01")), PARAMETERS)).to.throw(DateOutOfDataError);
  });
});

describe("decisionsBetween", function () {
  it("gives the Mondays of the half-open range, as the whole chain has them", function () {
    const range = { from: isoDate("2022-01-03"), to: isoDate("2022-02-07") };

    const decisions = [...decisionsBetween(MARKET, range, PARAMETERS)];

    expect(decisions.map(({ date }) => date)).to.deep.equal([
      "2022-01-03",
      "2022-01-10",
      "2022-01-17",
      "2022-01-24",
      "2022-01-31",
    ]);
    expect(decisions).to.deep.equal(CHAIN.filter(({ date }) => date >= range.from && date < range.to));
  });

  describe("for a fund that opens within the history", function () {
    const inBull = CHAIN.find(({ regime, previousRegime, heldBy }) => {
      return regime === "bull" && previousRegime === "bull" && heldBy === null;
    })?.date;
    const opened = isoDate(inBull ?? "");
    const decisions = [...decisionsBetween(MARKET, { from: opened, to: addDays(opened, 14), opened }, PARAMETERS)];

    it("counts its first start as a return to bull", function () {
      const [first, second] = decisions;

      expect(first).to.deep.include({ previousRegime: "bear", regime: "bull", regimeSince: opened, returns: [opened] });
      expect(second).to.deep.include({ previousRegime: "bull", regimeSince: opened, returns: [opened] });
    });

    it("leaves index, level and weights as they are", function () {
      const facts = ({ index, indexLevel, weights, votes }: Decision): unknown => ({
        index,
        indexLevel,
        weights,
        votes,
      });

      expect(decisions.map(facts)).to.deep.equal(
        CHAIN.filter(({ date }) => date >= opened && date < addDays(opened, 14)).map(facts),
      );
    });

    it("begins on the first Monday from the day", function () {
      const thursday = addDays(opened, -4);
      const range = { from: thursday, to: addDays(opened, 14), opened: thursday };

      expect([...decisionsBetween(MARKET, range, PARAMETERS)]).to.deep.equal(decisions);
    });

    it("gives the same decision alone, at a date", function () {
      const date = addDays(opened, 10);

      expect(decisionAt(MARKET, { date, opened }, PARAMETERS)).to.deep.equal(decisions[1]);
    });
  });

  it("refuses a range that leaves the data", function () {
    const range = { from: isoDate("2022-06-01"), to: isoDate("2022-12-01") };

    expect(() => [...decisionsBetween(MARKET, range, PARAMETERS)]).to.throw(DateOutOfDataError);
  });
});
