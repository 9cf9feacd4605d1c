// Tests of the transactions that stand in a keeper's diary.
import { expect } from "chai";
import type { Hex } from "viem";

import type { JournalEntry, JournalLine } from "../../../src/execute/journal.ts";
import { readLastSent, sentNote } from "../../../src/keeper/sent.ts";

const hash = (digit: string): Hex => `0x${digit.repeat(64)}`;
const diaryOf = (...lines: readonly JournalLine[]) => ({
  entries: () => Promise.resolve(lines.map((line, i): JournalEntry => ({ ...line, seq: i + 1, at: 1000 * i }))),
});
const noted = (...digits: readonly string[]) =>
  sentNote(digits.map((digit) => ({ hash: hash(digit), block: Number(digit) })));

describe("sentNote", function () {
  it("holds hashes and blocks in their order, and nothing for nothing", function () {
    expect(noted("1", "2")).to.deep.equal({ hashes: `${hash("1")},${hash("2")}`, blocks: "1,2" });
    expect(noted()).to.deep.equal({});
  });
});

describe("readLastSent", function () {
  it("finds the last of the newest line that has any", async function () {
    const diary = diaryOf(
      { task: "publish:1", step: "reconciled", note: noted("1") },
      { task: "rebalance:1", step: "failed", note: { code: "ANY", ...noted("2", "3") } },
      { task: "upkeep", step: "reconciled", note: { sent: "" } },
    );

    expect(await readLastSent(diary)).to.deep.equal({ task: "rebalance:1", at: 1000, hash: hash("3"), block: 3 });
  });

  it("leaves out what a reorganization took away", async function () {
    const diary = diaryOf(
      { task: "publish:1", step: "reconciled", note: noted("1") },
      { task: "rebalance:1", step: "mined", note: noted("2") },
      { task: "rebalance:1", step: "dropped", note: { reason: "undone" } },
    );

    expect(await readLastSent(diary)).to.include({ task: "publish:1", hash: hash("1") });
  });

  it("finds nothing in a diary of plans", async function () {
    expect(await readLastSent(diaryOf({ task: "upkeep", step: "planned" }))).to.equal(undefined);
  });
});
