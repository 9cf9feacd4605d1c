// Tests of src/core/rounding.ts.
import { expect } from "chai";
import fc from "fast-check";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { decimalText, significant } from "../../../src/core/rounding.ts";
import { decimalString, wadFromNumber } from "../../../src/core/units.ts";

describe("rounding", function () {
  it("keeps significant digits", function () {
    expect(significant(123_456.789, 4)).to.equal(123_500);
    expect(significant(0.000012345, 3)).to.equal(0.0000123);
  });

  it("writes plain decimals without an exponent", function () {
    expect(decimalText(1.23456789e12, 8)).to.equal("1234567900000");
    expect(decimalText(5e-9, 8)).to.equal("0.000000005");
  });

  it("writes what exact arithmetic with 18 decimals writes", function () {
    const value = fc.oneof(
      fc.double({ min: 0, max: 1e30, noNaN: true }),
      fc.double({ max: 1e-5, min: 0, noNaN: true }),
      fc.nat().map(Number),
    );

    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 17 }), (number, digits) => {
        return decimalText(number, digits) === decimalString(wadFromNumber(significant(number, digits)), 18);
      }),
      { numRuns: 5000 },
    );
  });

  it("refuses what is not finite", function () {
    expect(() => significant(Number.NaN, 3)).to.throw(OutOfRangeError);
  });
});
