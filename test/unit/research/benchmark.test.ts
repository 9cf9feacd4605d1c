// Tests of src/research/benchmark.ts.
import { expect } from "chai";
import { relativeMetrics } from "../../../src/research/benchmark.ts";
import { expectFigures } from "../../close.ts";
import vector from "../../vectors/metrics.json" with { type: "json" };

describe("relativeMetrics", function () {
  it("agrees with numpy and scipy on every figure", function () {
    const { returns, benchmark, relative } = vector;

    expectFigures(relativeMetrics({ returns, benchmark }, 52), relative);
  });

  it("knows twice its benchmark", function () {
    const benchmark = [0.01, -0.02, 0.03];
    const returns = benchmark.map((value) => 2 * value + 0.001);

    // r = 2b + 0.001: beta 2, alpha 52 * 0.001, correlation 1
    expectFigures(relativeMetrics({ returns, benchmark }, 52), { beta: 2, alpha_annual: 0.052, correlation: 1 });
  });

  it("leaves undefined what a benchmark without variation does not define", function () {
    const { beta, psr_vs_benchmark } = relativeMetrics({ returns: [0.1, -0.1], benchmark: [0, 0] }, 52);

    expect([beta, psr_vs_benchmark]).to.deep.equal([Number.NaN, Number.NaN]);
  });
});
