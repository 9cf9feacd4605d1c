// Tests of src/research/overfit.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { type OverfitQuestion, judgeTrials } from "../../../src/research/overfit.ts";
import { expectAllClose, expectClose, expectFigures } from "../../close.ts";
import vector from "../../vectors/overfit.json" with { type: "json" };

const TRIALS = vector.trials.map((returns, i) => ({ name: `trial-${i}`, returns }));
const { seed, resamples, meanBlock, ...intervals } = vector.bootstrap;
const QUESTION: OverfitQuestion = {
  blocks: 4,
  count: TRIALS.length,
  perYear: 52,
  benchmark: vector.trials[0],
  bootstrap: { seed, resamples, meanBlock },
};

describe("judgeTrials", function () {
  it("agrees with numpy and scipy on the deflated Sharpe ratio of the best trial", function () {
    const { best, figures } = judgeTrials(TRIALS, QUESTION);

    expect(best).to.equal(`trial-${vector.best}`);
    expectFigures(figures, vector.figures);
  });

  it("agrees with numpy on the intervals, draw by draw", function () {
    const report = judgeTrials(TRIALS, QUESTION).intervals;

    expectAllClose(report.sharpe, intervals.sharpe);
    expectAllClose(report.cagr, intervals.cagr);
    expectAllClose(report.max_drawdown, intervals.max_drawdown);
  });

  it("deflates by all trials ever run, not by those that are left", function () {
    const { figures } = judgeTrials(TRIALS, { ...QUESTION, count: 500 });

    expectClose(figures["deflated_sharpe"], vector.deflatedOf500);
    expect(vector.deflatedOf500).to.be.lessThan(vector.figures.deflated_sharpe);
  });

  it("counts a trial that was never in the market as a Sharpe ratio of 0", function () {
    const idle = judgeTrials(TRIALS, QUESTION).trials[10];

    expect(idle).to.deep.equal({ name: "trial-10", sharpe: 0, psr_vs_0: Number.NaN });
  });

  it("compares with no benchmark that is not given", function () {
    const { figures } = judgeTrials(TRIALS, { ...QUESTION, benchmark: undefined });

    expect(figures).not.to.have.property("deflated_sharpe_vs_benchmark");
  });

  it("rejects a count below the trials given", function () {
    expect(() => judgeTrials(TRIALS, { ...QUESTION, count: 11 })).to.throw(OutOfRangeError);
  });
});
