// Tests of src/keeper/fates.ts: what the journal of a key says became of a task's transactions.
import { expect } from "chai";

import type { JournalLine } from "../../../src/execute/journal.ts";
import { type Fate, isPartOf, readFates } from "../../../src/keeper/fates.ts";
import { memoryJournal } from "../../memory-journal.ts";

const DONE = { status: "success" };

describe("readFates", function () {
  const line = (nonce: number, step: JournalLine["step"], note?: JournalLine["note"]): JournalLine => {
    return { task: "a/x", step, nonce, ...(note === undefined ? {} : { note }) };
  };
  async function fateAfter(lines: readonly JournalLine[], after = 0): Promise<Fate> {
    let time = 0;
    const journal = memoryJournal(() => (time += 1000));
    for (const each of lines) await journal.append(each);
    return readFates(journal).of("a", after);
  }

  const cases: readonly (readonly [string, readonly JournalLine[], Fate])[] = [
    ["nothing sent", [{ task: "a/x", step: "planned" }], "settled"],
    ["in a block", [line(1, "signed"), line(1, "mined", DONE)], "open"],
    ["final", [line(1, "mined", DONE), line(1, "final")], "settled"],
    ["one of two final", [line(1, "mined", DONE), line(1, "final"), line(2, "mined", DONE)], "open"],
    ["dropped before it was mined", [line(1, "signed"), line(1, "dropped")], "settled"],
    ["lost by a reorganization", [line(1, "mined", DONE), line(1, "sent"), line(1, "dropped")], "undone"],
    ["lost to another transaction", [line(1, "mined", DONE), line(1, "sent", { lostTo: "x" })], "undone"],
    ["mined again and reverted", [line(1, "mined", DONE), line(1, "mined", { status: "reverted" })], "undone"],
    ["reverted, and done by another", [line(1, "mined", { status: "reverted" }), line(2, "mined", DONE)], "open"],
    ["reverted for good", [line(1, "mined", { status: "reverted" }), line(1, "failed")], "settled"],
    [
      "taken back after it was lost",
      [line(1, "mined", DONE), line(1, "mined", { ...DONE, takenBack: true })],
      "undone",
    ],
  ];
  for (const [name, lines, fate] of cases) {
    it(`says ${fate} of what is ${name}`, async function () {
      expect(await fateAfter(lines)).to.equal(fate);
    });
  }

  it("knows what was done again after another transaction had its nonce for good", async function () {
    const lines = [line(1, "mined", DONE), line(1, "sent", { lostTo: "x" }), line(2, "mined", DONE)];

    expect(await fateAfter(lines, 3)).to.equal("open");
    expect(await fateAfter([...lines, line(1, "dropped"), line(2, "final")], 3)).to.equal("settled");
  });

  it("leaves out what was undone before the task was begun again", async function () {
    const lines = [line(1, "mined", DONE), line(1, "dropped")];

    expect(await fateAfter(lines, 1)).to.equal("undone");
    expect(await fateAfter(lines, 2)).to.equal("settled");
  });
});

describe("readFates, while the clock is set back", function () {
  it("finds what was undone after the line that it is asked from, whatever time that line has", async function () {
    const times = [3_000_000, 1_000_000]; // a reorganization takes the chain's clock back with its block
    const journal = memoryJournal(() => times.shift() ?? 0);
    const fates = readFates(journal);
    await journal.append({ task: "a", step: "mined", nonce: 1, note: DONE });
    const after = await fates.position();
    await journal.append({ task: "a", step: "dropped", nonce: 1 });

    expect(after).to.equal(1);
    expect(await fates.of("a", after)).to.equal("undone");
  });
});

describe("isPartOf", function () {
  it("knows a task by its whole name", function () {
    expect([isPartOf("a", "a"), isPartOf("a/x", "a"), isPartOf("ab", "a"), isPartOf("b/a", "a")]).to.deep.equal([
      ...[true, true],
      ...[false, false],
    ]);
  });
});
