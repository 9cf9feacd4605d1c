// Tests of src/regime/markov/filter.ts and parameters.ts.
import { expect } from "chai";
import { filterStates, smoothStates } from "../../../../src/regime/markov/filter.ts";
import { type MarkovParameters, calmFirst, stationaryShares } from "../../../../src/regime/markov/parameters.ts";
import { expectAllClose, expectClose } from "../../../close.ts";
import vector from "../../../vectors/markov.json" with { type: "json" };

/** Parameters of the shape in which a vector holds them. */
export function parametersOf(shape: {
  readonly means: readonly number[];
  readonly variances: readonly number[];
  readonly stays: readonly number[];
}): MarkovParameters {
  const pair = ([first = Number.NaN, second = Number.NaN]: readonly number[]): readonly [number, number] => [
    first,
    second,
  ];
  return { means: pair(shape.means), variances: pair(shape.variances), stays: pair(shape.stays) };
}

describe("filterStates", function () {
  for (const { returns, fixed } of vector.cases) {
    describe(`on ${returns.length} returns at given parameters`, function () {
      const parameters = parametersOf(fixed);
      const filter = filterStates(returns, parameters);

      it("has the log likelihood of statsmodels", function () {
        expectClose(filter.logLikelihood, fixed.logLikelihood);
      });

      it("has its filtered probabilities", function () {
        expectAllClose(filter.filtered[0].map(Math.exp), fixed.filteredCalm);
      });

      it("has its smoothed probabilities", function () {
        expectAllClose(smoothStates(filter, parameters).shares[0], fixed.smoothedCalm);
      });
    });
  }

  const [{ returns, fixed } = { returns: [], fixed: { means: [], variances: [], stays: [] } }] = vector.cases;
  const parameters = parametersOf(fixed);

  it("says the same of each time when the returns after it are cut off", function () {
    const whole = filterStates(returns, parameters).filtered[0];

    for (const length of [1, 40, 120]) {
      const cut = filterStates(returns.slice(0, length), parameters).filtered[0];
      expect([...cut]).to.deep.equal([...whole.slice(0, length)]);
    }
  });

  it("stays finite for a return that neither state can explain", function () {
    const { logLikelihood, filtered } = filterStates([0.01, 50, 0.01], parameters);

    expect(logLikelihood).to.be.within(-1e6, -1e4); // (50/0.14)²/2 = 6.2e4: the density itself is zero in floats
    expectClose(Math.exp(filtered[0][1] ?? Number.NaN) + Math.exp(filtered[1][1] ?? Number.NaN), 1, 1e-12);
  });

  it("counts as many moves as there are steps between returns", function () {
    const { moves } = smoothStates(filterStates(returns, parameters), parameters);

    expectClose(moves[0][0] + moves[0][1] + moves[1][0] + moves[1][1], returns.length - 1, 1e-9);
  });
});

describe("parameters", function () {
  const parameters: MarkovParameters = { means: [1, 2], variances: [9, 4], stays: [0.9, 0.7] };

  it("spends the more time in a state the rarer it is left", function () {
    expectAllClose(stationaryShares(parameters), [0.75, 0.25], 1e-15); // 0.3 / 0.4, 0.1 / 0.4
  });

  it("puts the calm state first", function () {
    expect(calmFirst(parameters)).to.deep.equal({ means: [2, 1], variances: [4, 9], stays: [0.7, 0.9] });
    expect(calmFirst(calmFirst(parameters))).to.deep.equal(calmFirst(parameters));
  });
});
