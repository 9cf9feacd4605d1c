// Tests of src/research/metrics.ts.
import { expect } from "chai";
import { exposureOf, metricsOf } from "../../../src/research/metrics.ts";
import { SeriesTooShortError } from "../../../src/research/series.ts";
import { expectClose, expectFigures } from "../../close.ts";
import vector from "../../vectors/metrics.json" with { type: "json" };
import r from "../../vectors/r.json" with { type: "json" };

describe("metricsOf", function () {
  it("agrees with numpy, scipy and pandas on every figure", function () {
    expect(Object.keys(metricsOf(vector.returns, 52))).to.deep.equal(Object.keys(vector.metrics));
    expectFigures(metricsOf(vector.returns, 52), vector.metrics);
  });

  it("agrees with R and tseries", function () {
    const figures = Object.entries(r.figures).filter(([key]) => key !== "deviation_of_last_window");

    expectFigures(metricsOf(vector.returns, 52), Object.fromEntries(figures));
  });

  it("has the figures of two returns that can be worked out by hand", function () {
    const metrics = metricsOf([0.5, -0.5], 2);

    // E = 1.5, 0.75; a/N = 1; drawdowns 0, -0.5; mean 0
    expectFigures(metrics, {
      total_return: -0.25,
      cagr: -0.25,
      vol_annual: Math.sqrt(0.5) * Math.SQRT2, // sd √((0.25 + 0.25) / 1)
      sharpe: 0,
      sortino: 0,
      max_drawdown: -0.5,
      longest_drawdown_periods: 1,
      calmar: -0.5,
      ulcer_index_pct: 100 * Math.sqrt(0.125),
      martin_ratio: -0.25 / Math.sqrt(0.125),
      var95_historical: -0.45, // rank 1/20 between -0.5 and 0.5
      cvar95_historical: -0.5,
      skewness_biased: 0,
      kurtosis_biased: 1,
      psr_vs_0: 0.5,
    });
  });

  it("keeps a total loss", function () {
    const { total_return, cagr, max_drawdown } = metricsOf([0.1, -1, 0.5], 52);

    expect([total_return, cagr, max_drawdown]).to.deep.equal([-1, -1, -1]);
  });

  it("leaves undefined what divides by zero", function () {
    const { calmar, martin_ratio, sortino, sharpe, psr_vs_0 } = metricsOf([0.01, 0.01, 0.01], 52);

    for (const figure of [calmar, martin_ratio, sortino, sharpe, psr_vs_0]) expect(figure).to.deep.equal(Number.NaN);
  });

  it("does not call rounding a drawdown", function () {
    // 1/3 down, then half up: back at 1 but for the last bit
    const { longest_drawdown_periods } = metricsOf([-1 / 3, 0.5, 0, 0], 52);

    expect(longest_drawdown_periods).to.equal(1);
  });

  it("rejects a single return", function () {
    expect(() => metricsOf([0.1], 52)).to.throw(SeriesTooShortError);
  });
});

describe("exposureOf", function () {
  it("counts changes of position and averages it", function () {
    const { switches_per_year, time_in_market } = exposureOf([1, 1, 0, 0.5], 52);

    expectClose(switches_per_year, (2 * 52) / 4); // 1 to 0, 0 to 0.5
    expect(time_in_market).to.equal(0.625);
  });
});
