// Which versions of Node the bootstrap accepts.
import { expect } from "chai";

import { BROUGHT_NODE, compareVersions, fits } from "../../../../src/apps/bootstrap/node-version.mjs";

describe("compareVersions", function () {
  it("compares numbers, not text", function () {
    expect(compareVersions("22.9.0", "22.18.0")).to.be.below(0);
  });

  it("lets the first number that differs decide", function () {
    expect(compareVersions("24.0.0", "22.18.5")).to.be.above(0);
  });

  it("ignores a leading v and what follows the third number", function () {
    expect(compareVersions("v22.18.0-nightly", "22.18.0")).to.equal(0);
  });

  it("rejects text that is no version", function () {
    expect(() => compareVersions("latest", "22.18.0")).to.throw(TypeError, "latest");
  });
});

describe("fits", function () {
  it("refuses Node 20", function () {
    expect(fits("20.20.2")).to.equal(false);
  });

  it("refuses the last version before type stripping needed no flag", function () {
    expect(fits("22.17.1")).to.equal(false);
  });

  it("accepts the oldest that runs Hardhat 3 and TypeScript", function () {
    expect(fits("22.18.0")).to.equal(true);
  });

  it("accepts what the bootstrap brings", function () {
    expect(fits(BROUGHT_NODE)).to.equal(true);
  });
});
