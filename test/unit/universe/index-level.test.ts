// Tests of src/universe/index-level.ts.
import { expect } from "chai";
import { nextLevel } from "../../../src/universe/index-level.ts";

const HALVES = [
  { coinId: "a", weight: 0.5, priceUsd: 10 },
  { coinId: "b", weight: 0.5, priceUsd: 4 },
];

describe("nextLevel", function () {
  it("chains by the weighted mean of price relatives", function () {
    const closes = new Map([
      ["a", 12],
      ["b", 3],
    ]);

    // 1000 * (0.5 * 12/10 + 0.5 * 3/4) = 1000 * (0.6 + 0.375) = 975
    expect(nextLevel(1000, HALVES, closes).level).to.be.within(975 - 1e-9, 975 + 1e-9);
  });

  it("counts a missing price as no return and names it", function () {
    const step = nextLevel(1000, HALVES, new Map([["a", 12]]));

    expect(step.level).to.be.within(1100 - 1e-9, 1100 + 1e-9); // 1000 * (0.6 + 0.5)
    expect(step.missing).to.deep.equal(["b"]);
    expect(step.missingWeight).to.equal(0.5);
  });

  it("stays where it is without holdings", function () {
    expect(nextLevel(1234, [], new Map())).to.deep.equal({
      level: 1234,
      missingWeight: 0,
      missingNames: 0,
      missing: [],
    });
  });
});
