// Tests that docs/methodology.md is the version that the code follows.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { METHODOLOGY_VERSION } from "../../../src/engine/decision.ts";

describe("docs/methodology.md", function () {
  it("has the version that decisions carry", function () {
    const text = readFileSync(join(import.meta.dirname, "../../../docs/methodology.md"), "utf8");

    expect(text).to.include(`Version ${METHODOLOGY_VERSION}.`);
  });
});
