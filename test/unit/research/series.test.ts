// Tests of src/research/series.ts.
import { expect } from "chai";
import { drawdownsOf, logReturns, simpleReturns, wealthOf } from "../../../src/research/series.ts";
import { expectAllClose } from "../../close.ts";

const PRICES = { kind: "price", values: [100, 110, 99] } as const;

describe("series", function () {
  it("makes returns of prices, one fewer", function () {
    expectAllClose(simpleReturns(PRICES), [0.1, -0.1], 1e-15); // 110/100 - 1, 99/110 - 1
    expectAllClose(logReturns(PRICES), [Math.log(1.1), Math.log(0.9)], 1e-15);
  });

  it("takes returns as they are", function () {
    expect(simpleReturns({ kind: "return", values: [0.1, -1] })).to.deep.equal([0.1, -1]);
    expect(logReturns({ kind: "log_return", values: [0.1] })).to.deep.equal([0.1]);
  });

  it("goes from simple to log returns and back", function () {
    expectAllClose(simpleReturns({ kind: "log_return", values: [Math.log(1.5)] }), [0.5], 1e-15);
    expectAllClose(logReturns({ kind: "return", values: [0.5] }), [Math.log(1.5)], 1e-15);
  });

  it("starts wealth and its peak at 1", function () {
    expectAllClose(wealthOf([-0.5, 1, 0.2]), [0.5, 1, 1.2], 1e-15);
    expectAllClose(drawdownsOf([-0.5, 1, 0.2, -0.25]), [-0.5, 0, 0, -0.25], 1e-15);
  });
});
