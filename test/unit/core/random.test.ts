// Tests of src/core/random.ts.
import { expect } from "chai";
import { randomStream } from "../../../src/core/random.ts";

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

describe("randomStream", function () {
  it("gives the same numbers for the same seed", function () {
    expect(draw(5, randomStream(7).uniform)).to.deep.equal(draw(5, randomStream(7).uniform));
  });

  it("gives other numbers for another seed", function () {
    expect(draw(5, randomStream(7).uniform)).to.not.deep.equal(draw(5, randomStream(8).uniform));
  });

  it("has uniform mean 1/2 and normal mean 0 and variance 1", function () {
    const random = randomStream(1);
    const uniform = draw(20_000, random.uniform);
    const normal = draw(20_000, random.normal);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

    // Four standard errors: 4 * sqrt(1/12/20000) = 0.0082, 4 / sqrt(20000) = 0.029, 4 * sqrt(2/20000) = 0.04.
    expect(mean(uniform)).to.be.within(0.4918, 0.5082);
    expect(mean(normal)).to.be.within(-0.029, 0.029);
    expect(mean(normal.map((value) => value ** 2))).to.be.within(0.96, 1.04);
  });
});
