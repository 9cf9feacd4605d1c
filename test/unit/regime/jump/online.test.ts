// Tests of src/regime/jump/online.ts.
import { expect } from "chai";
import { OutOfRangeError } from "../../../../src/core/errors.ts";
import { expandingStates, namesOf } from "../../../../src/regime/jump/online.ts";
import vector from "../../../vectors/jump.json" with { type: "json" };

const { returns } = vector.long;
const PLAN = { penalty: 1, warmUp: 40, every: 10 };

describe("expandingStates", function () {
  it("says the same of each time when the returns after it are cut off", function () {
    const whole = expandingStates(returns, PLAN);

    for (const length of [45, 60, 93, 120]) {
      expect(expandingStates(returns.slice(0, length), PLAN)).to.deep.equal(whole.slice(0, length));
    }
  });

  it("says the same of each time when the returns after it are poisoned", function () {
    const poisoned = returns.map((value, t) => (t < 100 ? value : -0.9));

    expect(expandingStates(poisoned, PLAN).slice(0, 100)).to.deep.equal(expandingStates(returns, PLAN).slice(0, 100));
  });

  it("knows nothing before the warm-up and something after it", function () {
    const states = expandingStates(returns, PLAN);
    const begin = states.findIndex((state) => state !== undefined);

    expect(begin).to.equal(vector.long.first + PLAN.warmUp - 1);
    expect(new Set(states.slice(begin))).to.deep.equal(new Set(["bull", "bear"]));
  });

  for (const plan of [
    { ...PLAN, warmUp: 1 },
    { ...PLAN, every: 0 },
  ]) {
    it(`rejects a warm-up of ${plan.warmUp} with a fit every ${plan.every}`, function () {
      expect(() => expandingStates(returns, plan)).to.throw(OutOfRangeError);
    });
  }
});

describe("namesOf", function () {
  it("calls the state with the higher mean return bull", function () {
    expect(namesOf([0, 1, 0], [-0.1, 0.2, 0.1])).to.deep.equal(["bear", "bull"]);
    expect(namesOf([0, 0], [0.1, 0.2])).to.equal(undefined);
  });
});
