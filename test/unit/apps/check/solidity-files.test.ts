// Which Solidity files there are, and which are too long.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

import { solidityFiles, tooLong } from "../../../../src/apps/check/solidity-files.ts";

describe("Solidity files", function () {
  let folder: string;

  beforeEach(function () {
    folder = mkdtempSync(path.join(os.tmpdir(), "tm100-"));
  });

  afterEach(function () {
    rmSync(folder, { recursive: true });
  });

  it("are found in subfolders, and nothing else is", function () {
    mkdirSync(path.join(folder, "mocks"));
    writeFileSync(path.join(folder, "mocks", "Token.sol"), "");
    writeFileSync(path.join(folder, "mocks", "notes.md"), "");

    expect(solidityFiles([folder, path.join(folder, "missing")])).to.deep.equal([
      path.join(folder, "mocks", "Token.sol"),
    ]);
  });

  it("may have 600 lines, not 601", function () {
    const [short, long] = [path.join(folder, "Short.sol"), path.join(folder, "Long.sol")];
    writeFileSync(short, "\n".repeat(600));
    writeFileSync(long, "\n".repeat(601));

    expect(tooLong([short, long])).to.deep.equal([`${long} has 601 lines, more than 600`]);
  });
});
