// Tests of src/core/statistics.ts.
import { expect } from "chai";
import {
  at,
  biasedKurtosis,
  biasedSkewness,
  isConstant,
  linearQuantile,
  mean,
  populationDeviation,
  sampleDeviation,
  sum,
} from "../../../src/core/statistics.ts";
import { expectClose } from "../../close.ts";
import metrics from "../../vectors/metrics.json" with { type: "json" };
import r from "../../vectors/r.json" with { type: "json" };

describe("statistics", function () {
  it("gives NaN for a place beyond the ends", function () {
    expect([at([5], 0), at([5], 1), at([5], -1)]).to.deep.equal([5, Number.NaN, Number.NaN]);
  });

  it("sums without losing the small beside the large", function () {
    expect(sum([1, 1e100, 1, -1e100])).to.equal(2); // the classic of Neumaier; plain addition gives 0
  });

  it("has deviations over n - 1 and over n", function () {
    // mean 5, squares 9 1 1 1 0 0 4 16 = 32: √(32/7), √(32/8) = 2
    const values = [2, 4, 4, 4, 5, 5, 7, 9];

    expect(mean(values)).to.equal(5);
    expectClose(sampleDeviation(values), Math.sqrt(32 / 7), 1e-15);
    expect(populationDeviation(values)).to.equal(2);
  });

  it("agrees with R's TTR on the deviation of a window", function () {
    expectClose(sampleDeviation(metrics.returns.slice(-r.window)), r.figures.deviation_of_last_window);
  });

  it("has the skewness and the kurtosis of a coin that shows heads in one of four throws", function () {
    // p = 1/4: skewness (1 - 2p)/√(p(1-p)) = 0.5/√(3/16) = 2/√3, kurtosis 3 + (1 - 6p(1-p))/(p(1-p)) = 7/3
    expectClose(biasedSkewness([0, 0, 0, 1]), 2 / Math.sqrt(3), 1e-12);
    expectClose(biasedKurtosis([0, 0, 0, 1]), 7 / 3, 1e-12);
  });

  describe("when all values are equal", function () {
    // 110/100 - 1 and 121/110 - 1 differ in the last bit.
    const values = [110 / 100 - 1, 121 / 110 - 1, 133.1 / 121 - 1];

    it("sees no deviation in what is rounding", function () {
      expect(isConstant(values)).to.equal(true);
      expect(sampleDeviation(values)).to.equal(0);
      expect(populationDeviation(values)).to.equal(0);
    });

    it("has no skewness and no kurtosis", function () {
      expect([biasedSkewness(values), biasedKurtosis(values)]).to.deep.equal([Number.NaN, Number.NaN]);
    });
  });

  describe("linearQuantile", function () {
    it("interpolates between the nearest order statistics", function () {
      // rank 3 * 1/20 = 0.15 between 1 and 2
      expectClose(linearQuantile([4, 2, 1, 3], [1, 20]), 1.15, 1e-15);
    });

    it("meets a whole rank exactly", function () {
      const values = Array.from({ length: 141 }, (_, i) => i / 10);

      expect(linearQuantile(values, [1, 20])).to.equal(0.7); // rank 140/20 = 7
    });

    it("is NaN for nothing", function () {
      expect(linearQuantile([], [1, 2])).to.deep.equal(Number.NaN);
    });
  });

  it("has no sample deviation of a single value", function () {
    expect(sampleDeviation([1])).to.deep.equal(Number.NaN);
  });
});
