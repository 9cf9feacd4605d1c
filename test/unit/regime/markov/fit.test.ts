// Tests of src/regime/markov/fit.ts, update.ts and starts.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../../src/core/errors.ts";
import { filterStates, smoothStates } from "../../../../src/regime/markov/filter.ts";
import { DegenerateFitError, fitMarkov } from "../../../../src/regime/markov/fit.ts";
import { markovStarts } from "../../../../src/regime/markov/starts.ts";
import { updated } from "../../../../src/regime/markov/update.ts";
import { expectAllClose, expectClose } from "../../../close.ts";
import vector from "../../../vectors/markov.json" with { type: "json" };

describe("fitMarkov", function () {
  for (const { returns, fit: expected } of vector.cases) {
    describe(`on ${returns.length} returns`, function () {
      const fit = fitMarkov(returns);

      it("finds the maximum that statsmodels finds", function () {
        expectClose(fit.logLikelihood, expected.logLikelihood, 1e-8);
        expect(fit.isConverged).to.equal(true);
      });

      it("finds its parameters", function () {
        expectAllClose(fit.parameters.means, expected.means, 1e-5);
        expectAllClose(fit.parameters.variances, expected.variances, 1e-5);
        expectAllClose(fit.parameters.stays, expected.stays, 1e-5);
      });
    });
  }

  it("gives the same states for returns of another unit", function () {
    const returns = vector.cases[0]?.returns ?? [];

    const [fit, scaled] = [fitMarkov(returns), fitMarkov(returns.map((value) => 100 * value))];

    expectAllClose(scaled.parameters.stays, fit.parameters.stays, 1e-7);
    expectAllClose(
      scaled.parameters.means.map((value) => value / 100),
      fit.parameters.means,
      1e-7,
    );
  });

  it("rejects returns that are nearly all equal, where the likelihood has no bound", function () {
    const returns = Array.from({ length: 100 }, (_, t) => (t % 40 === 0 ? 0.05 : 0));

    expect(() => fitMarkov(returns)).to.throw(DegenerateFitError);
  });

  for (const [what, returns] of [
    ["too few returns", [0.1, -0.1]],
    ["returns that are all equal", Array.from({ length: 30 }, () => 0.01)],
  ] as const) {
    it(`rejects ${what}`, function () {
      expect(() => fitMarkov(returns)).to.throw(DegenerateFitError);
    });
  }

  it("rejects the loss of everything", function () {
    expect(() => fitMarkov([...(vector.cases[0]?.returns ?? []), Number.NEGATIVE_INFINITY])).to.throw(OutOfRangeError);
  });
});

describe("updated", function () {
  it("never lowers the likelihood, from any start", function () {
    const returns = vector.cases[0]?.returns ?? [];
    for (const start of markovStarts(returns)) {
      let parameters = start;
      let before = Number.NEGATIVE_INFINITY;
      for (let step = 0; step < 25; step++) {
        const filter = filterStates(returns, parameters);
        expect(filter.logLikelihood).to.be.greaterThan(before - 1e-9);
        before = filter.logLikelihood;
        parameters = updated(returns, smoothStates(filter, parameters), parameters);
      }
    }
  });
});
