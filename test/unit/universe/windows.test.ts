// Tests of src/universe/windows.ts.
import { expect } from "chai";
import { knownValues, mean, median } from "../../../src/universe/windows.ts";
import { FIRST_DAY, series } from "../../series.ts";

const U = Number.NaN;

describe("knownValues", function () {
  const coin = series("a", {
    price: [1, 1, 1, 1, 1, 1, 1],
    cap: [U, 10, U, 0, 20, 30, 40],
    volume: [0, U, U, U, U, U, 5],
  });

  it("takes the days up to the close, and a cap of zero as unknown", function () {
    expect(knownValues(coin, { column: "capUsd", day: FIRST_DAY + 6, length: 7 })).to.deep.equal([10, 20, 30, 40]);
  });

  it("is valid with exactly half of the days", function () {
    expect(knownValues(coin, { column: "capUsd", day: FIRST_DAY + 4, length: 4 })).to.deep.equal([10, 20]);
  });

  it("is not valid with fewer than half of the days", function () {
    expect(knownValues(coin, { column: "capUsd", day: FIRST_DAY + 4, length: 5 })).to.equal(undefined);
  });

  it("counts days before the first row as unknown", function () {
    expect(knownValues(coin, { column: "priceUsd", day: FIRST_DAY + 1, length: 5 })).to.equal(undefined);
  });

  it("counts a volume of zero as known", function () {
    expect(knownValues(coin, { column: "volumeUsd", day: FIRST_DAY, length: 2 })).to.deep.equal([0]);
  });
});

describe("mean and median", function () {
  it("take the middle of an odd count", function () {
    expect(median([9, 1, 5])).to.equal(5);
  });

  it("take the mean of the two in the middle of an even count", function () {
    expect(median([9, 1, 5, 6])).to.equal(5.5); // (5 + 6) / 2
  });

  it("average", function () {
    expect(mean([1, 2, 6])).to.equal(3);
  });
});
