// Tests of src/research/bootstrap.ts.
import { expect } from "chai";
import { bootstrapIntervals, defaultMeanBlock } from "../../../src/research/bootstrap.ts";

const RETURNS = [0.01, -0.02, 0.03, 0.04, -0.01, 0.02, 0.05, -0.03];

describe("bootstrapIntervals", function () {
  it("draws the same histories for the same seed and others for another", function () {
    const interval = (seed: number): readonly number[] =>
      bootstrapIntervals(RETURNS, { first: (returns) => returns[0] ?? 0 }, { resamples: 3, meanBlock: 2, seed }).first;

    expect(interval(5)).to.deep.equal(interval(5));
    expect(new Set([1, 2, 3, 4, 5, 6].map((seed) => interval(seed).join())).size).to.be.greaterThan(3);
  });

  it("keeps neighbors together in blocks, around the end", function () {
    let [neighbors, all] = [0, 0];
    const count = (returns: readonly number[]): number => {
      returns.slice(1).forEach((value, i) => {
        all++;
        if (RETURNS.indexOf(value) === (RETURNS.indexOf(returns[i] ?? 0) + 1) % RETURNS.length) neighbors++;
      });
      return 0;
    };

    bootstrapIntervals(RETURNS, { count }, { resamples: 2000, meanBlock: 4, seed: 1 });

    // A value goes on with 3/4, or begins anew on the next one by chance with 1/4 * 1/8: 0.78125
    expect(neighbors / all).to.be.within(0.77, 0.79);
  });

  it("draws one by one with blocks of one", function () {
    const means = { mean: (returns: readonly number[]) => returns.reduce((a, b) => a + b) / returns.length };

    const [low, high] = bootstrapIntervals(RETURNS, means, { resamples: 4000, meanBlock: 1, seed: 3 }).mean;

    // mean 0.01125, sd(n) 0.027128 / √8 = 0.009591; 1.96 of it on either side
    expect(low).to.be.within(0.01125 - 0.0188 - 0.002, 0.01125 - 0.0188 + 0.002);
    expect(high).to.be.within(0.01125 + 0.0188 - 0.002, 0.01125 + 0.0188 + 0.002);
  });
});

describe("defaultMeanBlock", function () {
  it("is the cube root of the length, at least 1", function () {
    expect([1, 27, 340].map(defaultMeanBlock)).to.deep.equal([1, 3, 7]);
  });
});
