// Tests of src/universe/weights.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { capWeights } from "../../../src/universe/weights.ts";

describe("capWeights", function () {
  it("shares in proportion to cap", function () {
    expect(capWeights([300, 100])).to.deep.equal([0.75, 0.25]);
  });

  it("is empty for no coins", function () {
    expect(capWeights([])).to.deep.equal([]);
  });

  for (const cap of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`rejects a cap of ${cap}`, function () {
      expect(() => capWeights([1, cap])).to.throw(OutOfRangeError);
    });
  }
});
