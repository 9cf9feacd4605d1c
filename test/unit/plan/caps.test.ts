import { expect } from "chai";
import fc from "fast-check";

import { PPM, type Ppm, ppm } from "../../../src/core/units.ts";
import {
  type AssetTiers,
  CAPS,
  type CappedWeight,
  capOfAsset,
  isPooledAsset,
  withinCaps,
} from "../../../src/plan/caps.ts";

function fed(part: number, cap: Ppm = CAPS.feed): CappedWeight {
  return { part, cap, isPooled: false };
}

function pooled(part: number): CappedWeight {
  return { part, cap: CAPS.pool, isPooled: true };
}

const NO_TIERS: AssetTiers = { stable: 0n, young: 0n, bitcoin: 0n, fed: 0n };

/** Weights of all kinds, of any sizes. */
const WEIGHTS = fc.array(
  fc.record({
    part: fc.integer({ min: 0, max: PPM }),
    cap: fc.constantFrom(CAPS.bitcoin, CAPS.ether, CAPS.feed, CAPS.pool),
    isPooled: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

describe("withinCaps", function () {
  it("leaves weights alone that are below their caps", function () {
    const { parts, rest } = withinCaps([fed(600_000, CAPS.bitcoin), fed(400_000, CAPS.ether)]);

    expect([parts, rest]).to.deep.equal([[600_000, 400_000], 0]);
  });

  it("spreads what it cuts pro rata", function () {
    // 900,000 is cut by 100,000, of which 60,000 : 40,000 get three and two fifths.
    const { parts } = withinCaps([fed(900_000, CAPS.bitcoin), fed(60_000), fed(40_000)]);

    expect(parts).to.deep.equal([800_000, 120_000, 80_000]);
  });

  it("cuts again what the spreading lifts above its cap", function () {
    // After the first cut 140,000 would be 186,667: it stays at 150,000, and the last one gets the other 50,000.
    const { parts } = withinCaps([fed(850_000, CAPS.bitcoin), fed(140_000), fed(10_000)]);

    expect(parts).to.deep.equal([800_000, 150_000, 50_000]);
  });

  it("leaves over what nothing has room for", function () {
    const { parts, rest } = withinCaps([fed(500_000), fed(500_000)]);

    expect([parts, rest]).to.deep.equal([[150_000, 150_000], 700_000]);
  });

  it("keeps all pooled ones together at a tenth, in their proportions", function () {
    // Twelve at a hundredth each are 120,000, and may be 100,000: 8,333 1/3 each.
    const { parts } = withinCaps([fed(880_000, ppm(PPM)), ...Array.from({ length: 12 }, () => pooled(10_000))]);

    expect(parts[0]).to.equal(900_000);
    expect(parts.slice(1).every((part) => part === 8333 || part === 8334)).to.equal(true);
  });

  it("gives nothing for nothing", function () {
    expect(withinCaps([])).to.deep.equal({ parts: [], rest: PPM });
  });

  it("law: parts and rest sum to 1,000,000, and no cap is passed", function () {
    fc.assert(
      fc.property(WEIGHTS, (weights) => {
        const { parts, rest } = withinCaps(weights);

        const together = parts.reduce((sum, part, i) => sum + (weights[i]?.isPooled === true ? part : 0), 0);
        expect(parts.reduce((sum, part) => sum + part, 0) + rest).to.equal(PPM);
        expect(parts.every((part, i) => part <= (weights[i]?.cap ?? 0))).to.equal(true);
        expect(together).to.be.at.most(CAPS.pools);
      }),
    );
  });

  it("law: nothing is left over while an asset below its cap could take it", function () {
    fc.assert(
      fc.property(WEIGHTS, (weights) => {
        const { parts, rest } = withinCaps(weights);

        const open = weights.filter(({ part, cap, isPooled }, i) => part > 0 && !isPooled && (parts[i] ?? 0) < cap);
        expect(rest === 0 || open.length === 0).to.equal(true);
      }),
    );
  });

  it("law: weights within their caps stay as they are", function () {
    fc.assert(
      fc.property(WEIGHTS, (weights) => {
        const first = withinCaps(weights);
        fc.pre(first.rest === 0);

        const again = withinCaps(weights.map((weight, i) => ({ ...weight, part: first.parts[i] ?? 0 })));

        expect(again).to.deep.equal(first);
      }),
    );
  });
});

describe("capOfAsset", function () {
  for (const [name, asset, tiers, cap] of [
    ["bitcoin", 4, { bitcoin: 16n }, 800_000],
    ["wrapped ether", 1, {}, 400_000],
    ["a fed asset", 5, { fed: 32n }, 150_000],
    ["an asset that a pool prices", 5, {}, 10_000],
    ["a stablecoin", 2, { stable: 4n }, 600_000],
    ["young bitcoin", 4, { bitcoin: 16n, young: 16n, fed: 16n }, 10_000],
  ] as const) {
    it(`of ${name} is ${cap}`, function () {
      expect(capOfAsset(asset, { ...NO_TIERS, ...tiers })).to.equal(cap);
    });
  }
});

describe("isPooledAsset", function () {
  it("is true without a feed alone", function () {
    const tiers = { stable: 0b100n, young: 0n, bitcoin: 0b10_000n, fed: 0b100_000n };

    expect([0, 1, 2, 3, 4, 5, 6].filter((asset) => isPooledAsset(asset, tiers))).to.deep.equal([3, 6]);
  });
});
