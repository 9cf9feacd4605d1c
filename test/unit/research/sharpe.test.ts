// Tests of src/research/sharpe.ts.
import { expect } from "chai";
import { expectedMaximumSharpe, periodSharpe, probabilisticSharpe } from "../../../src/research/sharpe.ts";
import { expectClose } from "../../close.ts";

describe("periodSharpe", function () {
  it("is the mean over the sample deviation", function () {
    expectClose(periodSharpe([0, 2]), 1 / Math.SQRT2, 1e-15); // mean 1, sd √2
  });

  it("is undefined without variation", function () {
    expect(periodSharpe([0.1, 0.1])).to.deep.equal(Number.NaN);
  });
});

describe("probabilisticSharpe", function () {
  it("is one half at the ratio itself", function () {
    const returns = [0.01, -0.02, 0.04, 0.01];

    expectClose(probabilisticSharpe(returns, periodSharpe(returns)), 0.5, 1e-15);
  });
});

describe("expectedMaximumSharpe", function () {
  it("has the value of the paper's example", function () {
    // Bailey, López de Prado (2014): 100 trials of variance 1/2 a year, 250 days a year, give 0.1132 a day.
    expectClose(expectedMaximumSharpe(100, 1 / 2 / 250), 0.1132, 5e-5);
  });

  it("is zero for a single trial", function () {
    expect(expectedMaximumSharpe(1, 0.5)).to.equal(0);
  });
});
