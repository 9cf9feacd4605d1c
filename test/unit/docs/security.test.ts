// Reads docs/security.md: every line of its tables points to a test that is there.
import { existsSync, readFileSync } from "node:fs";

import { expect } from "chai";

const ROOT = new URL("../../../", import.meta.url);

const TEXT = readFileSync(new URL("docs/security.md", ROOT), "utf8");

/** Rows of the tables but that of the laws, whose one test stands in the text: the first cell, and the names in the last. */
const ROWS = (TEXT.split("## How the laws are held").at(0) ?? "")
  .split("\n")
  .filter((line) => line.startsWith("|") && !line.startsWith("| -"))
  .map((line) => line.split("|").slice(1, -1))
  .filter((cells) => cells.at(-1)?.trim() !== "shown by")
  .map((cells) => {
    const names = [...(cells.at(-1) ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
    return { line: cells[0]?.trim() ?? "", names };
  });

function isThere(name: string): boolean {
  return [".test.ts", ".t.sol"].some((end) => existsSync(new URL(`test/contracts/${name}${end}`, ROOT)));
}

describe("docs/security.md", function () {
  it("has its tables", function () {
    expect(ROWS.length).to.be.at.least(15);
  });

  for (const { line, names } of ROWS) {
    it(`points to the tests of "${line}"`, function () {
      expect(names).to.not.have.length(0);
      expect(names.filter((name) => !isThere(name))).to.deep.equal([]);
    });
  }
});
