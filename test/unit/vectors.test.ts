// Tests that the reference values in test/vectors stand beside the inputs that inputs.ts makes.
import { expect } from "chai";
import index from "../vectors/index.json" with { type: "json" };
import { vectorInputs } from "../vectors/inputs.ts";
import jump from "../vectors/jump.json" with { type: "json" };
import markov from "../vectors/markov.json" with { type: "json" };
import metrics from "../vectors/metrics.json" with { type: "json" };
import overfit from "../vectors/overfit.json" with { type: "json" };

describe("reference values", function () {
  it("were computed on the inputs that the generator makes", function () {
    const inputs = vectorInputs();

    expect(metrics.returns).to.deep.equal(inputs.returns);
    expect(metrics.benchmark).to.deep.equal(inputs.benchmark);
    expect(markov.cases.map(({ returns }) => returns)).to.deep.equal(inputs.regimes);
    expect(jump.short.returns).to.deep.equal(inputs.short);
    expect(overfit.trials).to.deep.equal(inputs.trials);
    expect(index.quotes).to.deep.equal(inputs.quotes);
  });
});
