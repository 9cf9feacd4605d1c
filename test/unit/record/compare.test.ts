import { expect } from "chai";

import { LineDiffersError, requireSameLines } from "../../../src/record/compare.ts";
import type { LedgerLine } from "../../../src/record/lines.ts";
import { unixSeconds } from "../../../src/core/units.ts";
import { LINES, chained } from "./support.ts";

/** Entry by entry, as {@link chained} takes them. */
const ENTRIES = LINES.map(({ event, args }) => [event, args] as const);

function difference(file: readonly LedgerLine[], chain: readonly LedgerLine[]): LineDiffersError {
  try {
    requireSameLines(file, chain);
  } catch (error) {
    if (error instanceof LineDiffersError) return error;
    throw error;
  }
  throw new TypeError("the lines were taken for the same");
}

function changed(position: number, change: Partial<LedgerLine>): LedgerLine[] {
  return LINES.map((line, i) => (i === position ? { ...line, ...change } : line));
}

describe("requireSameLines", function () {
  it("accepts the chain's own lines", function () {
    requireSameLines(LINES, LINES);
  });

  it("does not look at lines that the file lacks", function () {
    requireSameLines(LINES.slice(0, 5), LINES);
  });

  it("names the first line that differs and its field, though all later heads do as well", function () {
    const other = chained(ENTRIES.with(3, ["TargetVetoed", { id: "1", guardian: `0x${"00".repeat(20)}` }]));

    const error = difference(other, LINES);

    expect([error.sequence, error.field]).to.deep.equal([4, "event"]);
  });

  it("names the first line that the chain does not have", function () {
    const error = difference(LINES, LINES.slice(0, 9));

    expect([error.sequence, error.field]).to.deep.equal([10, "head"]);
  });

  for (const [field, change] of [
    ["block", { block: 1 }],
    ["transaction", { transaction: "0x12" }],
    ["time", { time: unixSeconds(1) }],
  ] as const) {
    it(`names the line of which the ${field} differs`, function () {
      const error = difference(changed(6, change), LINES);

      expect([error.sequence, error.field]).to.deep.equal([7, field]);
    });
  }
});
