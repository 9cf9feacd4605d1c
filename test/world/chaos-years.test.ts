// Tests of the scenario of years (src/world/chaos): its verdicts by hand, and some weeks of it in real processes.
import { expect } from "chai";

import { type YearsReport, type YearsSample, liveYears, tallyYears } from "../../src/world/chaos/years.ts";

/** A sample each five weeks of 500. */
function samplesOf(heap: (week: number) => number, bytes: (week: number) => number): YearsSample[] {
  return Array.from({ length: 100 }, (_, i) => 5 * (i + 1)).map((week) => ({
    ...{ week, heap: heap(week), bytes: bytes(week) },
  }));
}

const CALM: Omit<YearsReport, "samples"> = {
  ...{ executed: 300, quiet: 200, exits: 10, transactions: 900, breaches: [], cycles: 4000, lines: 18_000 },
  troubles: [],
};
const judge = (samples: readonly YearsSample[], report: Partial<YearsReport> = {}): readonly string[] =>
  tallyYears({ seed: 1, weeks: 500 }, { ...CALM, samples, ...report }).breaches;
const even = (week: number): number => 20_000 * week;
const flat = (): number => 60e6;

describe("the verdict on years of a keeper", function () {
  it("passes memory within 10 %, and a journal that grows evenly", function () {
    expect(judge(samplesOf(flat, even))).to.deep.equal([]);
    expect(judge(samplesOf((week) => (week <= 100 ? 60e6 : 65.9e6), even))).to.deep.equal([]);
  });

  it("finds a leak, whether it is of all later years or of the last", function () {
    const leak = samplesOf((week) => 60e6 + week * 30_000, even); // 61.8 MB in the middle of the first, 73.5 MB in the last hundred
    const late = samplesOf((week) => (week <= 400 ? 60e6 : 67e6), even);

    expect([judge(leak), judge(late)]).to.deep.equal([["memory is not flat"], ["memory is not flat"]]);
  });

  it("leaves out the first twenty weeks, in which memory settles", function () {
    expect(judge(samplesOf((week) => (week <= 20 ? 30e6 : 60e6), even))).to.deep.equal([]);
  });

  it("finds a journal that grows faster and faster", function () {
    const quadratic = samplesOf(flat, (week) => 40 * week * week); // the second half adds three times the first

    expect(judge(quadratic)).to.deep.equal(["the journal grows faster and faster"]);
  });

  it("tells every breach and every alarm", function () {
    const report = { breaches: ["target 8 was started twice"], troubles: ["alarm gas: send it ether"] };

    expect(judge(samplesOf(flat, even), report)).to.deep.equal([...report.breaches, ...report.troubles]);
  });

  it("says nothing of memory after less than two hundred weeks", function () {
    const { breaches } = tallyYears({ seed: 1, weeks: 40 }, { ...CALM, samples: [{ week: 40, heap: 1, bytes: 1 }] });

    expect(breaches).to.deep.equal([]);
  });
});

describe("a keeper in a process of its own", function () {
  this.timeout(600_000);

  it("does each of some weeks once, by real decisions on a real chain", async function () {
    const report = await liveYears({ seed: 1, weeks: 5 });

    expect([report.breaches, report.troubles]).to.deep.equal([[], []]);
    expect(report.executed + report.quiet).to.equal(5);
    expect(report.samples.map(({ week }) => week)).to.deep.equal([5]);
    expect(report.cycles).to.be.at.least(40);
    expect(report.lines).to.be.at.least(report.transactions);
  });
});
