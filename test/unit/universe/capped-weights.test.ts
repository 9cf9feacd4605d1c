// Tests of src/universe/capped-weights.ts.
import { expect } from "chai";
import fc from "fast-check";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { cappedWeights } from "../../../src/universe/capped-weights.ts";
import { expectAllClose, expectClose } from "../../close.ts";

describe("cappedWeights", function () {
  it("spreads what is cut pro rata", function () {
    // 0.6 is cut to 0.46; 0.3 : 0.1 share 0.54
    expectAllClose(cappedWeights([0.6, 0.3, 0.1], 0.46), [0.46, 0.405, 0.135], 1e-15);
  });

  it("cuts again what the spreading lifts above the cap", function () {
    // 0.5 to 0.35; 0.33 would be 0.429 and is cut too; 0.3 is left for 0.1 : 0.07
    expectAllClose(
      cappedWeights([0.5, 0.33, 0.1, 0.07], 0.35),
      [0.35, 0.35, (0.3 * 0.1) / 0.17, (0.3 * 0.07) / 0.17],
      1e-15,
    );
  });

  it("makes all equal at the least possible cap", function () {
    expectAllClose(cappedWeights([5, 3, 1], 1 / 3), [1 / 3, 1 / 3, 1 / 3], 1e-15);
  });

  it("leaves weights below the cap in their proportion", function () {
    expect(cappedWeights([3, 1], 0.8)).to.deep.equal([0.75, 0.25]);
    expect(cappedWeights([], 0.5)).to.deep.equal([]);
  });

  it("law: weights sum to 1, none is above the cap, and the uncapped keep their proportions", function () {
    const sizes = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (values, room) => {
        const cap = 1 / values.length + room * (1 - 1 / values.length);
        const weights = cappedWeights(values, cap);
        expectClose(
          weights.reduce((total, weight) => total + weight, 0),
          1,
        );
        expect(Math.max(...weights)).to.be.at.most(cap * (1 + 1e-12));
        const ratios = weights.flatMap((weight, i) => (weight < cap ? [weight / (values[i] ?? 1)] : []));
        for (const ratio of ratios) expectClose(ratio / (ratios[0] ?? 1), 1);
      }),
    );
  });

  for (const cap of [0.49, 1.1, Number.NaN]) {
    it(`rejects a cap of ${cap} for two coins`, function () {
      expect(() => cappedWeights([1, 1], cap)).to.throw(OutOfRangeError);
    });
  }
});
