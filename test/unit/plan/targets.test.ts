// Tests of src/plan/targets.ts.
import { expect } from "chai";
import fc from "fast-check";
import { OutOfRangeError } from "../../../src/core/errors.ts";
import { toPpm } from "../../../src/plan/targets.ts";

describe("toPpm", function () {
  it("gives what is left to the largest remainders", function () {
    // Thirds are 333333.33 each: one part is left, and of equal remainders the first wins.
    expect(toPpm([1 / 3, 1 / 3, 1 / 3])).to.deep.equal([333_334, 333_333, 333_333]);
    // 0.0000004 is 0.4 parts and 0.9999996 is 999999.6: the second has the larger remainder.
    expect(toPpm([0.0000004, 0.9999996])).to.deep.equal([0, 1_000_000]);
  });

  it("takes fractions relative to their sum", function () {
    expect(toPpm([3, 1])).to.deep.equal([750_000, 250_000]);
  });

  it("is empty for no fractions", function () {
    expect(toPpm([])).to.deep.equal([]);
  });

  for (const bad of [[-0.1, 1.1], [Number.NaN], [0, 0], [Number.POSITIVE_INFINITY]]) {
    it(`rejects ${bad.join(" and ")}`, function () {
      expect(() => toPpm(bad)).to.throw(OutOfRangeError);
    });
  }

  it("sums to exactly 1,000,000 and is nowhere a whole part away from the fraction", function () {
    const anyFraction = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.array(anyFraction, { minLength: 1, maxLength: 150 }), (fractions) => {
        const total = fractions.reduce((sum, fraction) => sum + fraction, 0);
        fc.pre(total > 1e-300);

        const parts = toPpm(fractions);

        expect(parts.reduce((sum: number, part) => sum + part, 0)).to.equal(1_000_000);
        parts.forEach((part, i) => {
          expect(Math.abs(part - ((fractions[i] ?? 0) / total) * 1e6)).to.be.lessThan(1 + 1e-6);
        });
      }),
    );
  });
});
