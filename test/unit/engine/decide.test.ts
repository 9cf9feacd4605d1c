// Tests of src/engine/decide.ts and decision.ts.
import { expect } from "chai";
import { canonicalHash, canonicalJson } from "../../../src/core/canonical-json.ts";
import { dayNumber, isoDate } from "../../../src/core/time.ts";
import { ppm } from "../../../src/core/units.ts";
import { type Parameters, parametersSchema } from "../../../src/config/schema.ts";
import { INITIAL_STATE, decide } from "../../../src/engine/decide.ts";
import { type DecisionState, decisionHash, stateAfter } from "../../../src/engine/decision.ts";
import type { Snapshot } from "../../../src/engine/snapshot.ts";
import type { CoinObservation } from "../../../src/universe/observe.ts";

const PARAMETERS: Parameters = parametersSchema.parse({
  universe: { size: 2, enterRank: 2, leaveRank: 2 },
  regime: { meanWeeks: [2], momentumWeeks: [1] },
});

function coin(coinId: string, capUsd: number, priceUsd: number): CoinObservation {
  const about = { coinId, symbol: coinId.toUpperCase(), listedDays: 400, label: undefined, isPegged: false };
  return { ...about, averageCapUsd: capUsd, capUsd, priceUsd, priceAgeDays: 0, volumeUsd: 5e6 };
}

function snapshot(date: string, coins: readonly CoinObservation[]): Snapshot {
  const closes = new Map(coins.map(({ coinId, priceUsd }) => [coinId, priceUsd ?? Number.NaN]));
  return {
    date: isoDate(date),
    close: isoDate(date), // not looked at
    provider: "coingecko",
    inputDigest: "00",
    sourceAgeHours: 0.5,
    references: [],
    coins,
    vacancies: undefined,
    valuation: { provider: "coingecko", closes },
  };
}

const FIRST = snapshot("2024-01-01", [coin("a", 3e9, 10), coin("b", 1e9, 5)]);
const FIRST_DECISION = decide(FIRST, INITIAL_STATE, PARAMETERS);
const AFTER_FIRST: DecisionState = stateAfter(INITIAL_STATE, FIRST_DECISION, 2);

/** The state after a week at lower prices of the same coins. */
function votesForBull(coins: readonly CoinObservation[]): DecisionState {
  const before = coins.map((one) => ({ ...one, priceUsd: (one.priceUsd ?? 0) / 2 }));
  return stateAfter(INITIAL_STATE, decide(snapshot("2024-01-01", before), INITIAL_STATE, PARAMETERS), 2);
}

describe("decide", function () {
  it("starts at a level of 1000, in stablecoins, with the index beside them", function () {
    expect(FIRST_DECISION).to.include({ indexLevel: 1000, regime: "bear", heldBy: "warm-up", score: null });
    expect(FIRST_DECISION.weights.map(({ coinId, weightPpm }) => [coinId, weightPpm])).to.deep.equal([
      ["usd-coin", 600_000],
      ["tether", 200_000],
      ["dai", 200_000],
    ]);
    expect(FIRST_DECISION.index.map(({ coinId, weightPpm }) => [coinId, weightPpm])).to.deep.equal([
      ["a", 750_000],
      ["b", 250_000],
    ]);
  });

  it("chains the level from last week's weights and goes to bull on the votes", function () {
    const decision = decide(snapshot("2024-01-08", [coin("a", 3e9, 12), coin("b", 1e9, 6)]), AFTER_FIRST, PARAMETERS);

    expect(decision.indexLevel).to.equal(1200); // both prices up by a fifth
    expect(decision).to.include({ score: 1, previousRegime: "bear", regime: "bull", regimeSince: "2024-01-08" });
    expect(decision.weights.map(({ coinId, weightPpm }) => [coinId, weightPpm])).to.deep.equal([
      ["a", 150_000],
      ["b", 150_000],
      ["usd-coin", 700_000], // two coins have no room for more
    ]);
    expect(decision.returns).to.deep.equal(["2024-01-08"]);
  });

  it("names what the caps cut, and leaves the index as it is", function () {
    const decision = decide(snapshot("2024-01-08", [coin("a", 3e9, 12), coin("b", 1e9, 6)]), AFTER_FIRST, PARAMETERS);

    expect(decision.capped).to.deep.equal([
      { coinId: "a", indexPpm: 750_000, cutPpm: 600_000 },
      { coinId: "b", indexPpm: 250_000, cutPpm: 100_000 },
    ]);
    expect(decision.index.map(({ weightPpm }) => weightPpm)).to.deep.equal([750_000, 250_000]);
  });

  it("lets bitcoin be 80 % and ether 40 %, and spreads the rest", function () {
    const coins = [coin("bitcoin", 9e9, 12), coin("ethereum", 1e9, 6)];
    const decision = decide(snapshot("2024-01-08", coins), votesForBull(coins), PARAMETERS);

    expect(decision.weights.map(({ coinId, weightPpm }) => [coinId, weightPpm])).to.deep.equal([
      ["bitcoin", 800_000],
      ["ethereum", 200_000],
    ]);
  });

  it("names a member without a price and counts it as no return", function () {
    const decision = decide(snapshot("2024-01-08", [coin("a", 3e9, 20)]), AFTER_FIRST, PARAMETERS);

    expect(decision.indexLevel).to.equal(1750); // 1000 * (0.75 * 2 + 0.25)
    expect(decision.notices.join()).to.include("b: no price in the week");
    expect(decision.heldBy).to.equal("missing-prices"); // a quarter of the index
  });

  it("says that it holds fewer names than it should", function () {
    const decision = decide(snapshot("2024-01-08", [coin("a", 3e9, 20)]), AFTER_FIRST, PARAMETERS);

    expect(decision.notices[0]).to.include("1 of 2 names");
  });

  it("does not carry members over to another provider's ids", function () {
    const other: Snapshot = { ...snapshot("2024-01-08", FIRST.coins), provider: "coinmarketcap" };

    expect(decide(other, AFTER_FIRST, PARAMETERS).index.map(({ inclusion }) => inclusion)).to.deep.equal([
      "entered",
      "entered",
    ]);
    expect(decide(FIRST, AFTER_FIRST, PARAMETERS).index.map(({ inclusion }) => inclusion)).to.deep.equal([
      "stayed",
      "stayed",
    ]);
  });

  it("writes amounts as decimal strings and the rest as plain JSON", function () {
    expect(FIRST_DECISION.index[0]).to.deep.equal({
      coinId: "a",
      symbol: "A",
      weightPpm: ppm(750_000),
      rank: 1,
      averageCapUsd: "3000000000",
      capUsd: "3000000000",
      priceUsd: "10",
      inclusion: "entered",
    });
    expect(JSON.parse(canonicalJson(FIRST_DECISION))).to.deep.equal(FIRST_DECISION);
  });

  it("has another hash when one byte changes", function () {
    expect(decisionHash(FIRST_DECISION)).to.equal(canonicalHash(FIRST_DECISION));
    expect(decisionHash({ ...FIRST_DECISION, week: FIRST_DECISION.week + 1 })).to.not.equal(
      decisionHash(FIRST_DECISION),
    );
  });
});

describe("decide in the hole of 2018-04 to 2019-12", function () {
  const coins = [coin("a", 3e9, 10), coin("b", 1e9, 5)];
  const hole = { ...snapshot("2019-06-03", coins), close: isoDate("2019-06-02") };
  const places = [{ rank: 1, priceUsd: null, capUsd: 4e9 }];
  const list = { day: dayNumber(isoDate("2019-06-02")), places };

  it("leaves the places of coins without a price empty and says how much is missing", function () {
    const vacancies = { list, places: 1, capShare: 0.0312, after: [1] };

    const decision = decide({ ...hole, vacancies }, INITIAL_STATE, PARAMETERS);

    expect(decision.index.map(({ coinId, rank }) => [coinId, rank])).to.deep.equal([["a", 1]]);
    expect(decision.excluded[0]).to.include({ coinId: "b", reason: "below-entry-rank" });
    expect(decision.notices).to.deep.equal([
      "hole in the prices: from 2018-04 to 2019-12 no source has those of the coins that died since: by the ranked list " +
        "of 2019-06-02, 1 of the 100 largest with 3.12 % of their market cap; 1 of the index's places stay empty",
    ]);
  });

  it("says that nothing holds the ranks without a list", function () {
    expect(decide(hole, INITIAL_STATE, PARAMETERS).notices[0]).to.include("no ranked list of the last 49 days");
  });
});
