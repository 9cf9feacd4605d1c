// Reads docs/operations.md: every kind of alarm has its row, and every row is a kind of alarm.
import { readFileSync } from "node:fs";

import { expect } from "chai";

import { ALARM_KINDS } from "../../../src/keeper/watch/alarms.ts";

const TEXT = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");

/** Cells of the rows of the table of alarms. */
const ROWS = (TEXT.split("\n## Alarms\n")[1]?.split("\n## ")[0] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe("docs/operations.md", function () {
  it("has a row for each kind of alarm, and no other", function () {
    const kinds = ROWS.map(([kind]) => kind?.replaceAll("`", ""));

    expect(kinds).to.have.members([...ALARM_KINDS]);
    expect(kinds).to.have.lengthOf(ALARM_KINDS.length);
  });

  it("says of each what it means, how urgent it is, and what to do", function () {
    for (const cells of ROWS) {
      expect(cells).to.have.lengthOf(4);
      expect(cells.filter((cell) => cell === "")).to.deep.equal([]);
    }
  });

  it("points to parts of its own that are there", function () {
    const anchors = [...TEXT.matchAll(/\]\(#([a-z-]+)\)/g)].map((match) => match[1]);
    const headings = [...TEXT.matchAll(/^#+ (.+)$/gm)].map((match) => match[1]?.toLowerCase().replaceAll(" ", "-"));

    expect(anchors.filter((anchor) => !headings.includes(anchor))).to.deep.equal([]);
  });
});
