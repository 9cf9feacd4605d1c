// Tests of src/core/units.ts.
import { expect } from "chai";
import fc from "fast-check";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import {
  bps,
  decimalString,
  lessBps,
  parseDecimal,
  ppm,
  toFloat,
  tokenUnits,
  unixSeconds,
  wad,
  wadFromNumber,
} from "../../../src/core/units.ts";

describe("units", function () {
  it("accepts quantities inside their range", function () {
    expect([ppm(0), ppm(1_000_000), bps(250), unixSeconds(1)]).to.deep.equal([0, 1_000_000, 250, 1]);
    expect([tokenUnits(0n), wad(5n)]).to.deep.equal([0n, 5n]);
  });

  for (const [name, make] of [
    ["a weight above the whole", () => ppm(1_000_001)],
    ["a weight that is no integer", () => ppm(0.5)],
    ["negative basis points", () => bps(-1)],
    ["a fraction of a second", () => unixSeconds(1.5)],
    ["a negative amount", () => tokenUnits(-1n)],
    ["a negative value", () => wad(-1n)],
    ["a price that is not a number", () => wadFromNumber(Number.NaN)],
    ["a negative price", () => wadFromNumber(-1)],
  ] as const) {
    it(`rejects ${name}`, function () {
      expect(make).to.throw(OutOfRangeError);
    });
  }

  describe("wadFromNumber", function () {
    it("keeps the decimal digits of a price", function () {
      expect(wadFromNumber(0.1)).to.equal(100_000_000_000_000_000n); // 0.1 * 10^18
      expect(wadFromNumber(5e-9)).to.equal(5_000_000_000n); // 5e-9 * 10^18
      expect(wadFromNumber(1e21)).to.equal(10n ** 39n);
    });

    it("cuts what lies below 18 decimals", function () {
      expect(wadFromNumber(1.9e-18)).to.equal(1n);
    });
  });

  describe("decimal strings", function () {
    it("write whole units without trailing zeros", function () {
      expect(decimalString(1_500_000n, 6)).to.equal("1.5");
      expect(decimalString(-7n, 2)).to.equal("-0.07");
      expect(decimalString(3n, 0)).to.equal("3");
    });

    it("come back as the same amount", function () {
      const anyAmount = fc.bigInt({ min: 0n, max: 10n ** 40n });
      fc.assert(
        fc.property(anyAmount, fc.integer({ min: 0, max: 18 }), (amount, decimals) => {
          expect(parseDecimal(decimalString(amount, decimals), decimals)).to.equal(amount);
        }),
      );
    });

    it("are refused with more digits than the token has", function () {
      expect(() => parseDecimal("1.234", 2)).to.throw(OutOfRangeError);
    });

    it("are refused when they are no decimal number", function () {
      expect(() => parseDecimal("1e3", 2)).to.throw(OutOfRangeError);
    });
  });

  describe("lessBps", function () {
    it("takes basis points off an amount, rounded down", function () {
      expect(lessBps(1_000_000n, bps(150))).to.equal(985_000n); // 1,000,000 * 9,850 / 10,000
      expect(lessBps(101n, bps(1))).to.equal(100n); // 101 * 9,999 / 10,000 = 100.99
    });

    it("keeps all of it at zero, and nothing at the whole", function () {
      expect([lessBps(7n, bps(0)), lessBps(7n, bps(10_000))]).to.deep.equal([7n, 0n]);
    });
  });

  it("toFloat gives an amount in whole units", function () {
    expect(toFloat(1_500_000n, 6)).to.equal(1.5);
  });
});
