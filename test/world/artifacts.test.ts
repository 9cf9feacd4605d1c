import { expect } from "chai";

import { ArtifactMissingError } from "../../src/execute/artifacts.ts";
import { mockArtifact } from "../../src/world/artifacts.ts";

describe("mockArtifact", function () {
  it("reads a compiled contract", function () {
    expect(mockArtifact("MockToken").bytecode).to.match(/^0x6[01]/); // Solidity's first instruction is a PUSH1 or a PUSH2
  });

  it("asks for a build when there is none", function () {
    expect(() => mockArtifact("NoSuchContract")).to.throw(ArtifactMissingError, "npm run build");
  });
});
