// Tests of src/core/byte-text.ts.
import { expect } from "chai";
import fc from "fast-check";
import { ByteText } from "../../../src/core/byte-text.ts";

function textOf(...values: readonly (number | string)[]): string {
  const text = new ByteText();
  for (const value of values) {
    if (typeof value === "number") text.number(value);
    else text.text(value);
  }
  return Buffer.from(text.take()).toString("utf8");
}

describe("ByteText", function () {
  // The ends of every way to write a number: sign, size, eight and fifteen decimals, exponent.
  const edges = [0, -0, 1, 99_999_999, 1e8, 100_000_001, 999_999_999_999_999, 1e15, 2 ** 53, 1e21, -1, -1.5, 0.1 + 0.2];
  const decimals = [
    1e-6,
    9.99e-7,
    1e-7,
    0.1,
    0.999999999999999,
    0.9999999999999999,
    1.5,
    9_999_999.99999999,
    1e14 + 0.5,
  ];
  const others = [Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, Number.MAX_VALUE, 10_000_000.5, 1.000000001];

  for (const value of [...edges, ...decimals, ...others]) {
    it(`writes ${value} as ECMAScript does`, function () {
      expect(textOf(value)).to.equal(String(value));
    });
  }

  it("writes any number as ECMAScript does", function () {
    const decimal = fc
      .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 18 }))
      .map(([digits, places]) => digits / 10 ** places);

    fc.assert(
      fc.property(fc.oneof(fc.double(), decimal), (value) => textOf(value) === String(value)),
      { numRuns: 20_000 },
    );
  });

  it("writes any text in UTF-8, behind what stands already", function () {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 50 })), (parts) => {
        return textOf(...parts) === parts.join("");
      }),
    );
  });

  it("grows beyond its first size", function () {
    const word = "a".repeat(70_000);

    expect(textOf("b", word, 1.5, word)).to.equal(`b${word}1.5${word}`);
  });

  it("is empty after its text was taken", function () {
    const text = new ByteText();
    text.text("first");
    text.take();
    text.number(7);

    expect(text.size).to.equal(1);
    expect(Buffer.from(text.take()).toString()).to.equal("7");
  });
});
