// Tests of src/engine/target.ts: what one fund holds of a decision.
import { expect } from "chai";

import { isoDate } from "../../../src/core/time.ts";
import { ppm } from "../../../src/core/units.ts";
import { parametersSchema } from "../../../src/config/schema.ts";
import { INITIAL_STATE, decide } from "../../../src/engine/decide.ts";
import type { Decision } from "../../../src/engine/decision.ts";
import { fundWeights } from "../../../src/engine/target.ts";

const EMPTY = decide(
  {
    date: isoDate("2024-01-01"),
    close: isoDate("2023-12-31"),
    provider: "coingecko",
    inputDigest: "00",
    sourceAgeHours: 0.5,
    references: [],
    coins: [],
    vacancies: undefined,
    valuation: { provider: "coingecko", closes: new Map() },
  },
  INITIAL_STATE,
  parametersSchema.parse({}),
);

function decided(regime: "bear" | "bull", byCoin: Readonly<Record<string, number>>): Decision {
  const weights = Object.entries(byCoin).map(([coinId, part]) => ({ coinId, symbol: coinId, weightPpm: ppm(part) }));
  return { ...EMPTY, regime, weights };
}

const INDEXES = new Map([
  ["usd-coin", 0],
  ["ethereum", 1],
  ["tether", 2],
  ["bitcoin", 3],
  ["fed", 4],
  ["pooled", 5],
]);

/** Asset 2 is a stablecoin, 3 bitcoin; 0 to 4 have feeds. */
const TIERS = { stable: 0b101n, young: 0n, bitcoin: 0b1000n, fed: 0b11111n };

describe("fundWeights", function () {
  it("spreads the weights of coins without a vehicle", function () {
    const decision = decided("bull", { bitcoin: 600_000, ethereum: 200_000, elsewhere: 200_000 });

    expect(fundWeights(decision, INDEXES, TIERS).weights).to.deep.equal({ assets: [1, 3], parts: [250_000, 750_000] });
  });

  it("cuts by the tiers of the fund and names what was cut", function () {
    const decision = decided("bull", { bitcoin: 700_000, ethereum: 200_000, pooled: 100_000 });

    const { weights, capped } = fundWeights(decision, INDEXES, TIERS);

    // 90,000 are cut; bitcoin and ether share them 7 : 2.
    expect(weights).to.deep.equal({ assets: [1, 3, 5], parts: [220_000, 770_000, 10_000] });
    expect(capped).to.deep.equal([{ coinId: "pooled", indexPpm: 100_000, cutPpm: 90_000 }]);
  });

  it("leaves in the deposit coin what nothing has room for", function () {
    const decision = decided("bull", { fed: 150_000, pooled: 150_000, "usd-coin": 700_000 });

    expect(fundWeights(decision, INDEXES, TIERS).weights).to.deep.equal({
      assets: [0, 4, 5],
      parts: [840_000, 150_000, 10_000],
    });
  });

  it("holds a young coin at a hundredth", function () {
    const decision = decided("bull", { bitcoin: 700_000, ethereum: 200_000, fed: 100_000 });

    const { weights } = fundWeights(decision, INDEXES, { ...TIERS, young: 0b10000n });

    expect(weights).to.deep.equal({ assets: [1, 3, 4], parts: [220_000, 770_000, 10_000] });
  });

  it("keeps each issuer at six tenths when a stablecoin has no vehicle", function () {
    const decision = decided("bear", { "usd-coin": 600_000, tether: 200_000, dai: 200_000 });

    expect(fundWeights(decision, INDEXES, TIERS).weights).to.deep.equal({ assets: [0, 2], parts: [600_000, 400_000] });
  });

  it("holds the only stablecoin that there is alone", function () {
    const decision = decided("bear", { "usd-coin": 600_000, dai: 400_000 });

    expect(fundWeights(decision, INDEXES, TIERS).weights).to.deep.equal({ assets: [0], parts: [1_000_000] });
  });

  it("holds nothing when no coin has a vehicle", function () {
    expect(fundWeights(decided("bull", { elsewhere: 1_000_000 }), INDEXES, TIERS).weights.assets).to.deep.equal([]);
  });
});
