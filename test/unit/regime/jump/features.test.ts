// Tests of src/regime/jump/features.ts.
import { expect } from "chai";
import { FEATURE_NAMES, jumpFeatures, scaleOf, standardized } from "../../../../src/regime/jump/features.ts";
import { expectAllClose } from "../../../close.ts";
import vector from "../../../vectors/jump.json" with { type: "json" };

describe("jumpFeatures", function () {
  for (const { returns, first, features } of [vector.short, vector.long]) {
    it(`agrees with pandas on ${returns.length} returns`, function () {
      const series = jumpFeatures(returns);

      expect(series.first).to.equal(first);
      expect(series.points.length).to.equal(features.length);
      series.points.forEach((point, t) => {
        expectAllClose(point, features[t] ?? []);
      });
    });
  }

  it("weighs a return half after its half-life", function () {
    const [point = []] = jumpFeatures([0.3, 0, 0, 0, -0.1]).points;

    // After four weeks 0.3 weighs ½ of the last one: (0.15 - 0.1) / (1 + d + d² + d³ + ½), d = ½^(1/4)
    const d = 0.5 ** 0.25;
    expectAllClose(point.slice(0, 1), [0.05 / (1 + d + d ** 2 + d ** 3 + 0.5)], 1e-15);
  });

  it("begins with the first negative return, and is empty without one", function () {
    expect(jumpFeatures([0.1, 0, -0.1, 0.1]).first).to.equal(2);
    expect(jumpFeatures([0.1, 0.2])).to.deep.equal({ first: 2, points: [] });
  });

  it("says the same of each time when the returns after it are cut off", function () {
    const { returns } = vector.long;
    const { first, points } = jumpFeatures(returns);

    for (const length of [30, 77]) {
      expect(jumpFeatures(returns.slice(0, length)).points).to.deep.equal(points.slice(0, length - first));
    }
  });

  it("names as many features as a point has", function () {
    expect(jumpFeatures([-0.1]).points[0]?.length).to.equal(FEATURE_NAMES.length);
  });
});

describe("standardized", function () {
  it("has mean 0 and deviation 1 in each coordinate, and 0 where nothing varies", function () {
    const points = [
      [1, 5],
      [3, 5],
    ];

    expect(standardized(points, scaleOf(points))).to.deep.equal([
      [-1, 0],
      [1, 0],
    ]);
  });
});
