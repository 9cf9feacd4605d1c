// Tests of src/core/normal.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { normalCdf, normalDensity, normalQuantile } from "../../../src/core/normal.ts";
import { expectClose } from "../../close.ts";
import normal from "../../vectors/normal.json" with { type: "json" };

describe("normalCdf", function () {
  for (const [x = Number.NaN, expected = Number.NaN] of normal.cdf) {
    it(`agrees with scipy at ${x}, relative to the probability`, function () {
      expectClose(normalCdf(x) / expected, 1, 1e-12);
    });
  }

  it("reaches its ends", function () {
    expect([normalCdf(-50), normalCdf(50)]).to.deep.equal([0, 1]);
    expect([normalCdf(Number.NEGATIVE_INFINITY), normalCdf(Number.POSITIVE_INFINITY)]).to.deep.equal([0, 1]);
  });

  it("passes on what is not a number", function () {
    expect(normalCdf(Number.NaN)).to.deep.equal(Number.NaN);
  });
});

describe("normalQuantile", function () {
  for (const [p = Number.NaN, expected = Number.NaN] of normal.quantile) {
    it(`agrees with scipy at ${p}`, function () {
      expectClose(normalQuantile(p), expected, 1e-12);
    });
  }

  for (const p of [0, 1, -0.1, Number.NaN]) {
    it(`rejects a probability of ${p}`, function () {
      expect(() => normalQuantile(p)).to.throw(OutOfRangeError);
    });
  }
});

describe("normalDensity", function () {
  it("is 1/√(2π) in the middle", function () {
    expectClose(normalDensity(0), 0.398_942_280_401_432_7, 1e-15);
  });
});
