// Tests of src/research/cscv.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { cscv } from "../../../src/research/cscv.ts";
import { SeriesTooShortError } from "../../../src/research/series.ts";
import { expectFigures } from "../../close.ts";
import vector from "../../vectors/overfit.json" with { type: "json" };

describe("cscv", function () {
  for (const { blocks, ...expected } of vector.cscv) {
    it(`agrees with numpy over ${blocks} blocks of uneven length, idle trials included`, function () {
      expectFigures(cscv(vector.trials, blocks), expected);
    });
  }

  it("finds no overfitting where one trial is best everywhere", function () {
    const noise = [0.01, -0.01, 0.02, -0.02, 0.01, -0.01, 0.02, -0.02];

    const { splits, pbo, median_logit, probability_of_loss } = cscv([noise, noise.map((value) => value + 0.1)], 4);

    // Always chosen, always rank 2 of 2: w = 2/3, logit ln 2. C(4, 2) = 6 splits.
    expect([splits, pbo, probability_of_loss]).to.deep.equal([6, 0, 0]);
    expectFigures({ median_logit }, { median_logit: Math.LN2 });
  });

  it("finds nothing but overfitting where each trial is good in one half", function () {
    const [good, bad] = [
      [0.05, 0.06],
      [-0.05, -0.06],
    ];

    const { pbo, probability_of_loss } = cscv(
      [
        [...good, ...bad],
        [...bad, ...good],
      ],
      2,
    );

    expect([pbo, probability_of_loss]).to.deep.equal([1, 1]); // the winner of the one half is last in the other
  });

  it("shares ranks among equals", function () {
    const returns = [0.01, -0.02, 0.03, 0.01];

    expect(cscv([returns, returns, returns], 2).median_logit).to.equal(0); // rank 2 of 3: w = 2/4
  });

  for (const blocks of [0, 3, 22, 2.5]) {
    it(`rejects ${blocks} blocks`, function () {
      expect(() => cscv(vector.trials, blocks)).to.throw(OutOfRangeError);
    });
  }

  it("rejects a single trial", function () {
    expect(() => cscv(vector.trials.slice(0, 1), 4)).to.throw(OutOfRangeError);
  });

  it("rejects less than two returns a block", function () {
    expect(() => cscv([[1, 2, 3].map(Number), [3, 2, 1].map(Number)], 2)).to.throw(SeriesTooShortError);
  });
});
