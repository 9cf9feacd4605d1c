// Tests of src/research/definitions.ts.
import { expect } from "chai";
import { relativeMetrics } from "../../../src/research/benchmark.ts";
import { definitionsOf } from "../../../src/research/definitions.ts";
import { exposureOf, metricsOf } from "../../../src/research/metrics.ts";

describe("definitionsOf", function () {
  it("defines every figure that is shown", function () {
    const returns = [0.1, -0.1];
    const figures = {
      ...metricsOf(returns, 52),
      ...exposureOf([1, 0], 52),
      ...relativeMetrics({ returns, benchmark: returns }, 52),
    };

    expect(Object.keys(definitionsOf(figures))).to.deep.equal(Object.keys(figures));
  });

  it("says nothing of what is no figure", function () {
    expect(definitionsOf({ file: 1 })).to.deep.equal({});
  });
});
