// Tests of src/regime/jump/path.ts.
import { expect } from "chai";
import { randomStream } from "../../../../src/core/random.ts";
import {
  type Label,
  type Losses,
  changesOf,
  cheapestPath,
  lossesOf,
  onlineLabels,
} from "../../../../src/regime/jump/path.ts";

function costOf(losses: Losses, labels: readonly Label[], penalty: number): number {
  return labels.reduce(
    (total: number, label, t) => total + (losses[label][t] ?? Number.NaN),
    penalty * changesOf(labels),
  );
}

function randomLosses(seed: number, length: number): Losses {
  const { uniform } = randomStream(seed);
  return [Float64Array.from({ length }, uniform), Float64Array.from({ length }, uniform)];
}

describe("cheapestPath", function () {
  it("is the cheapest of all 256 paths of eight times", function () {
    for (let seed = 1; seed <= 40; seed++) {
      const losses = randomLosses(seed, 8);
      for (const penalty of [0, 0.2, 1]) {
        const costs = Array.from({ length: 256 }, (_, set) =>
          costOf(
            losses,
            Array.from({ length: 8 }, (_unused, t): Label => (((set >> t) & 1) === 1 ? 1 : 0)),
            penalty,
          ),
        );

        const cost = costOf(losses, cheapestPath(losses, penalty), penalty);

        expect(cost).to.be.within(Math.min(...costs) - 1e-12, Math.min(...costs) + 1e-12);
      }
    }
  });

  it("leaves a state only where that saves more than the penalty", function () {
    const losses = lossesOf([[0], [2], [2], [0]], [[0], [2]]);

    // Two visits of the second state save ½·2² each, for two changes: 4 against twice the penalty.
    expect(cheapestPath(losses, 1.9)).to.deep.equal([0, 1, 1, 0]);
    expect(cheapestPath(losses, 2.1)).to.deep.equal([0, 0, 0, 0]);
  });

  it("is empty for nothing", function () {
    expect(cheapestPath([new Float64Array(0), new Float64Array(0)], 1)).to.deep.equal([]);
  });
});

describe("onlineLabels", function () {
  it("gives the last state of the cheapest path to each time", function () {
    const losses = randomLosses(9, 60);

    onlineLabels(losses, 0.3).forEach((label, t) => {
      const prefix: Losses = [losses[0].slice(0, t + 1), losses[1].slice(0, t + 1)];
      expect(cheapestPath(prefix, 0.3).at(-1)).to.equal(label);
    });
  });
});
