// Tests of src/keeper/marks.ts: what the diary says of each task.
import { expect } from "chai";

import type { JournalEntry } from "../../../src/execute/journal.ts";
import { readMarks } from "../../../src/keeper/marks.ts";

type Step = readonly [task: string, step: JournalEntry["step"], at: number];

const NOTHING = {
  ...{ doneAt: undefined, isFinal: false, by: undefined, upTo: 0 },
  ...{ goesOnAt: undefined, failures: 0, failedAt: undefined },
};

/** A diary that grows, and how many of its lines were asked for. */
function diaryOf(steps: Step[]) {
  const asked: number[] = [];
  return {
    asked,
    entries: ({ after = 0, limit = Infinity }: { readonly after?: number; readonly limit?: number } = {}) => {
      asked.push(after);
      const all = steps.map(([task, step, at], i): JournalEntry => ({ task, step, at: at * 1000, seq: i + 1 }));
      return Promise.resolve(all.filter(({ seq }) => seq > after).slice(0, limit));
    },
  };
}

describe("readMarks", function () {
  it("counts failures since a task was last done", async function () {
    const steps: Step[] = [
      ["a", "planned", 1],
      ["a", "failed", 2],
      ["a", "reconciled", 3],
      ["a", "planned", 4],
      ["a", "failed", 5],
      ["a", "failed", 6],
      ["b", "reconciled", 7],
    ];

    const marks = await readMarks(diaryOf(steps)).read();

    expect(marks.get("a")).to.deep.equal({ ...NOTHING, doneAt: 3, isFinal: true, failures: 2, failedAt: 6 });
    expect(marks.get("b")).to.deep.equal({ ...NOTHING, doneAt: 7, isFinal: true });
  });

  it("knows of what was begun and never ended that it was neither done nor failed", async function () {
    const marks = await readMarks(diaryOf([["a", "planned", 1]])).read();

    expect(marks.get("a")).to.deep.equal(NOTHING);
  });

  it("tells what is final from what is in a block, and forgets what a reorganization undid", async function () {
    const steps: Step[] = [
      ["a", "mined", 1],
      ["b", "mined", 2],
      ["b", "reconciled", 3],
      ["c", "mined", 4],
      ["c", "dropped", 5],
    ];

    const marks = await readMarks(diaryOf(steps)).read();

    expect(marks.get("a")).to.deep.equal({ ...NOTHING, doneAt: 1 });
    expect(marks.get("b")).to.deep.equal({ ...NOTHING, doneAt: 3, isFinal: true });
    expect(marks.get("c")).to.deep.equal(NOTHING);
  });

  it("knows when a task that did what it could goes on", async function () {
    const line = { task: "a", step: "planned", note: { goesOnAt: 900 }, seq: 1, at: 1000 } as const;

    const marks = await readMarks({ entries: () => Promise.resolve([line]) }).read();

    expect(marks.get("a")).to.deep.equal({ ...NOTHING, goesOnAt: 900 });
  });

  it("reads only what is new, other keepers' lines among it", async function () {
    const steps: Step[] = Array.from({ length: 1500 }, (_, i): Step => ["a", "failed", i]);
    const diary = diaryOf(steps);
    const marks = readMarks(diary);
    await marks.read();
    steps.push(["a", "failed", 1500]);

    const found = await marks.read();

    expect(found.get("a")?.failures).to.equal(1501);
    expect(diary.asked).to.deep.equal([0, 1000, 1500]);
  });
});
