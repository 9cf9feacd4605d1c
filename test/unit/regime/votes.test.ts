// Tests of src/regime/votes.ts.
import { expect } from "chai";
import { regimeSchema } from "../../../src/regime/parameters.ts";
import { castVotes, meanOfLast } from "../../../src/regime/votes.ts";

const PARAMETERS = regimeSchema.parse({});

describe("castVotes", function () {
  it("casts the five published votes", function () {
    const levels = Array.from({ length: 40 }, (_, i) => i + 1); // 1, 2 ... 40

    expect(castVotes(levels, PARAMETERS)).to.deep.equal([
      { name: "above-10-week-mean", level: 40, threshold: 35.5, yes: true }, // mean of 31 ... 40
      { name: "above-20-week-mean", level: 40, threshold: 30.5, yes: true }, // mean of 21 ... 40
      { name: "above-40-week-mean", level: 40, threshold: 20.5, yes: true }, // mean of 1 ... 40
      { name: "above-12-weeks-ago", level: 40, threshold: 28, yes: true },
      { name: "above-26-weeks-ago", level: 40, threshold: 14, yes: true },
    ]);
  });

  it("votes no on a level that is equal to its threshold", function () {
    const flat = Array.from({ length: 40 }, () => 7);

    expect(castVotes(flat, PARAMETERS).some((vote) => vote.yes)).to.equal(false);
  });

  it("leaves a vote without a threshold while the history is too short", function () {
    const votes = castVotes(
      Array.from({ length: 12 }, (_, i) => i + 1),
      PARAMETERS,
    );

    expect(votes.map((vote) => vote.threshold)).to.deep.equal([7.5, undefined, undefined, undefined, undefined]);
  });
});

describe("meanOfLast", function () {
  it("takes only the last levels", function () {
    expect(meanOfLast([100, 1, 3], 2)).to.equal(2);
  });

  it("is undefined for fewer levels", function () {
    expect(meanOfLast([1], 2)).to.equal(undefined);
  });
});
