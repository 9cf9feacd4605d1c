// Tests of src/regime/jump/fit.ts, series.ts and starts.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../../src/core/errors.ts";
import { randomStream } from "../../../../src/core/random.ts";
import { NoPointsError, fitJump, objectiveOf } from "../../../../src/regime/jump/fit.ts";
import type { Label } from "../../../../src/regime/jump/path.ts";
import { fitJumpToPoints, fitJumpToReturns } from "../../../../src/regime/jump/series.ts";
import { expectClose } from "../../../close.ts";
import vector from "../../../vectors/jump.json" with { type: "json" };

/** Labels with the first point in the first state. */
function fromFirst(labels: readonly Label[]): Label[] {
  return labels.map((label) => (label === labels[0] ? 0 : 1));
}

describe("fitJumpToReturns", function () {
  for (const { penalty, objective, labels } of vector.short.fits) {
    it(`finds the best of all divisions of a short series at penalty ${penalty}`, function () {
      const { fit } = fitJumpToReturns(vector.short.returns, penalty);

      expectClose(fit.objective, objective);
      expect(fromFirst(fit.labels)).to.deep.equal(labels);
    });
  }

  for (const { penalty, objective, labels } of vector.long.fits) {
    it(`finds what 300 random restarts in numpy find at penalty ${penalty}`, function () {
      const { fit } = fitJumpToReturns(vector.long.returns, penalty);

      expectClose(fit.objective, objective);
      expect(fromFirst(fit.labels)).to.deep.equal(labels);
    });
  }

  it("calls the state of the higher mean return bull, and puts it first", function () {
    const { returns } = vector.long;
    const { fit, names, first } = fitJumpToReturns(returns, 1);

    const totals = [0, 0];
    const counts = [0, 0];
    fit.labels.forEach((label, t) => {
      totals[label] = (totals[label] ?? 0) + (returns[first + t] ?? 0);
      counts[label] = (counts[label] ?? 0) + 1;
    });
    expect(names).to.deep.equal(["bull", "bear"]);
    expect((totals[0] ?? 0) / (counts[0] ?? 0)).to.be.greaterThan((totals[1] ?? 0) / (counts[1] ?? 0));
  });

  it("names nothing where one state takes all", function () {
    const { fit, names } = fitJumpToReturns(vector.short.returns, 1000);

    expect(names).to.equal(undefined);
    expect(fit.changes).to.equal(0);
  });

  it("rejects returns without a loss, which have no downside deviation", function () {
    expect(() => fitJumpToReturns([0.1, 0.2], 1)).to.throw(NoPointsError);
  });
});

describe("fitJump", function () {
  it("finds the best of all divisions of random points", function () {
    for (let seed = 1; seed <= 15; seed++) {
      const { normal } = randomStream(seed);
      const points = Array.from({ length: 9 }, () => [normal(), normal()]);
      for (const penalty of [0, 0.5, 2]) {
        const objectives = Array.from({ length: 256 }, (_, set) =>
          objectiveOf(
            points,
            points.map((_point, t): Label => (((set >> t) & 1) === 1 ? 1 : 0)),
            penalty,
          ),
        );

        expectClose(fitJump(points, penalty).objective, Math.min(...objectives));
      }
    }
  });

  it("counts ½·squared distance and each change", function () {
    // Means 0 and 10 leave nothing: two changes at 3. One state would cost ½·(20/9)·… far more.
    const { objective, labels } = fitJumpToPoints([[0], [0], [10], [10], [0]], 3).fit;

    expect(labels).to.deep.equal([0, 0, 1, 1, 0]);
    expect(objective).to.equal(6);
    expect(objectiveOf([[0], [2]], [0, 0], 3)).to.equal(1); // ½·1² twice
  });

  for (const penalty of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`rejects a penalty of ${penalty}`, function () {
      expect(() => fitJump([[0]], penalty)).to.throw(OutOfRangeError);
    });
  }
});
